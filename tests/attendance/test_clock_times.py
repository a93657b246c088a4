"""Times as they stand on a sign-in sheet, on the day of the meeting, also on days when the clocks change."""

from datetime import UTC, datetime, timedelta

import pytest

from catalog.attendance.forms.clock_times import Unreadable, instant
from catalog.courses.models import Meeting
from catalog.courses.schedule import NoSuchTime
from tests.attendance import sheets

pytestmark = pytest.mark.usefixtures("context")
UTC_OF = {
    "morning": datetime(2025, 3, 11, 14, tzinfo=UTC),
    "afternoon": datetime(2025, 3, 11, 18, tzinfo=UTC),
}


def meeting(starts: datetime, hours: int = 3) -> Meeting:
    return sheets.held(starts=starts, hours=hours).meetings[0]


def read(text: str, at: Meeting, is_leaving: bool = False) -> str:
    return f"{instant(text, at, is_leaving=is_leaving):%H:%M}"


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("9:05", "14:05"),
        ("905", "14:05"),
        ("9.05", "14:05"),
        ("9:05 am", "14:05"),
        ("9:05AM", "14:05"),
        ("9:05 a.m.", "14:05"),
        ("09:05", "14:05"),
        ("9", "14:00"),
        ("12", "17:00"),
        ("12:15 pm", "17:15"),
        ("8:55", "13:55"),
    ],
)
def test_times_are_read_as_people_write_them(text: str, utc: str) -> None:
    """Nine to twelve in Alabama, which is fourteen to seventeen o'clock in UTC."""
    assert read(text, meeting(UTC_OF["morning"])) == utc


@pytest.mark.parametrize(
    ("text", "utc"), [("1:30", "18:30"), ("13:30", "18:30"), ("4", "21:00"), ("12:50", "17:50")]
)
def test_nobody_writes_pm_on_a_sheet(text: str, utc: str) -> None:
    assert read(text, meeting(UTC_OF["afternoon"])) == utc


@pytest.mark.parametrize("text", ["soon", "25:00", "9:75", "13 pm", "0 am", "٩:٠٥", "9:05:30", "-9", "9 9"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(Unreadable, match="Type a time such as"):
        instant(text, meeting(UTC_OF["morning"]), is_leaving=False)


def test_a_time_far_from_the_meeting_is_refused() -> None:
    with pytest.raises(Unreadable, match=r"7:30 pm is far from this meeting, which is 9:00 am to 12:00 pm\."):
        instant("7:30 pm", meeting(UTC_OF["morning"]), is_leaving=False)


def test_a_meeting_over_midnight_has_times_on_both_days() -> None:
    """Ten in the evening to one."""
    night = meeting(datetime(2025, 3, 12, 3, tzinfo=UTC))
    assert instant("9:50", night, is_leaving=False) == night.starts_at - timedelta(minutes=10)
    assert instant("12:30", night, is_leaving=True) == night.ends_at - timedelta(minutes=30)


def test_a_time_that_the_clocks_jump_over_is_refused() -> None:
    """One to four on the night when two o'clock becomes three."""
    spring = meeting(datetime(2025, 3, 9, 7, tzinfo=UTC), hours=2)
    with pytest.raises(NoSuchTime, match="the clocks jump over it"):
        instant("2:30", spring, is_leaving=False)
    assert read("3:30", spring) == "08:30"


def test_a_time_that_comes_twice_within_the_meeting_is_asked_for_in_minutes() -> None:
    """Midnight to three on the night when two o'clock becomes one: four hours."""
    autumn = meeting(datetime(2025, 11, 2, 5, tzinfo=UTC), hours=4)
    with pytest.raises(Unreadable, match="1:30 am comes twice"):
        instant("1:30", autumn, is_leaving=False)
    assert read("12:30", autumn) == "05:30"
    assert read("2:30", autumn, is_leaving=True) == "08:30"


def test_of_two_times_the_one_within_the_meeting_is_meant() -> None:
    """From the second half past one, which is half an hour after the first one ended, to half past three."""
    autumn = meeting(datetime(2025, 11, 2, 7, 15, tzinfo=UTC), hours=2)
    assert read("1:30", autumn) == "07:30"
