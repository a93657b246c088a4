"""Writes: whoever has finished all parts of a certificate course gets the course's own certificate."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from catalog.accounts.models import Person
from catalog.attendance.models import Credit
from catalog.certificates import services as certificates
from catalog.certificates.models import Certificate, CertificateKind
from catalog.certificates.queries import IN_FORCE
from catalog.courses.models import Course, CourseState, Kind, Offering, course_component
from catalog.extensions import db
from catalog.records.queries.progress import finished_parts
from catalog.records.refusals import NotFinished

PART_GONE = "The hours of a part were corrected, and none of them count any more."
Standing = dict[tuple[int, int], Certificate]


def finish_courses(offering_id: int) -> list[Certificate]:
    """After the hours of an offering were given or corrected: bring the certificates of the certificate courses that
    its course is a part of in line with them, and give those that are issued, now or before. Done twice it does
    nothing more.

    A part that is added to a course later takes nothing from those who had finished it as it was."""
    offering = db.session.get(Offering, offering_id)
    courses = _courses_with(offering.course_id) if offering else []
    people = _people_of(offering_id) if courses else []
    if offering is None or not people:
        return []
    parts = {part.id for course in courses for part in course.components}
    finished = finished_parts([person.id for person in people], parts)
    standing = _standing(people, courses)
    found = []
    for course in courses:
        for person in people:
            has = {part for one, part in finished if one == person.id}
            found.append(
                _settle(person, course, has, offering.course_id, standing.get((person.id, course.id)))
            )
    return [one for one in found if one]


def claim(person: Person, course: Course) -> Certificate | None:
    """For those who had finished every part before the course asked for them. None where it was revoked."""
    parts = [part.id for part in course.components]
    if not parts or len(finished_parts([person.id], parts)) < len(parts):
        raise NotFinished
    return certificates.issue_for_course(person, course)


def _settle(
    person: Person, course: Course, has: set[int], part_id: int, standing: Certificate | None
) -> Certificate | None:
    if standing is None:
        is_finished = all(part.id in has for part in course.components)
        if not is_finished or course.state != CourseState.PUBLISHED:
            return None
        return certificates.issue_for_course(person, course)
    if part_id in has:
        return certificates.issue_for_course(person, course)
    if _stood_on(standing, part_id):
        certificates.revoke(standing, by=None, reason=PART_GONE)
        return None
    return standing


def _stood_on(certificate: Certificate, part_id: int) -> bool:
    """Whether hours of this part counted when the certificate was issued."""
    then = sa.exists().where(
        Credit.person_id == certificate.person_id,
        Credit.offering_id == Offering.id,
        Offering.course_id == part_id,
        Credit.minutes > 0,
        Credit.not_counted_because == "",
        Credit.given_at <= certificate.issued_at,
    )
    return bool(db.session.scalar(sa.select(then)))


def _courses_with(part_id: int) -> Sequence[Course]:
    return db.session.scalars(
        sa.select(Course)
        .join(course_component, course_component.c.course_id == Course.id)
        .options(selectinload(Course.components))
        .where(course_component.c.component_id == part_id, Course.kind == Kind.CERTIFICATE_COURSE)
        .order_by(Course.id)
    ).all()


def _people_of(offering_id: int) -> Sequence[Person]:
    """Whoever has credit of it, or had some that was corrected. In the order in which their rows are locked."""
    has_credit = sa.select(Credit.person_id).where(Credit.offering_id == offering_id)
    return db.session.scalars(sa.select(Person).where(Person.id.in_(has_credit)).order_by(Person.id)).all()


def _standing(people: Sequence[Person], courses: Sequence[Course]) -> Standing:
    found = db.session.scalars(
        sa.select(Certificate).where(
            Certificate.kind == CertificateKind.COURSE,
            Certificate.person_id.in_([person.id for person in people]),
            Certificate.course_id.in_([course.id for course in courses]),
            *IN_FORCE,
        )
    )
    return {(one.person_id, one.course_id): one for one in found}
