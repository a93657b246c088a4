"""A session that met over video on 2 February 2026: Ivo leads it, Ana and Otto and José sit on it."""

from dataclasses import dataclass
from io import BytesIO

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from catalog import clock
from catalog.accounts.models import Person
from catalog.attendance.models import Mark, Recording
from catalog.courses.models import Offering
from catalog.enrollment import services as enrollment
from catalog.enrollment.models import Enrollment
from catalog.extensions import db
from catalog.video.models import Report
from tests import factories as make
from tests.attendance.sheets import inside, mark
from tests.factories import Cast
from tests.video.samples import CHICAGO, NINE, zoom, zoom_row


@dataclass(frozen=True)
class Scene:
    app: Flask
    cast: Cast
    offering_id: int
    meeting_id: int
    ids: dict[str, int]
    """Enrollments by first name."""

    @property
    def url(self) -> str:
        return f"/meetings/{self.meeting_id}/video-report"

    def report(self) -> bytes:
        """Ana 9 minutes late and known by her address, Otto twice and by name, José not there, somebody unknown."""
        ana, otto = self.cast.ana, self.cast.otto
        return zoom(
            zoom_row("Ivo Sample", self.cast.ivo.email, "08:55:00"),
            zoom_row("Ana's iPad", ana.email, came="08:50:00", left="09:09:00", waiting="Yes"),
            zoom_row("Ana's iPad", ana.email, came="09:09:00"),
            zoom_row(otto.name, "", "09:00:00", "10:30:00"),
            zoom_row(otto.name, "", "10:00:00", "11:00:00"),
            zoom_row("Nina New", "nina@example.org", "09:00:00", "12:00:00"),
        )

    def mark(self, name: str, minutes: int) -> None:
        with inside(self.app):
            enrolled = db.session.get_one(Enrollment, self.ids[name])
            mark(
                enrolled.offering.meetings[0],
                enrolled,
                minutes,
                by=db.session.get_one(Person, self.cast.ivo.id),
            )

    def saved(self) -> dict[str, int]:
        """Minutes by first name."""
        with inside(self.app):
            rows = db.session.execute(
                sa.select(Person.name, Mark.minutes).join(Mark.enrollment).join(Enrollment.person)
            )
            return {row.name.split()[0]: row.minutes for row in rows}

    def recordings(self) -> int:
        with inside(self.app):
            return db.session.scalar(sa.select(sa.func.count(Recording.id))) or 0

    def kept(self) -> list[Report]:
        with inside(self.app):
            return list(db.session.scalars(sa.select(Report)))


def scene(app: Flask, cast: Cast) -> Scene:
    with inside(app):
        starts = clock.now().replace(2026, 2, 2, 15, 0, 0, 0)
        offering = make.offering(make.course("Attachment at home"), starts=starts, trainer_id=cast.ivo.id)
        ivo = db.session.get_one(Person, cast.ivo.id)
        people = [db.session.get_one(Person, one.id) for one in (cast.ana, cast.otto)]
        people.append(make.person("José Sample", email="jose@example.org"))
        seated = [enrollment.add(person, offering, by=ivo) for person in people]
        ids = {one.person.name.split()[0]: one.id for one in seated}
        return Scene(app, cast, offering.id, offering.meetings[0].id, ids)


def send(
    browser: FlaskClient,
    scene: Scene,
    data: bytes | None = None,
    zone: str = CHICAGO,
    name: str = "report.csv",
) -> TestResponse:
    data = scene.report() if data is None else data
    return browser.post(scene.url, data={"report": (BytesIO(data), name), "zone": zone})


def offering(scene: Scene) -> Offering:
    return db.session.get_one(Offering, scene.offering_id)


def fill(scene: Scene) -> None:
    """Take every seat that is left."""
    of = offering(scene)
    ivo = db.session.get_one(Person, scene.cast.ivo.id)
    for _ in range(2):
        enrollment.add(make.person("Somebody Sample"), of, by=ivo)


__all__ = ["NINE", "Scene", "fill", "offering", "scene", "send"]
