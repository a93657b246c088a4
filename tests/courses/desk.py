"""What the tests of authoring begin with: forms filled in as a trainer would, and a look into the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

from flask import Flask

from catalog import clock
from catalog.accounts.models import Person
from catalog.courses.models import Course, CourseArea, CourseTopic
from catalog.extensions import db, writing


def course_fields(**typed: Any) -> dict[str, Any]:
    """The form of a course with everything a browser sends; only the title is typed."""
    return {
        "title": "Sample course",
        "kind": "in_service",
        "age_band": "unknown",
        "listing": "open",
        "credit_rule": "full_from_percent",
        "credit_percent": "90",
        "format": "",
        "version": "1",
        **typed,
    }


def wall(text: str) -> datetime:
    """A time on the wall clock, such as "2027-03-14 02:30"; which zone is meant is said elsewhere."""
    return datetime.fromisoformat(text)


def in_days(days: int) -> str:
    return (clock.now().date() + timedelta(days=days)).isoformat()


def offering_fields(**typed: Any) -> dict[str, Any]:
    """The form of one morning in Montgomery, five weeks from now, with eight seats."""
    return {
        "zone": "America/Chicago",
        **meeting_fields(0, in_days(35)),
        "format": "in_person",
        "place": "Sample hall, Montgomery",
        "county": "01101",
        "capacity": "8",
        "version": "1",
        **typed,
    }


def meeting_fields(
    row: int, day: str | date, starts: str = "09:00", ends: str = "12:00", **typed: Any
) -> dict[str, Any]:
    fields = {"date": str(day), "starts": starts, "ends": ends, "ledger": "training", **typed}
    return {f"meetings-{row}-{name}": value for name, value in fields.items()}


@contextmanager
def inside(app: Flask) -> Iterator[None]:
    """Set-up and looks between two requests: committed at the end, and what was loaded can be read on."""
    with app.app_context():
        writing.set(True)
        db.session().expire_on_commit = False
        yield
        db.session.commit()


def rows_of(course: Course) -> list[CourseArea | CourseTopic]:
    """Every row of the course's mapping."""
    return [*course.areas, *course.topics]


def own(person: Person) -> Person:
    """The person as this context's session knows them."""
    return db.session.get_one(Person, person.id)
