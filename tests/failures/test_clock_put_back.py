"""The clock was ahead and is put right, by an hour or by a day: nothing waits until that time comes again."""

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from catalog import clock
from catalog.accounts import services as accounts
from catalog.accounts.queries import person_signed_in
from catalog.attendance.models import Mark
from catalog.enrollment import services as enrollment
from catalog.enrollment.models import State
from catalog.extensions import db
from catalog.notices import mail, services, worker
from catalog.notices.models import Job, JobState
from tests import factories as make
from tests.attendance import sheets

pytestmark = pytest.mark.usefixtures("context")
RIGHT = datetime.fromisoformat("2027-03-10T15:20:00+00:00")


@pytest.fixture(params=[timedelta(hours=1), timedelta(days=1)], ids=["an hour", "a day"])
def ahead(request: pytest.FixtureRequest) -> datetime:
    """What the clock says while it is wrong."""
    return RIGHT + timedelta(request.param.days, request.param.seconds)


@pytest.fixture
def travel() -> Iterator[None]:
    with time_machine.travel(RIGHT, tick=False):
        yield


def work(app: Flask, done: list[int], hourly: tuple[str, ...] = ()) -> None:
    db.session.commit()
    handlers: dict[str, worker.Handler] = {"count": lambda job_id, _payload: done.append(job_id)}
    worker.work(app, handlers, stop=threading.Event(), once=True, hourly=hourly)
    db.session.rollback()


def test_a_job_that_was_leased_then_is_leased_again(ahead: datetime) -> None:
    with time_machine.travel(ahead, tick=False):
        services.queue("count", {})
        assert len(services.lease("one that was killed")) == 1
    with time_machine.travel(RIGHT, tick=False):
        assert len(services.lease("another")) == 1
        assert services.lease("a third") == []


def test_what_was_asked_for_at_once_then_is_done_at_once(app: Flask, ahead: datetime) -> None:
    done: list[int] = []
    with time_machine.travel(ahead, tick=False):
        services.queue("count", {})
        db.session.commit()
    with time_machine.travel(RIGHT, tick=False):
        work(app, done)
    assert len(done) == 1


def test_what_was_asked_for_later_still_waits(app: Flask, ahead: datetime) -> None:
    done: list[int] = []
    with time_machine.travel(ahead, tick=False):
        services.queue("count", {}, at=clock.now() + timedelta(hours=48))
        db.session.commit()
    with time_machine.travel(RIGHT, tick=False):
        work(app, done)
    assert done == []


def test_what_rested_then_does_not_rest_for_a_day() -> None:
    with time_machine.travel(RIGHT + timedelta(days=1), tick=False):
        services.queue("count", {})
        (job,) = services.lease("a worker")
        services.fail(job, "a worker", "no reason")
    with time_machine.travel(RIGHT, tick=False):
        assert services.is_work_due()


def test_the_hours_that_come_again_are_asked_for_again(app: Flask, ahead: datetime) -> None:
    done: list[int] = []
    hour = ahead.replace(minute=0)
    while hour >= RIGHT.replace(minute=0):  # every hour until it is noticed has been done already
        services.queue("count", {}, dedupe_key=f"count {hour:%Y-%m-%dT%H}")
        hour -= timedelta(hours=1)
    db.session.execute(sa.update(Job).values(state=JobState.DONE))
    with time_machine.travel(RIGHT, tick=False):
        work(app, done, hourly=("count",))
    for hours in (1, 2):
        with time_machine.travel(RIGHT + timedelta(hours=hours), tick=False):
            work(app, done, hourly=("count",))
    assert len(done) == 2


def test_a_worker_that_lets_mail_rest_does_not_let_it_rest_for_a_day(app: Flask, ahead: datetime) -> None:
    """It goes on running while its clock is put back."""
    done: list[int] = []
    stop = threading.Event()

    def away(job_id: int, _payload: object) -> None:
        done.append(job_id)
        if len(done) == 1:
            travelling.stop()
            raise mail.ServerAway
        stop.set()

    services.queue("count", {})
    services.queue("count", {})
    db.session.execute(sa.update(Job).values(run_at=RIGHT, created_at=RIGHT))
    db.session.commit()
    travelling = time_machine.travel(ahead, tick=False)
    with pytest.MonkeyPatch.context() as patch, time_machine.travel(RIGHT, tick=False):
        patch.setattr(worker, "REST_SECONDS", 0.2)
        travelling.start()
        threading.Timer(10, stop.set).start()
        worker.work(app, {"count": away}, stop=stop, pause=0.05)
    db.session.rollback()
    assert len(done) == 2


@pytest.mark.usefixtures("travel")
def test_an_offer_that_was_made_then_can_be_taken_and_runs_out(ahead: datetime) -> None:
    with time_machine.travel(ahead, tick=False):
        offering, people = make.offering(seats=1), [make.person(), make.person(), make.person()]
        first, second, third = (enrollment.enroll(one, offering, by=one) for one in people)
        enrollment.withdraw(first, by=people[0])
        assert second.offer_ends_at is not None
    enrollment.accept(second, by=people[1])
    assert second.state == State.SEATED
    enrollment.withdraw(second, by=people[1])
    assert third.state == State.OFFERED
    assert third.offer_ends_at is not None
    with time_machine.travel(third.offer_ends_at + timedelta(minutes=1), tick=False):
        assert enrollment.lapse_offers() == 1


@pytest.mark.usefixtures("travel")
def test_a_sign_in_of_then_still_holds(ahead: datetime) -> None:
    with time_machine.travel(ahead, tick=False):
        token = accounts.begin_sign_in(make.person())
    db.session.commit()
    assert person_signed_in(token) is not None


@pytest.mark.usefixtures("travel")
def test_a_mark_of_then_can_be_corrected_now(ahead: datetime) -> None:
    ivo = make.person("Ivo Sample")
    offering = sheets.held(starts=RIGHT - timedelta(days=3))
    [ana] = sheets.seat(offering, "Ana Sample", by=ivo)
    with time_machine.travel(ahead, tick=False):
        sheets.mark(offering.meetings[0], ana, 180, by=ivo)
    sheets.mark(offering.meetings[0], ana, 90, by=ivo)
    db.session.expire_all()
    assert db.session.scalars(sa.select(Mark.minutes)).one() == 90
