"""Who is there when the killing begins: twenty people at their browsers, and sessions for them to use."""

from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from flask import Flask

from catalog import clock
from catalog.accounts import services as accounts
from catalog.accounts.models import Person
from catalog.courses.models import Offering
from catalog.enrollment import services as enrollment
from catalog.extensions import db, writing
from tests import factories as make

LEARNERS, TRAINERS, IMPORTERS, DESKS = 10, 4, 3, 3
OPEN, SEATS = 12, 4
ON_A_SHEET = 8


@dataclass(frozen=True)
class Someone:
    id: int
    email: str
    token: str


@dataclass(frozen=True)
class Sheet:
    """A session that was held, whose trainer marks who was there."""

    offering_id: int
    meeting_id: int
    enrollment_ids: tuple[int, ...]


@dataclass(frozen=True)
class Scene:
    learners: list[Someone]
    trainers: list[tuple[Someone, Sheet]]
    importers: list[Someone]
    desks: list[Someone]
    open: dict[int, str]
    """Sessions with few seats and a waitlist, and the titles of their courses, which are all different."""
    list_ids: list[int]
    """Sessions without a limit, one for each desk, that lists of people are brought onto."""


def set_up(app: Flask) -> Scene:
    with app.app_context():
        writing.set(True)
        scene = _scene()
        db.session.commit()
    return scene


def _scene() -> Scene:
    make.topic("TF.attachment")
    learners = [_someone(f"Learner{n} Sample") for n in range(LEARNERS)]
    trainers = [_someone(f"Trainer{n} Sample", is_trainer=True) for n in range(TRAINERS)]
    sessions = [make.offering(make.course(f"Torture course {n:02}"), seats=SEATS) for n in range(OPEN)]
    lists = [make.offering(make.course(f"Torture list {n}"), seats=None) for n in range(DESKS)]
    return Scene(
        learners,
        [(trainer, _sheet(trainer)) for trainer in trainers],
        [_someone(f"Importer{n} Sample") for n in range(IMPORTERS)],
        [_someone(f"Desk{n} Sample", coordinates=True) for n in range(DESKS)],
        {one.id: one.course.title for one in sessions},
        [one.id for one in lists],
    )


def _someone(name: str, **fields: bool) -> Someone:
    person = make.person(name, **fields)
    return Someone(person.id, person.email, accounts.begin_sign_in(person))


def _sheet(trainer: Someone) -> Sheet:
    by = db.session.get_one(Person, trainer.id)
    starts = (clock.now() - timedelta(days=3)).replace(hour=15, minute=0, second=0, microsecond=0)
    offering = make.offering(starts=starts, seats=ON_A_SHEET, trainer_id=trainer.id)
    rows = [enrollment.add(make.person(), offering, by=by) for _ in range(ON_A_SHEET)]
    meeting = db.session.scalars(sa.select(Offering).where(Offering.id == offering.id)).one().meetings[0]
    return Sheet(offering.id, meeting.id, tuple(row.id for row in rows))
