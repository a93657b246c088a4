"""An offer whose letter left late, as mail or the worker was away, is held on: nobody loses their turn unheard."""

import threading
from datetime import datetime, timedelta
from typing import NamedTuple

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from catalog import clock
from catalog.cli.work import handlers
from catalog.config import Settings
from catalog.enrollment import services
from catalog.enrollment.models import Enrollment, State
from catalog.extensions import db, writing
from catalog.notices import mail, worker
from catalog.notices.models import Job
from catalog.notices.outcomes import NO_LONGER_SO, SENT
from catalog.wording import moment
from tests import factories as make

pytestmark = pytest.mark.usefixtures("context")
HELD = timedelta(hours=48)


class Scene(NamedTuple):
    app: Flask
    settings: Settings
    first: Enrollment
    second: Enrollment
    began: datetime

    def works(self, after: timedelta, *, mail_is_away: bool = False) -> None:
        """The worker does what is due so long after the offer was made."""

        def away(_job_id: int, _payload: object) -> None:
            raise mail.NotLetIn("away")

        does = dict(handlers(self.settings))
        if mail_is_away:
            does["mail"] = away
        db.session.commit()
        with time_machine.travel(self.began + after, tick=False):
            worker.work(self.app, does, stop=threading.Event(), once=True)
        db.session.rollback()
        db.session.expire_all()
        writing.set(True)

    def ends(self) -> timedelta | None:
        until = self.first.offer_ends_at
        return until - self.began if until else None

    def outcomes(self) -> list[str | None]:
        """What became of the letters that offer the first of the queue the seat."""
        return [job.outcome for job in self.letters()]

    def letters(self) -> list[Job]:
        key = f"offer {self.first.id} %"
        return list(db.session.scalars(sa.select(Job).where(Job.dedupe_key.like(key)).order_by(Job.id)))


@pytest.fixture
def scene(app: Flask, settings: Settings) -> Scene:
    offering, leaver = make.offering(seats=1), make.person()
    seated = services.enroll(leaver, offering, by=leaver)
    waiting = [services.enroll(person, offering, by=person) for person in (make.person(), make.person())]
    began = clock.now().replace(microsecond=0)
    with time_machine.travel(began, tick=False):
        services.withdraw(seated, by=leaver)
    db.session.commit()
    scene = Scene(app, settings, waiting[0], waiting[1], began)
    assert (scene.first.state, scene.ends()) == (State.OFFERED, HELD)
    return scene


def test_who_was_told_in_time_loses_it_in_time(scene: Scene) -> None:
    scene.works(timedelta(minutes=1))
    scene.works(HELD + timedelta(minutes=1))
    assert (scene.first.state, scene.second.state) == (State.LAPSED, State.OFFERED)


def test_while_mail_is_away_the_offer_is_held_on_and_the_letter_says_until_when(scene: Scene) -> None:
    scene.works(timedelta(minutes=1), mail_is_away=True)
    over = HELD + timedelta(minutes=1)
    scene.works(over, mail_is_away=True)
    assert (scene.first.state, scene.second.state) == (State.OFFERED, State.WAITING)
    assert scene.ends() == over + HELD
    scene.works(over + timedelta(hours=2))
    old, new = scene.outcomes()
    assert old == NO_LONGER_SO
    assert (new or "").startswith(SENT)
    until = moment(scene.began + over + HELD, scene.first.offering.zone)
    assert until in scene.letters()[-1].payload["text"]


def test_a_worker_that_was_away_for_days_tells_before_it_takes(scene: Scene) -> None:
    late = timedelta(hours=63)
    scene.works(late)
    assert (scene.first.state, scene.ends()) == (State.OFFERED, late + HELD)
    old, new = scene.outcomes()
    assert old == NO_LONGER_SO
    assert (new or "").startswith(SENT)
    scene.works(late + HELD + timedelta(minutes=1))
    assert (scene.first.state, scene.second.state) == (State.LAPSED, State.OFFERED)


def test_a_letter_that_left_late_gives_the_time_it_took(scene: Scene) -> None:
    scene.works(timedelta(hours=30))
    scene.works(HELD + timedelta(minutes=1))
    assert (scene.first.state, scene.ends()) == (State.OFFERED, timedelta(hours=30) + HELD)
    scene.works(timedelta(hours=30) + HELD + timedelta(minutes=1))
    assert scene.first.state == State.LAPSED


def test_on_the_last_day_nobody_is_waited_for(scene: Scene) -> None:
    starts = scene.first.offering.starts_at
    assert starts
    scene.works(starts - scene.began - timedelta(hours=20), mail_is_away=True)
    assert scene.first.state == State.LAPSED
