"""Months on the calendar."""

from datetime import date

from dateutil.relativedelta import relativedelta


def later(day: date, months: int) -> date:
    """The same day so many months later, or the last day of a month that has none such; earlier below 0."""
    found: date = day + relativedelta(months=months)
    return found


def on_day(day: date, months: int, of_month: int) -> date:
    """The day `of_month`, so many months later; 31 is the last day of every month."""
    found: date = day + relativedelta(months=months, day=of_month)
    return found


def touched(first: date, last: date) -> int:
    """How many calendar months hold a day of these: January to December of a year are 12."""
    return (last.year - first.year) * 12 + last.month - first.month + 1
