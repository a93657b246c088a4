"""What the tests of attendance begin with: sessions that were held, and people who sat on them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import Flask

from catalog import clock
from catalog.accounts.models import Person, Qualification
from catalog.attendance import queries, services
from catalog.attendance.models import Mark
from catalog.attendance.sheet import Cell
from catalog.courses.models import Course, Meeting, Offering
from catalog.enrollment import services as enrollment
from catalog.enrollment.models import Enrollment
from catalog.extensions import db, writing
from tests import factories as make
from tests.factories import Cast


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


@contextmanager
def inside(app: Flask) -> Iterator[None]:
    """Set-up and looks between two requests: committed at the end, and what was loaded can be read on."""
    with app.app_context():
        writing.set(True)
        db.session().expire_on_commit = False
        yield
        db.session.commit()


@dataclass(frozen=True)
class Scene:
    """Ivo's session with one meeting of 180 minutes, over for weeks, which Ana and Otto sat on."""

    app: Flask
    cast: Cast
    offering_id: int
    meeting_id: int
    ana_id: int
    otto_id: int

    @property
    def url(self) -> str:
        return f"/offerings/{self.offering_id}/attendance"

    @property
    def ana(self) -> str:
        """What Ana's cell is called."""
        return f"{self.meeting_id}-{self.ana_id}"

    @property
    def otto(self) -> str:
        return f"{self.meeting_id}-{self.otto_id}"

    def mark_url(self, enrollment_id: int) -> str:
        return f"/meetings/{self.meeting_id}/marks/{enrollment_id}"

    @property
    def offering(self) -> Offering:
        return db.session.get_one(Offering, self.offering_id)

    def enrolled(self, enrollment_id: int) -> Enrollment:
        return db.session.get_one(Enrollment, enrollment_id)

    @property
    def ivo(self) -> Person:
        return db.session.get_one(Person, self.cast.ivo.id)

    def mark(self, enrollment_id: int, minutes: int) -> None:
        with inside(self.app):
            mark(self.offering.meetings[0], self.enrolled(enrollment_id), minutes, by=self.ivo)

    def remove(self, enrollment_id: int) -> None:
        with inside(self.app):
            enrollment.remove(self.enrolled(enrollment_id), by=self.ivo, reason="came by mistake")

    def close(self) -> None:
        with inside(self.app):
            mark_all(self.offering, by=self.ivo)
            services.close(self.offering, by=self.ivo)

    def saved(self) -> dict[str, int]:
        """Minutes by first name."""
        with inside(self.app):
            rows = db.session.execute(
                sa.select(Person.name, Mark.minutes).join(Mark.enrollment).join(Enrollment.person)
            )
            return {row.name.split()[0]: row.minutes for row in rows}


def scene(app: Flask, cast: Cast) -> Scene:
    with inside(app):
        offering = held(trainer_id=cast.ivo.id)
        ivo = db.session.get_one(Person, cast.ivo.id)
        ana, otto = (
            enrollment.add(db.session.get_one(Person, person.id), offering, by=ivo)
            for person in (cast.ana, cast.otto)
        )
        return Scene(app, cast, offering.id, offering.meetings[0].id, ana.id, otto.id)


def enrollments(offering: Offering) -> list[Enrollment]:
    return list(db.session.scalars(sa.select(Enrollment).where(Enrollment.offering_id == offering.id)))
