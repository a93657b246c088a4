"""Reads: how much waits of each kind, since when, and what is too late first."""

from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from catalog.accounts.models import Person
from catalog.coordinating.queries import doubles
from catalog.coordinating.queries.work import WORK, Found, Moment, within, work_of
from catalog.extensions import UtcDateTime, db

DOUBLES = "doubles"
FEW_DOUBLES = 50
"""So many groups of them, of each kind, are counted for the desk."""


@dataclass(frozen=True)
class Heap:
    """What waits of one kind. `due` is when the first of it is too late, None where nothing ever is. `is_more`: there
    are more than were counted."""

    kind: str
    count: int
    since: datetime | None
    due: datetime | None
    is_more: bool = False


_NEVER = datetime.max.replace(tzinfo=UTC)


def heaps(at: Moment, of: Person) -> list[Heap]:
    """Everything that waits. The doubles take one statement more, and are not counted to the end."""
    found = most_heaps(at, of)
    if not of.is_coordinator:
        return found
    alike = doubles.found(FEW_DOUBLES)
    if alike.pairs:
        found.append(Heap(DOUBLES, len(alike.pairs), None, None, alike.is_more))
    return found


def most_heaps(at: Moment, of: Person) -> list[Heap]:
    """What waits for this coordinator, but for the doubles, in the order in which it is too late; what never is
    comes after it, in the order of WORK. One statement."""
    listed = sa.union_all(*(_counted(kind, within(kind, WORK[kind](at), of)) for kind in work_of(of)))
    found = [_heap(at, row) for row in db.session.execute(listed) if row.number]
    order = list(WORK)
    return sorted(found, key=lambda one: (one.due or _NEVER, order.index(one.kind)))


def _counted(kind: str, found: Found) -> sa.Select[Any]:
    rows = found.subquery()
    return sa.select(
        sa.literal(kind).label("kind"),
        sa.func.count().label("number"),
        sa.func.min(rows.c.since, type_=UtcDateTime()).label("since"),
        sa.func.min(rows.c.due, type_=UtcDateTime()).label("due"),
        sa.func.min(rows.c.due_on, type_=sa.Date()).label("due_on"),
    ).select_from(rows)


def _heap(at: Moment, row: Any) -> Heap:
    due = row.due
    if due is None and row.due_on is not None:
        # A day is over when its last minute is.
        due = datetime.combine(row.due_on, time.max, ZoneInfo(at.zone)).astimezone(UTC)
    return Heap(row.kind, row.number, row.since, due)
