"""The days a report speaks of, both included. Which day something belongs to is said by the calendar of its place."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)


class Period(NamedTuple):
    first: date
    last: date

    def months(self) -> Iterator[tuple[int, int]]:
        """Year and month of every month that it touches, in order."""
        number = self.first.year * 12 + self.first.month - 1
        while number <= self.last.year * 12 + self.last.month - 1:
            yield number // 12, number % 12 + 1
            number += 1

    def holds(self, on: date) -> bool:
        return self.first <= on <= self.last


class Preset(StrEnum):
    """The periods one asks for most; the value is what they are called on the page."""

    THIS_YEAR = "This year"
    YEAR_BACK = "Last 12 months"
    THIS_QUARTER = "This quarter"
    LAST_QUARTER = "Last quarter"
    YEAR_AHEAD = "Next 12 months"
    AROUND = "A year back and ahead"


def preset(which: Preset, today: date) -> Period:
    """The last 12 months end today, and the next begin today; years and quarters are whole."""
    quarter = date(today.year, today.month - (today.month - 1) % 3, 1)
    match which:
        case Preset.THIS_YEAR:
            return Period(date(today.year, 1, 1), date(today.year, 12, 31))
        case Preset.YEAR_BACK:
            return Period(_same_day(today, -1) + timedelta(days=1), today)
        case Preset.THIS_QUARTER:
            return Period(quarter, _months_on(quarter, 3) - timedelta(days=1))
        case Preset.LAST_QUARTER:
            return Period(_months_on(quarter, -3), quarter - timedelta(days=1))
        case Preset.AROUND:
            return Period(_same_day(today, -1), _same_day(today, 1))
        case Preset.YEAR_AHEAD:
            return Period(today, _same_day(today, 1) - timedelta(days=1))


def _same_day(day: date, years: int) -> date:
    """A year before or after; for 29 February the day before it."""
    year = day.year + years
    return date(year, 2, 28) if (day.month, day.day) == (2, 29) else day.replace(year=year)


def _months_on(first_of_month: date, months: int) -> date:
    number = first_of_month.year * 12 + first_of_month.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


def month_key(year: int, month: int) -> str:
    return f"{year:04d}-{month:02d}"


def of_month(key: str) -> Period | None:
    """From its first day to its last; None where this is no key of a month."""
    if not re.fullmatch(r"20[0-9]{2}-(0[1-9]|1[0-2])", key):
        return None
    first = date.fromisoformat(f"{key}-01")
    return Period(first, _months_on(first, 1) - timedelta(days=1))


def month_name(key: str) -> str:
    """2026-11 is "Nov 2026"."""
    return f"{date(int(key[:4]), int(key[5:]), 1):%b %Y}"
