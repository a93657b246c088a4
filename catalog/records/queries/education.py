"""Reads: a person's education, and what waits for a coordinator."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, undefer

from catalog.accounts.models import Person
from catalog.courses.models import Course, CourseState
from catalog.extensions import db
from catalog.records.models import CheckState, Education, Evidence

PER_PAGE = 50


def _whole(statement: sa.Select[tuple[Education]]) -> sa.Select[tuple[Education]]:
    return statement.options(
        joinedload(Education.person, innerjoin=True),
        joinedload(Education.course),
        joinedload(Education.evidence),
        joinedload(Education.checked_by),
    ).execution_options(populate_existing=True)


def education(education_id: int) -> Education | None:
    return db.session.scalar(_whole(sa.select(Education).where(Education.id == education_id)))


def education_of(person: Person) -> Sequence[Education]:
    """The latest first; what is not finished yet before the rest."""
    return db.session.scalars(
        _whole(sa.select(Education).where(Education.person_id == person.id)).order_by(
            Education.finished_on.is_(None).desc(), Education.finished_on.desc(), Education.id.desc()
        )
    ).all()


def education_to_look_at(page: int) -> tuple[Sequence[Education], int]:
    """One page of what waits, the oldest first; and the number of pages."""
    waits = Education.state == CheckState.PENDING
    count = db.session.scalar(sa.select(sa.func.count()).select_from(Education).where(waits)) or 0
    pages = max(1, -(-count // PER_PAGE))
    start = (min(max(page, 1), pages) - 1) * PER_PAGE
    listed = _whole(sa.select(Education).where(waits)).order_by(Education.added_at, Education.id)
    return db.session.scalars(listed.limit(PER_PAGE).offset(start)).all(), pages


def evidence_with_content(evidence_id: int) -> Evidence | None:
    return db.session.scalar(
        sa.select(Evidence).options(undefer(Evidence.content)).where(Evidence.id == evidence_id)
    )


def programmes(of: Education | None = None) -> list[tuple[int, str]]:
    """The university programmes the catalog lists, by title; with the one that is chosen already."""
    is_listed = sa.and_(Course.apply_url != "", Course.state == CourseState.PUBLISHED)
    kept = Course.id == (of.course_id if of else None)
    found = sa.select(Course.id, Course.title).where(sa.or_(is_listed, kept)).order_by(Course.title)
    return [(row.id, row.title) for row in db.session.execute(found)]
