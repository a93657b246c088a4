"""Worked examples of the two nights when clocks change, and of reports in another zone."""

from datetime import UTC, datetime

from catalog.attendance.presence import Span, minutes_present
from catalog.video import clocks
from tests.video.samples import CHICAGO, joined, meeting

BACK = meeting(datetime(2026, 11, 1, 5, tzinfo=UTC), hours=4)
"""From 12:00 am to 3:00 am by the clocks on the wall, which are four hours: the hour from one to two comes twice."""
FORWARD = meeting(datetime(2026, 3, 8, 7, tzinfo=UTC), hours=2)
"""From 1:00 am to 4:00 am by the clocks on the wall, which are two hours: there is none from two to three."""


def test_the_night_that_is_an_hour_longer_counts_the_hour() -> None:
    everyone = joined(("2026-11-01T00:00", "2026-11-01T03:00"))
    assert minutes_present(BACK, clocks.spans(everyone, CHICAGO, BACK)) == 240


def test_the_night_that_is_an_hour_shorter_does_not() -> None:
    everyone = joined(("2026-03-08T01:00", "2026-03-08T04:00"))
    assert minutes_present(FORWARD, clocks.spans(everyone, CHICAGO, FORWARD)) == 120


def said(one: Span) -> str:
    return f"{one.came_at:%H:%M}-{one.left_at:%H:%M}"


def test_how_long_it_lasted_tells_whether_the_clocks_went_back_in_between() -> None:
    """1:30 to 1:45 is a quarter hour, or an hour and a quarter."""
    short = joined(("2026-11-01T01:30", "2026-11-01T01:45"), lasted=[15])
    long = joined(("2026-11-01T01:30", "2026-11-01T01:45"), lasted=[75])
    assert [said(span) for span in clocks.spans(short, CHICAGO, BACK)] == ["06:30-06:45"]
    assert [said(span) for span in clocks.spans(long, CHICAGO, BACK)] == ["06:30-07:45"]


def test_somebody_may_leave_at_an_earlier_time_than_they_came() -> None:
    """Comes at 1:50 before the clocks go back, leaves at 1:10 after: twenty minutes."""
    one = joined(("2026-11-01T01:50", "2026-11-01T01:10"))
    assert [said(span) for span in clocks.spans(one, CHICAGO, BACK)] == ["06:50-07:10"]


def test_a_second_join_at_the_same_time_is_in_the_second_hour() -> None:
    """1:10 to 1:40 twice, half an hour each: the second follows the first."""
    twice = joined(
        ("2026-11-01T01:10", "2026-11-01T01:40"), ("2026-11-01T01:10", "2026-11-01T01:40"), lasted=[30, 30]
    )
    assert [said(span) for span in clocks.spans(twice, CHICAGO, BACK)] == ["06:10-06:40", "07:10-07:40"]


def test_joining_in_the_second_hour_is_told_by_the_length() -> None:
    """1:45 to 3:00 in an hour and a quarter began in the second hour; in two and a quarter in the first."""
    second = joined(("2026-11-01T01:45", "2026-11-01T03:00"), lasted=[75])
    first = joined(("2026-11-01T01:45", "2026-11-01T03:00"), lasted=[135])
    assert minutes_present(BACK, clocks.spans(second, CHICAGO, BACK)) == 75
    assert minutes_present(BACK, clocks.spans(first, CHICAGO, BACK)) == 135


def test_the_hour_that_came_twice_is_known() -> None:
    assert clocks.comes_twice(joined(("2026-11-01T01:45", "2026-11-01T03:00")), CHICAGO)
    assert not clocks.comes_twice(joined(("2026-11-01T02:45", "2026-11-01T03:00")), CHICAGO)


def test_a_time_that_the_clocks_jumped_over_is_named() -> None:
    never = joined(("2026-03-08T02:30", "2026-03-08T04:00"))
    assert clocks.impossible([never], CHICAGO) == [
        "Line 0: there was no 2:30 am on Sun 8 Mar 2026 in this zone, the clocks jumped over it."
    ]
    assert clocks.impossible([never], "America/New_York")
    assert clocks.impossible([never], "UTC") == []


def test_the_zone_that_fits_is_found_also_when_the_times_touch_the_meeting() -> None:
    """A meeting from 9 to 12; the report of somebody in New York says 10 to 1."""
    day = meeting()
    eastern = [joined(("2026-02-02T10:00", "2026-02-02T13:00"))] * 3
    assert clocks.better_zone(eastern, day, CHICAGO) == "America/New_York"
    assert clocks.better_zone(eastern, day, "America/New_York") is None


def test_utc_is_found_and_a_late_group_is_no_other_zone() -> None:
    day = meeting()
    assert clocks.better_zone([joined(("2026-02-02T15:00", "2026-02-02T18:00"))], day, CHICAGO) == "UTC"
    late = [joined(("2026-02-02T09:20", "2026-02-02T12:05"))]
    assert clocks.better_zone(late, day, CHICAGO) is None


def test_times_that_say_their_zone_are_not_moved() -> None:
    one = joined(("2026-02-02T15:00:00+00:00", "2026-02-02T18:00:00+00:00"))
    assert minutes_present(meeting(), clocks.spans(one, CHICAGO, meeting())) == 180
