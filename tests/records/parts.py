"""Certificate courses, and people who go through their parts."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from catalog.accounts.models import Person
from catalog.attendance import services as attendance
from catalog.attendance.sheet import Cell
from catalog.courses.models import Course, Kind, Offering, course_component
from catalog.enrollment import services as enrollment
from catalog.enrollment.models import Enrollment
from catalog.extensions import db
from tests import factories as make
from tests.attendance import sheets


def certificate_course(
    *parts: Course, title: str = "Foundations certificate (sample)", **fields: Any
) -> Course:
    course = make.course(title, kind=Kind.CERTIFICATE_COURSE, **fields)
    put_together(course, parts)
    return course


def put_together(course: Course, parts: Sequence[Course]) -> None:
    rows = [
        {"course_id": course.id, "component_id": part.id, "position": position}
        for position, part in enumerate(parts, 1)
    ]
    db.session.execute(sa.delete(course_component).where(course_component.c.course_id == course.id))
    if rows:
        db.session.execute(sa.insert(course_component), rows)
    db.session.expire(course)


def finish(person: Person, course: Course, *, by: Person, minutes: int = 180) -> Offering:
    """A session of the course that is over and closed, on which the person was for so long."""
    offering = sheets.held(course)
    seat = enrollment.add(person, offering, by=by)
    attendance.mark(offering, [Cell(offering.meetings[0], seat, minutes)], by=by)
    attendance.close(offering, by=by)
    return offering


def correct(offering: Offering, minutes: int, *, by: Person) -> None:
    [seat] = db.session.scalars(sa.select(Enrollment).where(Enrollment.offering_id == offering.id))
    attendance.correct(offering, [Cell(offering.meetings[0], seat, minutes)], by=by, reason="a mistake")
