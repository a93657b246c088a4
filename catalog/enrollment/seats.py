"""Taking and freeing seats. Every path that seats somebody goes through `take`; nothing else marks a seat."""

import sqlalchemy as sa

from catalog.courses.models import Offering, Seat
from catalog.enrollment.models import IS_WAITING, Enrollment
from catalog.enrollment.refusals import BelowSeated, EnrollmentClosed
from catalog.extensions import db

WHAT_DECIDES = ("state", "capacity", "starts_at", "ends_at", "settled_at")


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
    db.session.refresh(offering, WHAT_DECIDES, with_for_update=strength)


def wait_for_takers(offering: Offering) -> None:
    """Wait for everybody who is taking a seat this moment; with the offering locked, nobody else takes one."""
    db.session.execute(sa.select(Seat.id).where(Seat.offering_id == offering.id).with_for_update())


def take(offering: Offering, *, behind_queue: bool = False) -> int | None:
    """Mark one free seat as taken and give its id; None when there is none.

    `behind_queue` is for those who come from outside: while anybody waits, a free seat is not theirs.
    Two people can never be given the same seat: PostgreSQL locks the row and lets others skip it, SQLite has
    one writer at a time; and should either fail, the unique index on enrollment.seat_id refuses the second."""
    if offering.capacity is None:
        return _unnumbered(offering)
    free = sa.select(Seat.id).where(Seat.offering_id == offering.id, ~Seat.is_taken)
    if behind_queue:
        free = free.where(~_somebody_waits(offering))
    first = free.order_by(Seat.number).limit(1).with_for_update(skip_locked=True).scalar_subquery()
    return db.session.scalar(
        sa.update(Seat)
        .where(Seat.id == first)
        .values(is_taken=True)
        .returning(Seat.id)
        .execution_options(synchronize_session=False)
    )


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


def _somebody_waits(offering: Offering) -> sa.Exists:
    return sa.exists().where(Enrollment.offering_id == offering.id, IS_WAITING)


def _unnumbered(offering: Offering) -> int:
    """A seat of its own for whoever joins. Many may at once; only what changes the offering has to wait."""
    if db.engine.dialect.name == "postgresql":
        _read_locked(offering, read=True)
        if offering.is_cancelled:
            raise EnrollmentClosed("This session was cancelled.")
    seat = Seat(offering_id=offering.id, number=None, is_taken=True)
    db.session.add(seat)
    db.session.flush()
    return seat.id
