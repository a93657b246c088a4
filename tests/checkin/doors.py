"""What the tests of check-in begin with: a session that has begun, its door, and people who sit on it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from catalog import clock
from catalog.accounts.models import Person
from catalog.attendance.models import Mark
from catalog.checkin import codes, services
from catalog.checkin.models import Door
from catalog.courses.models import Meeting, Offering
from catalog.enrollment import services as enrollment
from catalog.enrollment.models import Enrollment
from catalog.extensions import db
from tests import factories as make
from tests.attendance.sheets import inside
from tests.factories import Cast

LoginAs = Callable[[Person], FlaskClient]
NINE = datetime.fromisoformat("2027-01-12T15:00:00+00:00")
"""Nine in the morning in Montgomery: the meeting lasts until noon."""


@dataclass(frozen=True)
class Scene:
    """Ivo's session from nine to noon with three seats, one of them Ana's, and its open door."""

    app: Flask
    cast: Cast
    offering_id: int
    meeting_id: int

    @property
    def url(self) -> str:
        return f"/check-in/{self.meeting_id}"

    @property
    def door_url(self) -> str:
        return f"/meetings/{self.meeting_id}/door"

    def door(self) -> Door:
        return db.session.get_one(Door, self.meeting_id)

    def change(self, **allowed: bool) -> None:
        with inside(self.app):
            services.open_door(self.meeting(), by=self.person(self.cast.ivo), **allowed)

    def meeting(self) -> Meeting:
        return db.session.get_one(Meeting, self.meeting_id)

    def person(self, of: Person) -> Person:
        return db.session.get_one(Person, of.id)

    def offering(self) -> Offering:
        return db.session.get_one(Offering, self.offering_id)

    def seat(self, person: Person) -> None:
        with inside(self.app):
            enrollment.add(self.person(person), self.offering(), by=self.person(self.cast.ivo))

    def drawn(self, at: datetime | None = None) -> str:
        """Where the code leads that the screen shows at that moment, now by default."""
        with inside(self.app):
            return "/in/" + codes.drawn(self.door().secret, self.meeting_id, at or clock.now())

    def spoken(self, at: datetime | None = None) -> str:
        with inside(self.app):
            return codes.spoken(self.door().secret, self.meeting_id, at or clock.now())

    def printed(self) -> str:
        with inside(self.app):
            return "/in/" + codes.printed(str(self.door().printed_secret), self.meeting_id)

    def marks(self) -> dict[str, Mark]:
        """Marks by first name."""
        with inside(self.app):
            rows = db.session.execute(
                sa.select(Person.name, Mark).join(Mark.enrollment).join(Enrollment.person)
            )
            return {name.split()[0]: mark for name, mark in rows}


def scene(app: Flask, cast: Cast, starts: datetime = NINE, **allowed: Any) -> Scene:
    with inside(app):
        offering = make.offering(seats=3, starts=starts, trainer_id=cast.ivo.id)
        ivo, ana = (db.session.get_one(Person, person.id) for person in (cast.ivo, cast.ana))
        with clock.at(starts - timedelta(hours=2)):
            enrollment.add(ana, offering, by=ivo)
            services.open_door(offering.meetings[0], by=ivo, **allowed)
        return Scene(app, cast, offering.id, offering.meetings[0].id)


@contextmanager
def at(minutes: float) -> Iterator[None]:
    """So many minutes after nine."""
    with clock.at(NINE + timedelta(minutes=minutes)):
        yield


def scan_and(do: str, browser: FlaskClient, scene: Scene, url: str | None = None) -> Any:
    """Scan what the screen shows now, and press the button."""
    answer = browser.get(url or scene.drawn())
    assert (answer.status_code, answer.location) == (303, scene.url)
    return browser.post(scene.url, data={"do": do})
