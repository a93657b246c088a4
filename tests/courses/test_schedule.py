"""A series keeps its clock time, whatever the clocks do."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as some

from catalog.courses.schedule import (
    NoSuchTime,
    Pattern,
    Unit,
    comes_twice,
    in_words,
    instant,
    sittings,
)
from tests.courses.desk import wall

ZONES = (
    "America/Chicago",
    "America/New_York",
    "America/Phoenix",
    "America/St_Johns",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Europe/Lisbon",
    "UTC",
)
patterns = some.builds(
    Pattern,
    first=some.dates(date(2025, 1, 1), date(2035, 12, 31)),
    starts=some.times(max_value=time(20)).map(lambda at: at.replace(microsecond=0)),
    ends=some.just(time(21)),
    unit=some.sampled_from(Unit),
    interval=some.integers(1, 4),
    times=some.integers(1, 24),
    skip=some.frozensets(some.dates(date(2025, 1, 1), date(2036, 12, 31)), max_size=3),
)


def days(pattern: Pattern) -> list[date]:
    return [sitting.starts.date() for sitting in sittings(pattern)]


def test_every_second_tuesday_six_times() -> None:
    pattern = Pattern(date(2026, 10, 20), time(9), time(11), Unit.WEEK, 2, 6)
    assert days(pattern) == [date(2026, 10, 20) + timedelta(weeks=2 * step) for step in range(6)]


def test_a_skipped_day_does_not_count() -> None:
    pattern = Pattern(date(2026, 12, 15), time(9), time(11), times=3, skip=frozenset({date(2026, 12, 22)}))
    assert days(pattern) == [date(2026, 12, 15), date(2026, 12, 29), date(2027, 1, 5)]


def test_monthly_keeps_the_second_tuesday() -> None:
    pattern = Pattern(date(2027, 1, 12), time(9), time(11), Unit.MONTH, 1, 3)
    assert days(pattern) == [date(2027, 1, 12), date(2027, 2, 9), date(2027, 3, 9)]


def test_a_fifth_friday_means_the_last() -> None:
    pattern = Pattern(date(2027, 1, 29), time(9), time(11), Unit.MONTH, 1, 3)
    assert days(pattern) == [date(2027, 1, 29), date(2027, 2, 26), date(2027, 3, 26)]


def test_daily_runs_over_the_week_end() -> None:
    pattern = Pattern(date(2027, 1, 29), time(9), time(11), Unit.DAY, 1, 4)
    assert days(pattern)[-1] == date(2027, 2, 1)


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        (
            Pattern(date(2027, 1, 12), time(9), time(11), Unit.WEEK, 2, 6),
            "Every second Tuesday, 9:00 am to 11:00 am, 6 times",
        ),
        (
            Pattern(date(2027, 1, 29), time(13), time(14, 30), Unit.MONTH, 1, 1),
            "The last Friday of every month, 1:00 pm to 2:30 pm, once",
        ),
        (
            Pattern(date(2027, 1, 12), time(9), time(11), Unit.DAY, 1, 2, frozenset({date(2027, 1, 13)})),
            "Every day from Tue 12 Jan 2027, 9:00 am to 11:00 am, 2 times, skipping Wed 13 Jan 2027",
        ),
    ],
)
def test_a_pattern_is_said_in_words(pattern: Pattern, words: str) -> None:
    assert in_words(pattern) == words


@given(patterns)
def test_as_many_meetings_as_asked_for_in_order_and_none_on_a_skipped_day(pattern: Pattern) -> None:
    found = days(pattern)
    assert len(found) == pattern.times
    assert all(before < after for before, after in pairwise(found))
    assert not pattern.skip & set(found)


@given(patterns)
def test_weeks_and_months_keep_the_weekday(pattern: Pattern) -> None:
    assume(pattern.unit != Unit.DAY)
    assert {found.weekday() for found in days(pattern)} == {pattern.first.weekday()}


@given(patterns, some.sampled_from(ZONES))
def test_the_clock_on_the_wall_stays_the_same_in_every_zone(pattern: Pattern, zone: str) -> None:
    for sitting in sittings(pattern):
        try:
            at = instant(sitting.starts, zone)
        except NoSuchTime:
            continue
        assert at.tzinfo == UTC
        assert at.astimezone(ZoneInfo(zone)).time() == pattern.starts


@given(some.datetimes(wall("2000-01-01"), wall("2099-12-31")), some.sampled_from(ZONES))
def test_an_instant_is_the_first_one_that_shows_the_time(at_wall: datetime, zone: str) -> None:
    at_wall = at_wall.replace(microsecond=0)
    try:
        at = instant(at_wall, zone)
    except NoSuchTime:
        return
    shown_before = (at - timedelta(hours=1)).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    assert at.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == at_wall
    assert shown_before != at_wall


def test_nine_in_alabama_is_an_hour_later_in_utc_once_summer_is_over() -> None:
    assert instant(wall("2026-10-27 09:00"), "America/Chicago").hour == 14
    assert instant(wall("2026-11-03 09:00"), "America/Chicago").hour == 15


def test_a_time_the_clocks_jump_over_is_refused_with_a_reason() -> None:
    with pytest.raises(NoSuchTime, match="There is no 2:30 am on Sun 14 Mar 2027 in Central time"):
        instant(wall("2027-03-14 02:30"), "America/Chicago")


def test_a_time_that_comes_twice_is_known() -> None:
    assert comes_twice(wall("2026-11-01 01:30"), "America/Chicago")
    assert not comes_twice(wall("2026-11-01 09:00"), "America/Chicago")
    assert not comes_twice(wall("2027-03-14 02:30"), "America/Chicago")
