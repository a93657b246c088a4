"""What the tests of attendance begin with: sessions that were held, and people who sat on them."""

from datetime import datetime, timedelta
from typing import Any

from catalog import clock
from catalog.accounts.models import Person, Qualification
from catalog.attendance import queries, services
from catalog.attendance.queries import Cell
from catalog.courses.models import Course, Meeting, Offering
from catalog.enrollment import services as enrollment
from catalog.enrollment.models import Enrollment
from catalog.extensions import db
from tests import factories as make


def some_days_ago(days: int = 60) -> datetime:
    return (clock.now() - timedelta(days=days)).replace(hour=15, minute=0, second=0, microsecond=0)


def held(of: Course | None = None, **fields: Any) -> Offering:
    """A session that is over, of a course with one area; a meeting has 180 minutes."""
    defaults = {"of": of or make.course(areas=("TF",)), "starts": some_days_ago()}
    return make.offering(**{**defaults, **fields})


def seat(offering: Offering, *names: str, by: Person) -> list[Enrollment]:
    people = [make.person(name) for name in names]
    return [enrollment.add(person, offering, by=by) for person in people]


def mark(meeting: Meeting, enrolled: Enrollment, minutes: int, *, by: Person) -> None:
    services.mark(meeting.offering, [Cell(meeting, enrolled, minutes)], by=by)


def mark_all(offering: Offering, minutes: int | None = None, *, by: Person) -> None:
    """Everyone at every meeting: so many minutes, or the whole of each."""
    for cell in queries.sheet(offering, clock.now()).cells:
        length = cell.meeting.minutes
        mark(cell.meeting, cell.enrollment, length if minutes is None else minutes, by=by)


def qualified(person: Person, **fields: Any) -> Qualification:
    """Something that lets this person provide RSC."""
    qualification = Qualification(
        person_id=person.id, label="Sample reflective supervisor", provides_rsc=True, **fields
    )
    db.session.add(qualification)
    db.session.flush()
    return qualification
