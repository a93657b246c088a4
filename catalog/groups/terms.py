"""The dates of a next term, from those of the last. Pure: no database and no clock.

People agree on the wall clock: a group of the second Tuesday at nine stays one of the second Tuesday at nine."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from catalog.courses.schedule import Pattern, Sitting, Unit, in_words, sittings

MOST_STEPS = 4
"""Every week up to every fourth, every month up to every fourth: what the form of a series offers."""


class Going(NamedTuple):
    """As many meetings as before, and what they follow, in words; nothing where they follow no rule."""

    sittings: list[Sitting]
    said: str


def going_on(old: Sequence[Sitting], today: date) -> Going:
    """The meetings that follow the old ones, none of them before tomorrow and none of them left out.

    Where the old dates follow no rule of weeks or months, all are moved on by the same number of weeks."""
    after = max(today, *(one.starts.date() for one in old)) if old else today
    if found := _pattern(old):
        return Going(_after(found, after), in_words(found))
    return Going(_moved(old, after), "")


def _pattern(old: Sequence[Sitting]) -> Pattern | None:
    """Months before weeks: four meetings that are four weeks apart on second Tuesdays are monthly."""
    if not old or len({(one.starts.time(), one.ends.time()) for one in old}) != 1:
        return None
    first = old[0]
    for unit in (Unit.MONTH, Unit.WEEK):
        for interval in range(1, MOST_STEPS + 1):
            found = Pattern(
                first.starts.date(), first.starts.time(), first.ends.time(), unit, interval, len(old)
            )
            if sittings(found) == list(old):
                return found
    return None


def _after(of: Pattern, day: date) -> list[Sitting]:
    """From the old beginning on, so that the last Friday of a month stays the last Friday."""
    times = of.times
    while True:
        times += of.times
        later = [one for one in sittings(of._replace(times=times)) if one.starts.date() > day]
        if len(later) >= of.times:
            return later[: of.times]


def _moved(old: Sequence[Sitting], day: date) -> list[Sitting]:
    if not old:
        return []
    weeks = (day - old[0].starts.date()).days // 7 + 1
    by = timedelta(weeks=max(weeks, 1))
    return [Sitting(one.starts + by, one.ends + by) for one in old]
