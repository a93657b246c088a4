"""The meetings of an offering, checked against each other and put on the clock."""

from datetime import UTC, datetime, timedelta

import pytest

from catalog import clock
from catalog.courses import services
from catalog.courses.models import Offering
from catalog.courses.refusals import FieldsRefused
from catalog.courses.services import Row
from catalog.courses.services.timing import timed
from catalog.extensions import db
from tests import factories as make
from tests.courses.desk import wall

CHICAGO = "America/Chicago"
TUESDAY = wall("2027-01-12")


def row(
    position: int = 0,
    starts: float = 9,
    hours: float = 2,
    day: datetime = TUESDAY,
    break_minutes: int = 0,
) -> Row:
    begins = day + timedelta(hours=starts)
    return Row(position, None, begins, begins + timedelta(hours=hours), break_minutes)


def refused(*rows: Row, not_before: datetime | None = None) -> dict[str, str]:
    with pytest.raises(FieldsRefused) as refusal:
        timed(rows, CHICAGO, not_before)
    return refusal.value.sentences


def test_they_are_put_in_order() -> None:
    found = timed([row(0, 14), row(1, 9)], CHICAGO, None)
    assert [one.row.position for one in found] == [1, 0]


def test_a_break_does_not_count() -> None:
    assert timed([row(hours=6, break_minutes=45)], CHICAGO, None)[0].minutes == 315


def test_the_night_with_an_hour_more_has_an_hour_more() -> None:
    night = wall("2026-11-01")
    assert timed([row(starts=0, hours=4, day=night)], CHICAGO, None)[0].minutes == 300


def test_the_end_is_after_the_start() -> None:
    assert refused(row(hours=-1)) == {"meetings-0-ends": "Meeting 1 must end after it begins."}


def test_nobody_sits_longer_than_sixteen_hours() -> None:
    assert "longer than 16 hours" in refused(row(starts=1, hours=17))["meetings-0-ends"]


def test_a_break_is_shorter_than_its_meeting() -> None:
    assert refused(row(break_minutes=120)) == {
        "meetings-0-break_minutes": "The break of meeting 1 is as long as the meeting."
    }


def test_a_time_the_clocks_jump_over_is_refused_beside_it() -> None:
    assert "There is no 2:30 am" in refused(row(starts=2.5, day=wall("2027-03-14")))["meetings-0-starts"]


def test_meetings_do_not_overlap() -> None:
    sentences = refused(row(0, 9, 8), row(1, 10, 1), row(2, 12, 1))
    assert sentences == {
        "meetings-1-starts": "Meeting 2 overlaps with the meeting of Tue 12 Jan 2027, 9:00 am.",
        "meetings-2-starts": "Meeting 3 overlaps with the meeting of Tue 12 Jan 2027, 9:00 am.",
    }


def test_one_may_begin_when_another_ends() -> None:
    assert len(timed([row(0, 9), row(1, 11)], CHICAGO, None)) == 2


def test_the_past_is_refused_where_it_matters() -> None:
    sentences = refused(row(), not_before=datetime(2027, 1, 12, 15, 1, tzinfo=UTC))
    assert sentences == {"meetings-0-date": "Meeting 1 is in the past."}
    assert timed([row()], CHICAGO, None)


def test_everything_wrong_is_said_at_once() -> None:
    assert set(refused(row(0, hours=-1), row(1, break_minutes=120))) == {
        "meetings-0-ends",
        "meetings-1-break_minutes",
    }


@pytest.mark.usefixtures("context")
def test_the_offering_repeats_what_its_meetings_say() -> None:
    monday_evening = datetime(2027, 1, 11, 23, tzinfo=UTC)
    offering = make.offering(starts=monday_evening, hours=2, meetings=2)
    make.meeting(offering, 3, datetime(2027, 1, 20, 15, tzinfo=UTC))
    offering.weekdays, offering.is_evening, offering.minutes = 0, False, 0
    services.sum_up(offering)
    assert (offering.weekdays, offering.is_evening, offering.minutes) == (0b101, True, 420)
    assert (offering.starts_at, offering.ends_at) == (
        monday_evening,
        datetime(2027, 1, 20, 18, tzinfo=UTC),
    )


@pytest.mark.usefixtures("context")
def test_five_in_the_afternoon_is_evening_by_the_wall_clock() -> None:
    at_five = datetime(2027, 7, 14, 22, tzinfo=UTC)
    early, late = make.offering(starts=at_five - timedelta(minutes=1)), make.offering(starts=at_five)
    for offering in (early, late):
        services.sum_up(offering)
    assert (early.is_evening, late.is_evening) == (False, True)


@pytest.mark.usefixtures("context")
def test_without_meetings_there_are_no_dates() -> None:
    offering = make.offering(meetings=0)
    services.sum_up(offering)
    db.session.refresh(offering)
    assert isinstance(offering, Offering)
    assert (offering.starts_at, offering.ends_at, offering.minutes, offering.weekdays) == (None, None, 0, 0)
    assert not offering.has_begun(clock.now())
