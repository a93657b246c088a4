"""What is read from the reports that Teams exports, old and new."""

from datetime import timedelta

import pytest

from catalog.video.models import Source
from catalog.video.reading import read as read_report
from catalog.video.refusals import ReportRefused
from tests.video.samples import NINE, read, teams, times, utf16


def test_every_activity_is_a_join() -> None:
    people = read(utf16(teams()))
    assert times(people["Ana Sample"]) == [("02 09:00:11", "02 10:30:11"), ("02 10:40:00", "02 12:00:00")]
    assert people["Ana Sample"].joins[0].lasted == timedelta(minutes=90)


def test_it_is_known_as_teams() -> None:
    assert read_report(utf16(teams()), NINE).source == Source.TEAMS


def test_the_account_is_an_address_too() -> None:
    assert read(utf16(teams()))["Ana Sample"].emails == ("ana@example.org", "ana.s@work.example")


def test_without_activities_the_first_coming_and_last_leaving_are_read_with_the_time_in_between() -> None:
    text = teams().partition("3. In-Meeting")[0]
    ana = read(utf16(text))["Ana Sample"]
    assert times(ana) == [("02 09:00:11", "02 12:00:00")]
    assert ana.total == timedelta(hours=2, minutes=50)


def test_the_report_of_2021_has_one_table() -> None:
    text = (
        "Meeting Summary\nTotal Number of Participants\t1\nMeeting Title\tSample\n\n"
        "Full Name\tJoin Time\tLeave Time\tDuration\tEmail\tRole\tParticipant ID (UPN)\n"
        "Ana Sample\t2/2/2026, 9:00:00 AM\t2/2/2026, 12:00:00 PM\t3h\tana@example.org\tAttendee\tana@example.org\n"
    )
    assert times(read(utf16(text))["Ana Sample"]) == [("02 09:00:00", "02 12:00:00")]


def listed(*steps: str) -> bytes:
    return utf16(
        "Full Name\tUser Action\tTimestamp\n" + "".join(f"Ana Sample\t{step} {'AM'}\n" for step in steps)
    )


def test_the_old_list_pairs_joining_and_leaving() -> None:
    data = listed(
        "Joined before\t2/2/2026, 9:00:00",
        "Left\t2/2/2026, 10:00:00",
        "Joined\t2/2/2026, 10:10:00",
        "Left\t2/2/2026, 11:00:00",
    )
    assert times(read(data)["Ana Sample"]) == [("02 09:00:00", "02 10:00:00"), ("02 10:10:00", "02 11:00:00")]


def test_with_two_devices_somebody_is_there_until_both_are_gone() -> None:
    data = listed(
        "Joined\t2/2/2026, 9:00:00",
        "Joined\t2/2/2026, 9:30:00",
        "Left\t2/2/2026, 10:00:00",
        "Left\t2/2/2026, 11:30:00",
    )
    assert times(read(data)["Ana Sample"]) == [("02 09:00:00", "02 11:30:00")]


def test_whoever_never_left_was_still_there_when_the_list_was_taken() -> None:
    assert times(read(listed("Joined\t2/2/2026, 9:00:00"))["Ana Sample"]) == [("02 09:00:00", "")]


def test_an_action_that_is_neither_is_refused() -> None:
    with pytest.raises(ReportRefused) as refusal:
        read(listed("Joined\t2/2/2026, 9:00:00", "Waved\t2/2/2026, 9:00:00"))
    assert refusal.value.problems == ["Line 3: neither joined nor left."]
