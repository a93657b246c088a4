"""Writing down who was there. Every way of taking attendance ends here, in the same row."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from catalog import clock
from catalog.accounts.models import Person
from catalog.attendance import queries
from catalog.attendance.models import Mark, Method, Recording
from catalog.attendance.refusals import MinutesOutOfRange, NoLongerSeated, NotBegun, RosterClosed
from catalog.attendance.sheet import Cell, doors_open_at
from catalog.attendance.wording import METHODS
from catalog.courses.models import Offering
from catalog.enrollment import seats
from catalog.enrollment.models import Enrollment, State
from catalog.extensions import db, insert
from catalog.notices import audit


class Taking(NamedTuple):
    """Who takes attendance, how, when they saw it, and when it is written down."""

    by: Person
    method: Method
    said_at: datetime
    tap: str | None
    now: datetime


def mark(
    offering: Offering,
    cells: Sequence[Cell],
    *,
    by: Person,
    method: Method = Method.ROLL,
    said_at: datetime | None = None,
    tap: str | None = None,
    after: str | None = None,
) -> None:
    """Save these cells. All of them or, when one is refused, none.

    `said_at` is when it was seen, where that was before now: what was seen last stands, and what was seen earlier
    and comes later is only recorded. `tap` is the device's name for a single cell's tap; the same tap sent again
    changes nothing, and neither does the same person saving the same minutes again. `after` is the tap that the
    device made before this one: a line that was slow for that one only must not turn the two around."""
    hold(offering)
    if queries.closing_of(offering):
        raise RosterClosed
    if tap and db.session.scalar(sa.select(Recording.id).where(Recording.tap == tap)):
        return
    now = clock.now()
    taking = Taking(by, method, _seen_at(said_at, after, now), tap, now)
    before, seated, seen = _marks(cells), _seated(cells), _last_seen(cells)
    for cell in cells:
        _check(cell, seated)
    for cell in cells:
        key = (cell.meeting.id, cell.enrollment.id)
        _save(cell, before.get(key), seen.get(key, taking.said_at), taking)
    db.session.flush()


def _seen_at(said_at: datetime | None, after: str | None, now: datetime) -> datetime:
    """Not in the future, and not before the device's tap before this one."""
    before = db.session.scalar(sa.select(Recording.said_at).where(Recording.tap == after)) if after else None
    return min(now, max(said_at or now, before or said_at or now))


def hold(offering: Offering) -> None:
    """Let one transaction at a time write on this sheet: no mark slips in while its roster is being closed.

    Whoever waited here may have loaded the session and its meetings before they were changed, so both are read
    again."""
    seats.lock(offering)
    db.session.scalars(
        sa.select(Offering)
        .options(selectinload(Offering.meetings))
        .where(Offering.id == offering.id)
        .execution_options(populate_existing=True)
    ).one()


def _marks(cells: Iterable[Cell]) -> dict[tuple[int, int], Mark]:
    rows = db.session.scalars(
        sa.select(Mark)
        .where(Mark.enrollment_id.in_({cell.enrollment.id for cell in cells}))
        .execution_options(populate_existing=True)
    )
    return {(row.meeting_id, row.enrollment_id): row for row in rows}


def _seated(cells: Sequence[Cell]) -> set[int]:
    """Whose seat is still theirs now that the sheet is locked; what was loaded before may be older."""
    return set(
        db.session.scalars(
            sa.select(Enrollment.id).where(
                Enrollment.id.in_({cell.enrollment.id for cell in cells}), Enrollment.state == State.SEATED
            )
        )
    )


def _last_seen(cells: Sequence[Cell]) -> dict[tuple[int, int], datetime]:
    """When what the marks say was seen last: also by whoever only agreed with what was marked already."""
    found = db.session.execute(
        sa.select(Recording.meeting_id, Recording.enrollment_id, sa.func.max(Recording.said_at))
        .where(Recording.enrollment_id.in_({cell.enrollment.id for cell in cells}), Recording.was_taken)
        .group_by(Recording.meeting_id, Recording.enrollment_id)
    )
    return {(meeting_id, enrollment_id): said_at for meeting_id, enrollment_id, said_at in found}


def _check(cell: Cell, seated: set[int]) -> None:
    if doors_open_at(cell.meeting) > clock.now():
        raise NotBegun
    if cell.enrollment.id not in seated:
        raise NoLongerSeated(cell.enrollment.person.name)
    if cell.minutes is None or not 0 <= cell.minutes <= cell.meeting.minutes:
        raise MinutesOutOfRange(cell.meeting.minutes)


def _save(cell: Cell, standing: Mark | None, last_seen: datetime, taking: Taking) -> None:
    by, method, said_at, tap, now = taking
    is_same = standing is not None and cell.says_the_same_as(standing)
    if is_same and standing and (standing.marked_by_id, standing.method) == (by.id, method) and not tap:
        return
    # What is said to be seen later than now was written while the clock was ahead, and is no reason to wait for it.
    is_latest = standing is None or said_at >= min(max(standing.marked_at, last_seen), now)
    db.session.add(
        Recording(
            meeting_id=cell.meeting.id,
            enrollment_id=cell.enrollment.id,
            minutes=cell.minutes,
            came_at=cell.came_at,
            left_at=cell.left_at,
            method=method,
            said_at=said_at,
            recorded_at=now,
            by_id=by.id,
            was_taken=is_latest or is_same,
            tap=tap,
        )
    )
    if is_latest and not is_same:
        _write(cell, standing.minutes if standing else None, taking)


def _write(cell: Cell, before: int | None, taking: Taking) -> None:
    values = {
        "minutes": cell.minutes,
        "came_at": cell.came_at,
        "left_at": cell.left_at,
        "is_open": cell.is_open,
        "method": taking.method,
        "marked_at": taking.said_at,
        "marked_by_id": taking.by.id,
    }
    key = {"meeting_id": cell.meeting.id, "enrollment_id": cell.enrollment.id}
    db.session.execute(
        insert(Mark).values(**key, **values).on_conflict_do_update(index_elements=list(key), set_=values)
    )
    audit.note(
        "attendance.marked",
        "offering",
        cell.meeting.offering_id,
        by=taking.by,
        person_id=cell.enrollment.person_id,
        meeting=cell.meeting.number,
        method=METHODS[taking.method],
        before={"minutes": before},
        after={"minutes": cell.minutes},
    )
