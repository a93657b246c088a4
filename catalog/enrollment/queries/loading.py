"""Offerings and enrollments, each with what its page or its rule will ask for."""

from collections.abc import Sequence
from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from catalog.accounts.models import Person
from catalog.courses.models import Course, Meeting, Offering
from catalog.enrollment.models import LIVE, Enrollment
from catalog.extensions import db


def offering_to_join(offering_id: int) -> Offering | None:
    """The offering with all that joining asks about, in one statement."""
    return db.session.scalar(_to_join(), {"offering_id": offering_id})


@cache
def _to_join() -> sa.Select[tuple[Offering]]:
    return (
        sa.select(Offering)
        .options(joinedload(Offering.course, innerjoin=True).joinedload(Course.required))
        .where(Offering.id == sa.bindparam("offering_id"))
        .execution_options(populate_existing=True)
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
