"""Seats, those who sit on them and those who wait, made inside the database because they are so many."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bench.sample import SEATS
from catalog.courses.models import Offering, Seat
from catalog.enrollment.models import Enrollment, State
from catalog.extensions import db

TAKEN = Offering.id * 5 % (SEATS + 2)
"""How many of an offering's seats are taken: none, some, or in two of fourteen offerings all."""


def add_seats(size: int, most: int) -> None:
    """Every offering's seats. Of the first `size` offerings some are taken, of the others, which have more, none."""
    few, many = _numbers(SEATS), _numbers(most)
    _seat(sa.select(Offering.id, few, few <= TAKEN).join(few.table, sa.true()).where(Offering.id <= size))
    taken = many > Offering.capacity
    _seat(sa.select(Offering.id, many, taken).join(many.table, ~taken).where(Offering.id > size))


def _seat(rows: sa.Select[Any]) -> None:
    db.session.execute(sa.insert(Seat).from_select(["offering_id", "number", "is_taken"], rows))


def add_people(size: int, people: int, now: datetime) -> None:
    """Somebody on every taken seat, and up to three who wait where all are taken."""
    person = 1 + (Seat.offering_id * SEATS + Seat.number) % people
    _enroll(
        sa.select(Seat.offering_id, person, *_as(State.SEATED, now), Seat.id, sa.null()).where(Seat.is_taken)
    )
    number = _numbers(3)
    person = 1 + (Offering.id * SEATS + SEATS + number) % people
    waits = (Offering.id <= size) & (TAKEN >= SEATS) & (number <= Offering.id % 4)
    queued_at = sa.literal(now, Enrollment.queued_at.type)
    _enroll(
        sa.select(Offering.id, person, *_as(State.WAITING, now), sa.null(), queued_at).join(
            number.table, waits
        )
    )


def _enroll(rows: sa.Select[Any]) -> None:
    columns = ["offering_id", "person_id", "state", "joined_at", "seat_id", "queued_at"]
    db.session.execute(sa.insert(Enrollment).from_select(columns, rows))


def _as(state: State, now: datetime) -> tuple[Any, Any]:
    return sa.literal(state, Enrollment.state.type), sa.literal(now, Enrollment.joined_at.type)


def _numbers(most: int) -> Any:
    """A column with the numbers from 1 to `most`."""
    numbers = sa.select(sa.literal(1).label("number")).cte(recursive=True)
    again = sa.select(numbers.c.number + 1).where(numbers.c.number < most)
    return numbers.union_all(again).c.number
