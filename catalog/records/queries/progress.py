"""Reads: how far somebody is in the certificate courses they have begun."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, selectinload

from catalog.accounts.models import Person
from catalog.attendance.models import Credit
from catalog.certificates.models import Certificate, CertificateKind
from catalog.certificates.queries import course_certificates
from catalog.courses.models import Course, CourseState, Kind, Offering, OfferingState, course_component
from catalog.enrollment.models import Enrollment, State
from catalog.extensions import db

MOST_SESSIONS = 3
"""So many of the coming sessions of a part that is missing are named; the course page has them all."""


@dataclass(frozen=True)
class Part:
    """A course that the certificate course consists of, and where the person stands with it."""

    course: Course
    finished_on: date | None = None
    booked: Offering | None = None
    """The session they have a seat on, whose hours are not given yet."""
    sessions: list[Offering] = field(default_factory=list)
    """Where a seat can be taken, the soonest first; asked only for what is missing."""


@dataclass(frozen=True)
class Progress:
    course: Course
    parts: list[Part]
    certificate: Certificate | None
    """The course's own certificate in force."""

    @property
    def finished(self) -> int:
        return sum(part.finished_on is not None for part in self.parts)

    @property
    def is_finished(self) -> bool:
        return bool(self.parts) and self.finished == len(self.parts)


def certificate_course(course_id: int) -> Course | None:
    """The certificate course with its parts in their order; nothing that is not public."""
    return db.session.scalar(
        sa.select(Course)
        .options(selectinload(Course.components))
        .where(
            Course.id == course_id,
            Course.kind == Kind.CERTIFICATE_COURSE,
            Course.state == CourseState.PUBLISHED,
        )
    )


def progress(person: Person, course: Course, at: datetime) -> Progress:
    """With the sessions of what is missing."""
    ids = [part.id for part in course.components]
    finished, booked = finished_parts([person.id], ids), _booked(person, ids)
    missing = [one for one in ids if (person.id, one) not in finished and one not in booked]
    sessions = _sessions(missing, at)
    standing = [one for one in course_certificates(person, course) if one.is_in_force]
    parts = [
        Part(part, finished.get((person.id, part.id)), booked.get(part.id), sessions.get(part.id, []))
        for part in course.components
    ]
    return Progress(course, parts, standing[-1] if standing else None)


def begun(person: Person, certificates: Sequence[Certificate]) -> list[Progress]:
    """The certificate courses of which the person has finished or booked a part, by title; of those they hold a
    certificate of, too. `certificates` are all of theirs that are in force."""
    finished = {course: on for (_, course), on in finished_parts([person.id]).items()}
    booked = _booked(person)
    held = {one.course_id: one for one in certificates if one.kind == CertificateKind.COURSE}
    if not (finished or booked or held):
        return []
    touched = sa.select(course_component.c.course_id).where(
        course_component.c.component_id.in_([*finished, *booked])
    )
    is_begun = sa.and_(Course.id.in_(touched), Course.state == CourseState.PUBLISHED)
    courses = db.session.scalars(
        sa.select(Course)
        .options(selectinload(Course.components))
        .where(Course.kind == Kind.CERTIFICATE_COURSE, sa.or_(is_begun, Course.id.in_(list(held))))
        .order_by(Course.title, Course.id)
    )
    return [
        Progress(
            course,
            [Part(part, finished.get(part.id), booked.get(part.id)) for part in course.components],
            held.get(course.id),
        )
        for course in courses
    ]


def finished_parts(
    person_ids: Collection[int], course_ids: Collection[int] | None = None
) -> dict[tuple[int, int], date]:
    """When each of these people first earned minutes that count from each of these courses: by (person, course).
    Hours that do not count finish nothing."""
    found = (
        sa.select(Credit.person_id, Offering.course_id, sa.func.min(Credit.earned_on))
        .join(Offering, Offering.id == Credit.offering_id)
        .where(
            Credit.person_id.in_(person_ids),
            Credit.superseded_at.is_(None),
            Credit.minutes > 0,
            Credit.not_counted_because == "",
        )
        .group_by(Credit.person_id, Offering.course_id)
    )
    if course_ids is not None:
        found = found.where(Offering.course_id.in_(course_ids))
    return {(row[0], row[1]): row[2] for row in db.session.execute(found)}


def _booked(person: Person, course_ids: Collection[int] | None = None) -> dict[int, Offering]:
    """By course, the soonest session with a seat whose hours are not given yet; only courses that are parts."""
    parts = course_ids if course_ids is not None else sa.select(course_component.c.component_id)
    found = db.session.scalars(
        sa.select(Enrollment)
        .join(Enrollment.offering)
        .options(contains_eager(Enrollment.offering))
        .where(
            Enrollment.person_id == person.id,
            Enrollment.state == State.SEATED,
            Offering.state == OfferingState.SCHEDULED,
            Offering.settled_at.is_(None),
            Offering.course_id.in_(parts),
        )
        .order_by(Offering.starts_at.desc(), Offering.id.desc())
    )
    return {one.offering.course_id: one.offering for one in found}


def _sessions(course_ids: Sequence[int], at: datetime) -> dict[int, list[Offering]]:
    if not course_ids:
        return {}
    coming = db.session.scalars(
        sa.select(Offering)
        .where(
            Offering.course_id.in_(course_ids),
            Offering.state == OfferingState.SCHEDULED,
            sa.or_(Offering.starts_at > at, Offering.starts_at.is_(None)),
        )
        .order_by(Offering.starts_at.is_(None), Offering.starts_at, Offering.id)
        .limit(20 * len(course_ids))
    )
    found: dict[int, list[Offering]] = {}
    for offering in coming:
        mine = found.setdefault(offering.course_id, [])
        if offering.is_open(at) and len(mine) < MOST_SESSIONS:
            mine.append(offering)
    return found
