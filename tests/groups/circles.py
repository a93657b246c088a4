"""What the tests of groups begin with: a term of Ivo's group, with members, and everybody else who might look."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from flask import Flask

from catalog import clock
from catalog.accounts.models import Person
from catalog.competencies.models import Ledger
from catalog.courses.models import Course, CreditRule, Kind, Offering
from catalog.enrollment import services as enrollment
from catalog.enrollment.models import Enrollment
from catalog.extensions import db
from tests import factories as make
from tests.attendance.sheets import inside, qualified
from tests.factories import Cast

Member = Callable[[str], Person]
__all__ = ["Circle", "circle", "course", "inside", "qualified", "term"]


def course(**fields: Any) -> Course:
    defaults = {"kind": Kind.REFLECTIVE_GROUP, "credit_rule": CreditRule.PER_MEETING}
    return make.course("Reflective practice group", **{**defaults, **fields})


def term(trainer: Person, of: Course | None = None, seats: int = 8, **fields: Any) -> Offering:
    """A term of four meetings of two hours, a week apart, that begins in three weeks."""
    defaults = {"meetings": 4, "hours": 2, "trainer_id": trainer.id, "needs_approval": True}
    made = make.offering(of or course(), seats, **{**defaults, **fields})
    for meeting in made.meetings:
        meeting.ledger = Ledger.RSC
    db.session.flush()
    db.session.refresh(made)
    return made


def seated(person: Person, group: Offering, by: Person) -> Enrollment:
    return enrollment.add(person, group, by=by, reason="a member")


def begun(weeks: int = 0) -> datetime:
    """When a term began whose meeting number `weeks` + 1 was a few days ago."""
    return (clock.now() - timedelta(days=3, weeks=weeks)).replace(minute=0, second=0, microsecond=0)


class Circle:
    """Ivo's group with Ana and Bea in it."""

    def __init__(self, app: Flask, cast: Cast, **fields: Any) -> None:
        self.app, self.cast = app, cast
        with inside(app):
            ivo = db.session.get_one(Person, cast.ivo.id)
            group = term(ivo, **fields)
            self.bea = make.person("Bea Sample")
            self.ana_seat = seated(db.session.get_one(Person, cast.ana.id), group, ivo).id
            self.bea_seat = seated(self.bea, group, ivo).id
            self.id = group.id
            self.meeting_ids = [meeting.id for meeting in group.meetings]

    @property
    def url(self) -> str:
        return f"/groups/{self.id}"

    def meeting_url(self, number: int, verb: str) -> str:
        return f"{self.url}/meetings/{self.meeting_ids[number - 1]}/{verb}"

    @property
    def group(self) -> Offering:
        return db.session.get_one(Offering, self.id)


def circle(app: Flask, cast: Cast, **fields: Any) -> Circle:
    return Circle(app, cast, **fields)
