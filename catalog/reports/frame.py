"""What every report is made of, as plain values. A new report is one file in `questions/` and its name in `desk.ALL`.

A Question is asked with a Period and counties (Asked), and answers with a Report: tables of figures, each of which
opens the rows behind it. Pages, downloads, masking and charts are made from these values alone."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any, NamedTuple

from catalog.reports.period import Period, Preset


class Unit(StrEnum):
    """What a figure is counted in. The value is what stands behind a title or along an axis."""

    PEOPLE = "people"
    COUNT = "count"
    HOURS = "hours"
    PERCENT = "percent"
    DAYS = "days"
    POINTS = "points from 1 to 5"
    TEXT = ""


class Hidden(StrEnum):
    """What stands in place of a figure in a masked report."""

    SMALL = "<5"
    """A count of 1 to 4."""
    HELD_BACK = "not shown"
    """A figure from which a small one could be reckoned."""


Figure = int | Decimal | str | Hidden | None
"""Hours are whole minutes; percent, days and points have one decimal. None: there is nothing to reckon it from."""


class Asked(NamedTuple):
    """What a report is asked for. No counties are all of them, and also what is in none, such as virtual sessions."""

    period: Period
    counties: tuple[str, ...] = ()
    masked: bool = False


@dataclass(frozen=True)
class Column:
    """One figure of every line. `depends_on` names the column of people from which this one could be told: where
    those are masked, this is held back. `opens`: its figures lead to the rows behind them."""

    key: str
    name: str
    unit: Unit = Unit.COUNT
    depends_on: str = ""
    opens: bool = True

    @property
    def may_be_masked(self) -> bool:
        return self.unit == Unit.PEOPLE


@dataclass(frozen=True)
class Line:
    """One row: what it is about, and its figures in the order of the columns. `key` stays when words change."""

    key: str
    label: str
    figures: tuple[Figure, ...]
    opens: bool = True


class Drawing(StrEnum):
    BARS = "bars"
    """A bar for each line, one column, or several beside each other."""
    STACKED = "stacked"
    """A bar for each line, made of the columns; only for columns that may be added."""
    MONTHS = "months"
    """A line over months, one for each column."""
    HEAT = "heat"
    """The table itself, each figure on a ground as dark as it is high."""


@dataclass(frozen=True)
class Chart:
    """How a table is drawn. The axes say what they measure; the unit is the columns' own."""

    drawing: Drawing
    title: str
    columns: tuple[str, ...]
    axis: str
    """What is along the figures' axis, with its unit: "Hours of training"."""


@dataclass(frozen=True)
class Table:
    """`adds_up`: the total is the sum of the lines, so that whoever knows all figures but one knows that one too.
    Where it is not, `note` says why. `row_sum` names a column that is the sum of the other columns of people."""

    key: str
    title: str
    head: str
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    total: Line | None = None
    adds_up: bool = True
    row_sum: str = ""
    chart: Chart | None = None
    note: str = ""

    def place(self, column: str) -> int:
        return next(number for number, one in enumerate(self.columns) if one.key == column)


@dataclass(frozen=True)
class Report:
    """An answer. `as_of` None: nothing was counted yet. `is_tallied`: the worker counted it, so one may ask for a new
    count. `more` is what a template of the question's own shows."""

    tables: tuple[Table, ...]
    as_of: datetime | None
    is_tallied: bool = False
    more: dict[str, Any] = field(default_factory=dict)


class Which(NamedTuple):
    """One figure: the keys of its table, its line and its column. The line of a total has the key "total"."""

    table: str
    line: str
    column: str


TOTAL = "total"


class To(StrEnum):
    """What a cell of the rows behind a figure leads to."""

    SESSION = "session"
    PERSON = "person"
    COURSE = "course"
    EVALUATION = "evaluation"


class Cell(NamedTuple):
    """A text, a day or a number; and what it leads to, with that thing's number."""

    value: str | int | Decimal | date | None
    to: To | None = None
    number: int = 0


class Behind(NamedTuple):
    """One page of the rows a figure is made of, and how many there are `in_all`. `says` tells what a row is."""

    says: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    in_all: int


PER_PAGE = 50


@dataclass(frozen=True)
class Question:
    """`counts` says in a sentence or two what is counted and what is not. `behind` gives a page of the rows behind a
    figure, None where there is no such figure. A question with pictures of its own names a `template` that extends
    reports/show.html."""

    key: str
    title: str
    lead: str
    counts: str
    answer: Callable[[Asked], Report]
    behind: Callable[[Asked, Which, int], Behind | None]
    preset: Preset = Preset.YEAR_BACK
    template: str = "reports/show.html"


def share(part: int, whole: int) -> Decimal | None:
    """Percent with one decimal, halves rounded up; None of nothing."""
    return tenth(Decimal(100 * part) / whole) if whole else None


def tenth(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.1"), ROUND_HALF_UP)
