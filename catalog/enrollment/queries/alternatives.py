"""What else somebody could join whose session was cancelled."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from catalog import clock
from catalog.courses.models import (
    Course,
    CourseArea,
    CourseState,
    CourseTopic,
    Format,
    Kind,
    Listing,
    Offering,
    OfferingState,
    Seat,
)
from catalog.enrollment.models import IS_WAITING, LIVE, Enrollment
from catalog.extensions import db

MOST = 5


@dataclass(frozen=True)
class Alternative:
    offering: Offering
    is_same_course: bool
    topics: int
    """How many of the areas and topics of the cancelled one it covers."""
    left: int | None
    """Seats that nobody has and nobody waits for; None where there is no limit."""


def alternatives(offering: Offering, person_id: int | None = None, most: int = MOST) -> list[Alternative]:
    """Open sessions instead of this one: of the same course first, also where one would wait; then those with seats
    that cover what it covers, online or in the same county, the most alike first.

    For a person, without those they are on already. Sessions that ask a question of their own are left out, because
    the answer is not there; so are groups, which are closed."""
    free = _free()
    alike = (_shared(CourseTopic, "topic_id", offering) + _shared(CourseArea, "area_id", offering)).label(
        "alike"
    )
    same = Offering.course_id == offering.course_id
    near = sa.or_(
        Offering.format.in_((Format.VIRTUAL, Format.HYBRID, Format.SELF_PACED)),
        Offering.county == offering.county if offering.county else sa.false(),
    )
    has_seats = sa.or_(Offering.capacity.is_(None), free > 0)
    other = sa.and_(near, has_seats, alike > 0, Course.kind != Kind.REFLECTIVE_GROUP)
    waits = sa.or_(has_seats, Offering.when_full == "waitlist")
    found = (
        sa.select(Offering, alike, free)
        .join(Offering.course)
        .options(contains_eager(Offering.course))
        .where(
            Offering.id != offering.id,
            *_can_be_joined(),
            Offering.question.in_(("", offering.question)),
            sa.or_(sa.and_(same, waits), sa.and_(~same, other)),
        )
        .order_by(~same, sa.desc("alike"), Offering.starts_at.is_(None), Offering.starts_at, Offering.id)
        .limit(most)
    )
    if person_id is not None:
        mine = sa.exists().where(
            Enrollment.offering_id == Offering.id,
            Enrollment.person_id == person_id,
            Enrollment.state.in_(LIVE),
        )
        found = found.where(~mine)
    return [
        Alternative(one, one.course_id == offering.course_id, topics, None if one.capacity is None else left)
        for one, topics, left in db.session.execute(found)
    ]


def _can_be_joined() -> Sequence[sa.ColumnElement[bool]]:
    now = clock.now()
    return (
        Offering.state == OfferingState.SCHEDULED,
        Course.state == CourseState.PUBLISHED,
        Course.listing == Listing.OPEN,
        Course.apply_url == "",
        sa.or_(Offering.starts_at.is_(None), Offering.starts_at > now),
        sa.or_(Offering.opens_at.is_(None), Offering.opens_at <= now),
        sa.or_(Offering.closes_at.is_(None), Offering.closes_at > now),
    )


def _free() -> sa.ScalarSelect[int]:
    """Free seats behind the queue: where anybody waits, the next one is theirs."""
    waiting = sa.exists().where(Enrollment.offering_id == Offering.id, IS_WAITING).correlate(Offering)
    return (
        sa.select(sa.func.count())
        .where(Seat.offering_id == Offering.id, ~Seat.is_taken, ~waiting)
        .correlate(Offering)
        .scalar_subquery()
    )


def _shared(of: type[CourseArea] | type[CourseTopic], name: str, offering: Offering) -> sa.ScalarSelect[int]:
    column = getattr(of, name)
    mine = sa.select(column).where(of.course_id == offering.course_id)
    return (
        sa.select(sa.func.count())
        .select_from(of)
        .where(of.course_id == Offering.course_id, column.in_(mine.correlate(None)))
        .correlate(Offering)
        .scalar_subquery()
    )
