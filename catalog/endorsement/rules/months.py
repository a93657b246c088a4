"""Months on the calendar. Nothing here raises: what lies before the first or after the last year is its end."""

from calendar import monthrange
from datetime import MAXYEAR, MINYEAR, date, timedelta


def later(day: date, months: int) -> date:
    """The same day so many months later, or the last day of a month that has none such; earlier below 0."""
    return on_day(day, months, day.day)


def on_day(day: date, months: int, of_month: int) -> date:
    """The day `of_month`, so many months later; 31 is the last day of every month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year < MINYEAR:
        return date.min
    if year > MAXYEAR:
        return date.max
    return date(year, month + 1, min(of_month, monthrange(year, month + 1)[1]))


def day_after(day: date) -> date:
    return day if day == date.max else day + timedelta(days=1)


def last_day(first: date, months: int) -> date:
    """The last day of so many months that begin on `first`: the day before the same day of a later month.

    Where that month has no such day, it is the month's last: a year from 29 February ends on 28 February."""
    end = later(first, months)
    is_whole = end.day < first.day or end in (date.min, date.max)
    return end if is_whole else end - timedelta(days=1)


def touched(first: date, last: date) -> int:
    """How many calendar months hold a day of these: January to December of a year are 12."""
    return (last.year - first.year) * 12 + last.month - first.month + 1
