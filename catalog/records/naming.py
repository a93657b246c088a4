"""What courses, sessions and people are called in the audit trail, which stands below them."""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from catalog.accounts.models import Person
from catalog.courses.models import Course, Offering
from catalog.extensions import db
from catalog.notices.queries import is_called
from catalog.wording import day


def _people(ids: Collection[int]) -> dict[int, str]:
    rows = db.session.execute(sa.select(Person.id, Person.name).where(Person.id.in_(ids)))
    return dict(rows.tuples().all())


def _courses(ids: Collection[int]) -> dict[int, str]:
    rows = db.session.execute(sa.select(Course.id, Course.title).where(Course.id.in_(ids)))
    return dict(rows.tuples().all())


def _offerings(ids: Collection[int]) -> dict[int, str]:
    rows = db.session.execute(
        sa.select(Offering.id, Course.title, Offering.starts_at, Offering.zone)
        .join(Offering.course)
        .where(Offering.id.in_(ids))
    )
    return {row.id: _dated(row.title, row.starts_at, row.zone) for row in rows}


def _dated(title: str, starts_at: datetime | None, zone: str) -> str:
    return f"{title}, {day(starts_at, zone)}" if starts_at else title


def _people_with(word: str) -> sa.Select[tuple[int]]:
    return sa.select(Person.id).where(sa.func.lower(Person.name).contains(word.lower(), autoescape=True))


def _courses_with(word: str) -> sa.Select[tuple[int]]:
    return sa.select(Course.id).where(sa.func.lower(Course.title).contains(word.lower(), autoescape=True))


def _offerings_with(word: str) -> sa.Select[tuple[int]]:
    return sa.select(Offering.id).where(Offering.course_id.in_(_courses_with(word)))


is_called("person", _people, _people_with)
is_called("course", _courses, _courses_with)
is_called("offering", _offerings, _offerings_with)
