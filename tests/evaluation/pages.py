"""A session of Ivo's in two requests' time: its numbers, and who was there."""

from dataclasses import dataclass

import sqlalchemy as sa
from flask import Flask

from catalog.accounts.models import Person
from catalog.courses.models import Asking, Offering
from catalog.enrollment import services as enrollment
from catalog.enrollment.models import Enrollment
from catalog.evaluation.models import Evaluation
from catalog.evaluation.services import Answers
from catalog.extensions import db
from tests.attendance.sheets import held, inside, mark_all, seat
from tests.evaluation.answers import GOOD, asked, given
from tests.factories import Cast


@dataclass(frozen=True)
class Scene:
    """Ana and eleven others were there; Otto had nothing to do with it."""

    app: Flask
    cast: Cast
    offering_id: int

    @property
    def url(self) -> str:
        return f"/offerings/{self.offering_id}/evaluation"

    @property
    def offering(self) -> Offering:
        return db.session.get_one(Offering, self.offering_id)

    def answer(self, people: int, answers: Answers = GOOD) -> None:
        """So many of the eleven, who have not answered yet."""
        with inside(self.app):
            of = sa.select(Enrollment).join(Enrollment.person).where(Person.name.startswith("Person"))
            given(self.offering, list(db.session.scalars(of.order_by(Enrollment.id)))[:people], answers)

    def saved(self) -> list[Evaluation]:
        with inside(self.app):
            return list(db.session.scalars(sa.select(Evaluation)))


def scene(app: Flask, cast: Cast, asking: Asking = Asking.OPTIONAL) -> Scene:
    with inside(app):
        ivo, ana = (db.session.get_one(Person, person.id) for person in (cast.ivo, cast.ana))
        offering = held(asked(asking, title="Sample evening"), seats=12, trainer_id=ivo.id)
        enrollment.add(ana, offering, by=ivo)
        seat(offering, *(f"Person{number} Sample" for number in range(11)), by=ivo)
        mark_all(offering, by=ivo)
        return Scene(app, cast, offering.id)
