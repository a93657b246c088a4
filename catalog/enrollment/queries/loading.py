"""Offerings and enrollments, each with what its page or its rule will ask for."""

from collections.abc import Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload, selectinload
from sqlalchemy.orm.attributes import set_committed_value

from catalog.accounts.models import Person
from catalog.courses.models import Course, Meeting, Offering, Seat, course_prerequisite
from catalog.enrollment.models import IS_WAITING, LIVE, Enrollment
from catalog.extensions import alone, db, known


def offering_to_join(offering_id: int) -> Offering | None:
    """The offering with its course, in one statement that says whether another course is asked for first."""
    with alone() as connection:
        row = connection.execute(_to_join(), {"offering_id": offering_id}).first()
    if row is None:
        return None
    offering = known(Offering, dict(zip(OF_OFFERING, row, strict=False)))
    course = known(Course, dict(zip(OF_COURSE, row[len(OF_OFFERING) :], strict=False)))
    set_committed_value(offering, "course", course)
    asks_first, offering.looks_free = row[-2:]
    if not asks_first:
        set_committed_value(course, "required", [])
    return offering


# What the rules of joining and the letter look at. Each column costs; any other is read when it is asked for.
OF_OFFERING = (
    *(
        "id",
        "course_id",
        "state",
        "version",
        "zone",
        "place",
        "starts_at",
        "ends_at",
        "opens_at",
        "closes_at",
    ),
    *("capacity", "needs_approval", "question", "when_full", "joins_until", "settled_at"),
)
OF_COURSE = ("id", "state", "title", "kind", "listing", "rsc_minutes")


@cache
def _to_join() -> sa.Select[Any]:
    offering, course = Offering.__table__, Course.__table__
    asks_first = sa.exists().where(course_prerequisite.c.course_id == course.c.id)
    waits = sa.exists().where(Enrollment.offering_id == offering.c.id, IS_WAITING)
    free = (
        sa.select(sa.true())
        .where(Seat.offering_id == offering.c.id, ~Seat.is_taken)
        .limit(1)
        .scalar_subquery()
    )
    looks_free = sa.and_(~waits, free.is_not(None))
    return (
        sa.select(
            *(offering.c[name] for name in OF_OFFERING),
            *(course.c[name] for name in OF_COURSE),
            asks_first,
            looks_free,
        )
        .join_from(offering, course, course.c.id == offering.c.course_id)
        .where(offering.c.id == sa.bindparam("offering_id"))
    )


def offering_with_meetings(offering_id: int) -> Offering | None:
    return db.session.scalar(
        sa.select(Offering)
        .options(
            joinedload(Offering.course, innerjoin=True).selectinload(Course.required),
            selectinload(Offering.meetings).selectinload(Meeting.co_trainers),
        )
        .where(Offering.id == offering_id)
    )


def enrollment_with_offering(enrollment_id: int) -> Enrollment | None:
    return db.session.scalar(
        sa.select(Enrollment)
        .options(
            joinedload(Enrollment.person, innerjoin=True),
            joinedload(Enrollment.offering, innerjoin=True).joinedload(Offering.course, innerjoin=True),
        )
        .where(Enrollment.id == enrollment_id)
    )


def live_of(person: Person) -> Sequence[Enrollment]:
    """A person's live enrollments with offering, course and meetings, the next one first."""
    return db.session.scalars(
        sa.select(Enrollment)
        .join(Enrollment.offering)
        .options(
            contains_eager(Enrollment.offering).joinedload(Offering.course, innerjoin=True),
            contains_eager(Enrollment.offering).selectinload(Offering.meetings),
        )
        .where(Enrollment.person_id == person.id, Enrollment.state.in_(LIVE))
        .order_by(Offering.starts_at, Enrollment.id)
    ).all()
