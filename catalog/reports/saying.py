"""Figures as the pages say them, and as spreadsheets hold them."""

from collections.abc import Iterator
from decimal import Decimal

from catalog.reports.frame import Column, Figure, Hidden, Unit
from catalog.sheets import Value

NOTHING = "–"


def say(figure: Figure, unit: Unit) -> str:
    """1,234 people are "1,234", 90 minutes are "1 h 30 min", a share is "66.7 %"."""
    if figure is None:
        return NOTHING
    if isinstance(figure, str):
        return str(figure)
    if unit == Unit.HOURS:
        return _hours(int(figure))
    if unit == Unit.PERCENT:
        return f"{figure} %"
    return f"{figure:,}"


def _hours(minutes: int) -> str:
    whole, rest = divmod(minutes, 60)
    if not rest:
        return f"{whole:,} h"
    return f"{whole:,} h {rest} min" if whole else f"{rest} min"


def heads(column: Column) -> Iterator[str]:
    """The heads of a column in a spreadsheet. Hours are there twice: as people say them, and to the minute."""
    if column.unit == Unit.HOURS:
        yield from (column.name, f"{column.name}, in minutes")
    else:
        yield f"{column.name}, percent" if column.unit == Unit.PERCENT else column.name


def values(figure: Figure, column: Column) -> Iterator[Value]:
    """What stands below these heads."""
    value: Value = figure.value if isinstance(figure, Hidden) else figure
    if column.unit == Unit.HOURS:
        yield (Decimal(value) / 60).quantize(Decimal("0.01")) if isinstance(value, int) else value
    yield value
