"""Taking and freeing seats. Every path that seats somebody goes through `take`; nothing else marks a seat."""

from collections.abc import Callable
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.dml import ReturningUpdate

from catalog.courses.models import Meeting, Offering, OfferingState, Seat
from catalog.enrollment.models import IS_WAITING, Enrollment
from catalog.enrollment.refusals import BelowSeated
from catalog.extensions import db

WHAT_DECIDES = ("state", "capacity", "when_full", "starts_at", "ends_at", "settled_at", "joins_until")


def lock(offering: Offering) -> None:
    """Let one transaction at a time decide about this offering's queue, and read the offering as it stands then.

    On PostgreSQL a joiner who finds no seat and a leaver who finds no queue could otherwise miss each other:
    the seat would stay empty and the joiner would wait for ever. It is not the strongest lock, because every new
    enrollment's foreign key asks for the weakest: a joiner would wait for a lock whose holder waits for the
    joiner's seat. On SQLite the write lock, taken when the transaction began, already does all of this."""
    _read_locked(offering, key_share=True)


def _read_locked(offering: Offering, **strength: bool) -> None:
    # What was changed here and not written yet would otherwise be lost by reading it again.
    db.session.flush()
    version = offering.version
    db.session.refresh(offering, (*WHAT_DECIDES, "version"), with_for_update=strength)
    if offering.version != version:
        read_anew(offering)
    elif offering.joins_until is not None:
        # Which meeting ends the queue of a group is said by its number; when that is, by the meeting.
        its = sa.select(Meeting).where(Meeting.offering_id == offering.id)
        db.session.scalars(its.execution_options(populate_existing=True)).all()


def read_anew(offering: Offering) -> None:
    """It was edited after it was read here; whoever joins is told where and when it is now."""
    db.session.refresh(offering)
    db.session.expire(offering, ["meetings"])


def wait_for_takers(offering: Offering) -> None:
    """Wait for everybody who is taking a seat this moment; with the offering locked, nobody else takes one."""
    db.session.execute(sa.select(Seat.id).where(Seat.offering_id == offering.id).with_for_update())


def take(offering: Offering, *, behind_queue: bool = False, waits: bool = False) -> int | None:
    """Mark one free seat as taken and give its id; None when there is none.

    `behind_queue` is for those who come from outside: while anybody waits, a free seat is not theirs. `waits`, with
    the offering locked, is for those who would otherwise be told that there is none: a seat that somebody is taking
    this moment comes back when they turn out to be on the offering already, or their server is killed.
    Two people can never be given the same seat: PostgreSQL locks the row and lets others skip it, SQLite has
    one writer at a time; and should either fail, the unique index on enrollment.seat_id refuses the second."""
    if offering.capacity is None:
        return _unnumbered(offering)
    # What was changed here may decide about the queue.
    db.session.flush()
    taken = db.session.connection().execute(_take(behind_queue, waits), {"of": offering.id}).first()
    if taken is None:
        return None
    if taken.version != offering.version:
        read_anew(offering)
    return int(taken.id)


Still = Callable[[], None]
"""Looks again whether what was decided before still holds, and raises what stands in the way."""


def take_without_lock(offering: Offering, *, behind_queue: bool, still: Still) -> int | None:
    """Like `take`, for whoever does not hold the offering's lock. `still` is asked when the offering is another than
    the one that was read, with the seat taken.

    Whoever looks at a seat just as another takes it keeps a lock on that seat, and would then wait for the offering's
    lock while its holder waits for the seat. So what was looked at in vain is let go, by a savepoint."""
    if db.engine.dialect.name != "postgresql":
        # It was read before the write lock was waited for. Now that we have it, nothing changes any more.
        lock(offering)
        still()
        return take(offering, behind_queue=behind_queue)
    db.session.flush()
    connection = db.session.connection()
    connection.exec_driver_sql("SAVEPOINT looking")
    seat_id = None
    try:
        seat_id = _take_and_look_again(offering, behind_queue, still)
    finally:
        # With a connection that broke nothing can be given back, and what broke it is what has to be said.
        if seat_id is None and not connection.invalidated:
            connection.exec_driver_sql("ROLLBACK TO SAVEPOINT looking")
    return seat_id


def _take_and_look_again(offering: Offering, behind_queue: bool, still: Still) -> int | None:
    if offering.capacity is None:
        return _take_without_limit(offering, still)
    # By this version it was decided; `take` may read a newer one.
    version = offering.version
    seat_id = take(offering, behind_queue=behind_queue)
    if seat_id is not None and not stands_as_read(offering.id, version):
        read_anew(offering)
        still()
    return seat_id


def _take_without_limit(offering: Offering, still: Still) -> int | None:
    """Waits for whoever changes the offering this moment. None where they have set a limit: then the seats are
    numbered, and this lock must be let go before one is taken."""
    _read_locked(offering, read=True)
    still()
    return _unnumbered(offering) if offering.capacity is None else None


def stands_as_read(offering_id: int, version: int) -> bool:
    """Whether the offering is still what it was when it was read, asked with a seat of it taken.

    It has to be asked by a statement of its own: on PostgreSQL the one that takes the seat sees everything else as it
    was when that statement began, and an edit or a cancellation may have come and gone by the time it has its seat.
    Whoever changes the offering from now on waits for the seat, and finds its taker on the roster."""
    return bool(db.session.connection().scalar(_stands_as_read(), {"of": offering_id, "version": version}))


