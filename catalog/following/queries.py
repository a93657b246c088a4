"""Reads: a person's saved searches, who waits for a date of a course, and which courses are waited for."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from catalog import clock
from catalog.accounts.models import Person
from catalog.browse.queries.fitting import is_coming
from catalog.courses.models import Course, CourseState, Offering
from catalog.extensions import db
from catalog.following.models import Interest, SavedSearch
from catalog.places import county_name

PER_PAGE = 50
WAITS = Interest.ended_at.is_(None) & Interest.told_at.is_(None)
"""They asked, were not told yet, and did not take it back."""


def searches(person: Person) -> Sequence[SavedSearch]:
    return db.session.scalars(
        sa.select(SavedSearch)
        .where(SavedSearch.person_id == person.id)
        .order_by(SavedSearch.saved_at, SavedSearch.id)
    ).all()


def search(search_id: int) -> SavedSearch | None:
    return db.session.get(SavedSearch, search_id)


def can_be_joined(now: datetime) -> sa.ColumnElement[bool]:
    """A session that is still to come and whose enrollment is not over. The course has to be joined."""
    return sa.and_(is_coming(now), sa.or_(Offering.closes_at.is_(None), Offering.closes_at > now))


def sessions_to_join(course_id: int) -> Sequence[Offering]:
    """Those of a public course, the first one first."""
    return db.session.scalars(
        sa.select(Offering)
        .join(Offering.course)
        .options(contains_eager(Offering.course))
        .where(Offering.course_id == course_id, can_be_joined(clock.now()))
        .order_by(Offering.starts_at, Offering.id)
    ).all()


def interest(person_id: int, course_id: int) -> Interest | None:
    return db.session.scalar(
        sa.select(Interest).where(Interest.person_id == person_id, Interest.course_id == course_id)
    )


def how_many(course_id: int) -> int:
    """Who waits for a date of this course."""
    counted = sa.select(sa.func.count()).select_from(Interest).where(Interest.course_id == course_id, WAITS)
    return db.session.scalar(counted) or 0


def interested(course_id: int) -> dict[str, list[Interest]]:
    """Who waits, by the county they serve; the counties with the most people first."""
    rows = db.session.scalars(
        sa.select(Interest)
        .join(Interest.person)
        .options(contains_eager(Interest.person))
        .where(Interest.course_id == course_id, WAITS)
        .order_by(Interest.since, Interest.id)
    )
    found: dict[str, list[Interest]] = {}
    for one in rows:
        found.setdefault(county_name(one.person.county) or "County not said", []).append(one)
    return dict(sorted(found.items(), key=lambda item: (-len(item[1]), item[0])))


class Wanted(NamedTuple):
    """A course that people wait for."""

    course: Course
    many: int
    since: datetime
    counties: list[tuple[str, int]]
    """The counties most of them serve, with how many."""


class WantedPage(NamedTuple):
    rows: list[Wanted]
    number: int
    pages: int


def wanted(number: int) -> WantedPage:
    """Published courses by how many wait for a date, and among those with as many the longest wait first."""
    waiting = (
        sa.select(
            Interest.course_id,
            sa.func.count().label("many"),
            sa.func.min(Interest.since, type_=Interest.since.type).label("since"),
        )
        .where(WAITS)
        .group_by(Interest.course_id)
        .subquery()
    )
    listed = sa.select(Course, waiting.c.many, waiting.c.since).join(
        waiting, waiting.c.course_id == Course.id
    )
    listed = listed.where(Course.state == CourseState.PUBLISHED)
    total = db.session.scalar(sa.select(sa.func.count()).select_from(listed.subquery())) or 0
    pages = max(1, -(-total // PER_PAGE))
    number = min(max(number, 1), pages)
    order = (waiting.c.many.desc(), waiting.c.since, Course.id)
    rows = db.session.execute(listed.order_by(*order).limit(PER_PAGE).offset((number - 1) * PER_PAGE)).all()
    counties = _counties([course.id for course, *_ in rows])
    found = [Wanted(course, many, since, counties.get(course.id, [])) for course, many, since in rows]
    return WantedPage(found, number, pages)


def _counties(course_ids: list[int]) -> dict[int, list[tuple[str, int]]]:
    many = sa.func.count()
    rows = db.session.execute(
        sa.select(Interest.course_id, Person.county, many)
        .join(Person, Person.id == Interest.person_id)
        .where(Interest.course_id.in_(course_ids), WAITS, Person.county.is_not(None))
        .group_by(Interest.course_id, Person.county)
        .order_by(many.desc(), Person.county)
    )
    found: dict[int, list[tuple[str, int]]] = {}
    for course_id, county, count in rows:
        found.setdefault(course_id, []).append((county_name(county), count))
    return {course_id: counties[:3] for course_id, counties in found.items()}
