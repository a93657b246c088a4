"""Meetings generated from a pattern, and wall clocks turned into instants.

People agree on the wall clock: a group that meets at nine meets at nine after the clocks have changed. So a
pattern makes days, each gets the same wall-clock times, and only then each becomes an instant."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from enum import StrEnum
from itertools import islice
from typing import NamedTuple
from zoneinfo import ZoneInfo

from dateutil.rrule import DAILY, FR, MO, MONTHLY, SA, SU, TH, TU, WE, WEEKLY, rrule

from catalog.errors import RuleBroken
from catalog.wording import day, zone_name

WEEKDAYS = (MO, TU, WE, TH, FR, SA, SU)
ORDINALS = ("", "first", "second", "third", "fourth", "last")


class NoSuchTime(RuleBroken):
    """The clocks jump over this time."""

    def __init__(self, wall: datetime, zone: str) -> None:
        super().__init__(
            f"There is no {said(wall.time())} on {day(wall)} in {zone_name(zone)}: "
            "the clocks jump over it. Choose another time."
        )


class Unit(StrEnum):
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class Pattern(NamedTuple):
    """For example every second Tuesday, 9:00 to 11:00, six times.

    `first` says the weekday and, for months, which one: the third Tuesday stays the third Tuesday, and a fifth
    one means the last. `times` meetings are made; days in `skip` are left out and do not count."""

    first: date
    starts: time
    ends: time
    unit: Unit = Unit.WEEK
    interval: int = 1
    times: int = 1
    skip: frozenset[date] = frozenset()


class Sitting(NamedTuple):
    """One meeting on the wall clock, without a zone."""

    starts: datetime
    ends: datetime


def sittings(pattern: Pattern) -> list[Sitting]:
    """The meetings of the pattern, in order; fewer than asked for only where the calendar ends."""
    days = (found for found in _days(pattern) if found not in pattern.skip)
    return [
        Sitting(datetime.combine(found, pattern.starts), datetime.combine(found, pattern.ends))
        for found in islice(days, pattern.times)
    ]


def _days(pattern: Pattern) -> Iterator[date]:
    rule = {"dtstart": datetime.combine(pattern.first, time()), "interval": pattern.interval}
    match pattern.unit:
        case Unit.DAY:
            found = rrule(DAILY, **rule)
        case Unit.WEEK:
            found = rrule(WEEKLY, **rule)
        case Unit.MONTH:
            place = _place_in_month(pattern.first)
            weekday = WEEKDAYS[pattern.first.weekday()](-1 if place == 5 else place)
            found = rrule(MONTHLY, byweekday=weekday, **rule)
    return (at.date() for at in found)


def _place_in_month(of: date) -> int:
    """1 for the first Tuesday of its month; 5 for the fifth, which is then the last."""
    return (of.day - 1) // 7 + 1


def in_words(pattern: Pattern) -> str:
    """ "Every second Tuesday, 9:00 am to 11:00 am, 6 times"."""
    weekday = f"{pattern.first:%A}"
    step = "every" if pattern.interval == 1 else f"every {_ordinal(pattern.interval)}"
    match pattern.unit:
        case Unit.DAY:
            days = f"{step} day from {day(pattern.first)}"
        case Unit.WEEK:
            days = f"{step} {weekday}"
        case Unit.MONTH:
            days = f"the {ORDINALS[_place_in_month(pattern.first)]} {weekday} of {step} month"
    times = "once" if pattern.times == 1 else f"{pattern.times} times"
    skipping = (
        f", skipping {', '.join(day(left_out) for left_out in sorted(pattern.skip))}" if pattern.skip else ""
    )
    words = f"{days}, {said(pattern.starts)} to {said(pattern.ends)}, {times}{skipping}"
    return words[0].upper() + words[1:]


def _ordinal(number: int) -> str:
    return ORDINALS[number] if number < 5 else f"{number}th"


def said(at: time) -> str:
    """ "9:00 am"."""
    return f"{at:%I:%M} ".lstrip("0") + at.strftime("%p").lower()


def instant(wall: datetime, zone: str) -> datetime:
    """The UTC instant of a wall-clock time; the first of the two where the clocks show it twice.

    Raises NoSuchTime where the clocks jump over it."""
    at = wall.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(UTC)
    if at.astimezone(ZoneInfo(zone)).replace(tzinfo=None) != wall:
        raise NoSuchTime(wall, zone)
    return at


def whole_day(wall: datetime, zone: str) -> datetime:
    """The instant of a day's first or last minute, for what has a day and no time. Where the clocks jump over that
    minute, it is the one they show instead."""
    return wall.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(UTC)


def comes_twice(wall: datetime, zone: str) -> bool:
    """Whether the clocks show this time twice on that day, because they are set back over it."""
    first, second = (wall.replace(tzinfo=ZoneInfo(zone), fold=fold).utcoffset() for fold in (0, 1))
    return first is not None and second is not None and first > second
