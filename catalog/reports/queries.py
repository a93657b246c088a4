"""Reads that several questions share."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from catalog.courses.models import Course, Format, Kind, Offering, OfferingState
from catalog.extensions import db
from catalog.reports import period, regions
from catalog.reports.frame import PER_PAGE, TOTAL, Asked, Report, Table, Which
from catalog.reports.models import SessionTally, TallyCount


def as_of() -> datetime | None:
    """When the tallies were counted; None when never."""
    return db.session.scalar(sa.select(TallyCount.as_of))


def tallied(tables: Callable[[], tuple[Table, ...]]) -> Report:
    """A report whose tables are all of one count: where a new one comes in between, they are read again."""
    before = as_of()
    while before:
        made = tables()
        after = as_of()
        if after == before:
            return Report(made, before, is_tallied=True)
        before = after
    return Report((), None, is_tallied=True)


def added(
    rows: sa.Select[Any], by: Sequence[str], sums: Sequence[str], also: Sequence[str] = ()
) -> Sequence[sa.Row[Any]]:
    """The rows added up by each of some columns in turn, in one statement that reads and joins them once: the column,
    its value as text (None for what has none), the values of the columns in `also`, and the sums."""
    read = rows.cte("read")
    every = [
        sa.select(
            sa.literal(key).label("by"),
            sa.cast(read.c[key], sa.String).label("key"),
            *(read.c[one] for one in also),
            *(sa.func.sum(read.c[one]).label(one) for one in sums),
        ).group_by(read.c[key], *(read.c[one] for one in also))
        for key in by
    ]
    return db.session.execute(sa.union_all(*every)).all()


MOST_LISTED = 10_000
"""So many rows behind a figure are listed; whoever wants the others asks for fewer days or counties."""


def listed(rows: sa.Select[Any], order: Sequence[Any], page: int) -> tuple[Sequence[sa.Row[Any]], int]:
    """One page of the rows, and how many there are, counted up to one more than are listed."""
    few = rows.with_only_columns(sa.literal(1), maintain_column_froms=True).limit(MOST_LISTED + 1).subquery()
    count = db.session.scalar(sa.select(sa.func.count()).select_from(few)) or 0
    last = max(1, -(-min(count, MOST_LISTED) // PER_PAGE))
    found = db.session.execute(
        rows.order_by(*order).limit(PER_PAGE).offset((min(page, last) - 1) * PER_PAGE)
    ).all()
    return found, count


def takes_place(asked: Asked) -> tuple[sa.ColumnElement[bool], ...]:
    """For a statement with SessionTally and Offering."""
    return (
        SessionTally.on.between(*asked.period),
        Offering.state == OfferingState.SCHEDULED,
        regions.within(asked.counties),
    )


def of_line(which: Which, on: Any) -> tuple[sa.ColumnElement[bool], ...] | None:
    """What a line of months, kinds, counties, formats or providers asks of a statement with Offering and Course; None
    where there is no such line. `on` is the day by which its months go."""
    if which.line == TOTAL and which.table in ("months", "kinds", "counties", "formats", "providers"):
        return ()
    match which.table:
        case "months":
            return _in_month(which.line, on)
        case "kinds" if which.line in list(Kind):
            return (Course.kind == Kind(which.line),)
        case "formats" if which.line in list(Format):
            return (Offering.format == Format(which.line),)
        case "counties":
            return (regions.is_in(Offering.county, which.line),)
        case "providers":
            return (Course.provider == which.line,)
    return None


def _in_month(key: str, on: Any) -> tuple[sa.ColumnElement[bool], ...] | None:
    month = period.of_month(key)
    return (on.between(*month),) if month else None