@cache
def _stands_as_read() -> sa.Select[tuple[bool]]:
    of, version = (sa.bindparam(name, type_=sa.Integer) for name in ("of", "version"))
    return sa.select(sa.exists(_as_read(of, version)))


def _as_read(offering_id: Any, version: Any) -> sa.Select[tuple[int]]:
    """The offering, unless it was edited since, called off or settled."""
    offering = Offering.__table__.c
    return sa.select(offering.id).where(
        offering.id == offering_id,
        offering.version == version,
        offering.state == OfferingState.SCHEDULED,
        offering.settled_at.is_(None),
    )


@cache
def _take(behind_queue: bool, waits: bool) -> sa.UpdateBase:
    """Written once and for the table alone: to write it for every seat costs more than to take one."""
    seat = Seat.__table__.c
    offering_id = sa.bindparam("of", type_=sa.Integer)
    free = sa.select(seat.id).where(seat.offering_id == offering_id, ~seat.is_taken)
    if behind_queue:
        free = free.where(~somebody_waits(offering_id))
    first = _first(free, waits=waits)
    offering = Offering.__table__.c
    version = sa.select(offering.version).where(offering.id == offering_id).scalar_subquery().label("version")
    return sa.update(seat.id.table).where(seat.id == first).values(is_taken=True).returning(seat.id, version)


def _first(free: sa.Select[tuple[int]], *, waits: bool) -> sa.ScalarSelect[int]:
    """The first of these seats, locked; one that somebody is taking this moment is passed over, or waited for."""
    in_order = free.order_by(Seat.__table__.c.number).limit(1)
    return in_order.with_for_update(skip_locked=not waits).scalar_subquery()


def somebody_waits(offering_id: Any) -> sa.ColumnElement[bool]:
    return sa.exists().where(Enrollment.offering_id == offering_id, IS_WAITING)


def take_as_read(
    offering_id: Any, version: Any, *also: sa.ColumnElement[bool]
) -> ReturningUpdate[tuple[int]]:
    """The same in one go with what follows from it, for the offering as it was read: not called off, not settled, not
    edited since, and nobody waits.

    It holds the offering before it looks for a seat, as `_take_without_limit` does: whoever changes it this moment is
    waited for, and then it is looked at as it is. Many hold it so at once, and whoever wants to change it waits until
    there is a moment without any, at the latest until no seat is free."""
    seat = Seat.__table__.c
    free = sa.select(seat.id).where(seat.offering_id == offering_id, ~seat.is_taken)
    held = sa.exists(_as_read(offering_id, version).with_for_update(read=True))
    first = _first(free.where(held, *also, ~somebody_waits(offering_id)), waits=False)
    return sa.update(seat.id.table).where(seat.id == first).values(is_taken=True).returning(seat.id)


def free(enrollment: Enrollment) -> None:
    """Take the seat from the enrollment, whose new state must already be one without a seat."""
    seat_id = enrollment.seat_id
    enrollment.seat_id = None
    enrollment.offer_ends_at = None
    db.session.flush()
    if seat_id is None:
        return
    mine = sa.and_(Seat.id == seat_id, Seat.offering_id == enrollment.offering_id)
    if enrollment.offering.capacity is None:
        db.session.execute(sa.delete(Seat).where(mine))
    else:
        db.session.execute(sa.update(Seat).where(mine).values(is_taken=False))


def resize(offering: Offering, capacity: int | None) -> None:
    """Make the seat rows fit a new capacity. The offering must be locked.

    Raises BelowSeated with the number of seats that are taken. The free seats go first: that waits for everybody
    who is taking one of them, and only then can the taken ones be counted."""
    db.session.execute(sa.delete(Seat).where(Seat.offering_id == offering.id, ~Seat.is_taken))
    numbers = dict(
        db.session.execute(
            sa.select(Seat.id, Seat.number)
            .where(Seat.offering_id == offering.id, Seat.is_taken)
            .order_by(Seat.number, Seat.id)
        )
        .tuples()
        .all()
    )
    if capacity is not None and capacity < len(numbers):
        raise BelowSeated(len(numbers))
    offering.capacity = capacity
    db.session.flush()
    if capacity is None:
        return
    used = set(numbers.values())
    spare = (number for number in range(1, capacity + len(numbers) + 1) if number not in used)
    for seat_id, number in numbers.items():
        if number is None:
            db.session.execute(sa.update(Seat).where(Seat.id == seat_id).values(number=next(spare)))
    more = [{"offering_id": offering.id, "number": next(spare)} for _ in range(capacity - len(numbers))]
    if more:
        db.session.execute(sa.insert(Seat), more)


def _unnumbered(offering: Offering) -> int:
    """A seat of its own for whoever joins. Many may at once; only what changes the offering has to wait, and so the
    offering must be locked, if only against changes."""
    seat = Seat(offering_id=offering.id, number=None, is_taken=True)
    db.session.add(seat)
    db.session.flush()
    return seat.id
