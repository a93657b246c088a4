"""`flask catalog work`: what each kind of job does, done by the worker itself."""

import threading
from collections.abc import Callable

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from catalog.accounts.models import Person
from catalog.cli.work import handlers
from catalog.config import Settings
from catalog.courses import queries as courses
from catalog.courses import services as courses_services
from catalog.courses.models import Offering
from catalog.courses.services import Row
from catalog.enrollment import services
from catalog.enrollment.models import Enrollment, State
from catalog.extensions import db
from catalog.notices import worker
from catalog.notices.models import Job, JobState
from tests import factories as make

pytestmark = pytest.mark.usefixtures("context")

Work = Callable[[], None]


@pytest.fixture
def work(app: Flask, settings: Settings) -> Work:
    """Everything that is due is done; mail goes into the folder."""

    def work() -> None:
        db.session.commit()  # the test's own transaction holds no lock while the worker works
        worker.work(app, handlers(settings), stop=threading.Event(), once=True)

    return work


def join(offering: Offering, *names: str) -> list[Enrollment]:
    people = [make.person(name) for name in names]
    return [services.enroll(person, offering, by=person) for person in people]


def state_of(name: str) -> State:
    """Read from the table, whatever this test has loaded before."""
    select = sa.select(Enrollment.state).join(Enrollment.person)
    return State(db.session.scalars(select.where(Person.name == name)).one())


def mailed_to(name: str, word: str) -> list[str]:
    """Subjects of the letters that were sent to this person."""
    sent = db.session.scalars(sa.select(Job).where(Job.kind == "mail", Job.state == JobState.DONE))
    return [
        job.payload["subject"]
        for job in sent
        if job.payload["name"] == name and word in job.payload["subject"]
    ]


@pytest.fixture
def offered() -> Offering:
    """A session with one seat, which Ana gave back: it is offered to Ben, and Cleo is next."""
    offering = make.offering(seats=1)
    ana, _, _ = join(offering, "Ana Sample", "Ben Sample", "Cleo Sample")
    services.withdraw(ana, by=ana.person)
    assert state_of("Ben Sample") == State.OFFERED
    return offering


def after_the_offer() -> time_machine.travel:
    ends = db.session.scalars(
        sa.select(Enrollment.offer_ends_at).where(Enrollment.state == State.OFFERED)
    ).one()
    assert ends is not None
    return time_machine.travel(ends, tick=False)


def test_an_offer_that_ran_out_goes_to_the_next_person(offered: Offering, work: Work) -> None:
    # Ben is told in time.
    work()
    with after_the_offer():
        work()
    assert (state_of("Ben Sample"), state_of("Cleo Sample")) == (State.LAPSED, State.OFFERED)


def test_an_offer_is_left_alone_until_it_runs_out(offered: Offering, work: Work) -> None:
    work()
    assert (state_of("Ben Sample"), state_of("Cleo Sample")) == (State.OFFERED, State.WAITING)


def test_an_offer_that_was_taken_does_not_lapse(offered: Offering, work: Work) -> None:
    ben = db.session.scalars(sa.select(Enrollment).where(Enrollment.state == State.OFFERED)).one()
    with after_the_offer() as traveller:
        traveller.shift(-60)
        services.accept(ben, by=ben.person)
        traveller.shift(120)
        work()
    assert (state_of("Ben Sample"), state_of("Cleo Sample")) == (State.SEATED, State.WAITING)


def changed(offering: Offering) -> None:
    """The trainer moves the session to the library."""
    offering = courses.offering_with_meetings(offering.id) or offering
    rows = [
        Row(position, meeting.id, meeting.starts_wall, meeting.ends_wall)
        for position, meeting in enumerate(offering.meetings)
    ]
    columns = {"zone": offering.zone, "place": "Library"}
    courses_services.edit_offering(offering, columns, rows, offering.version, by=make.person("Ivo Sample"))


def test_a_changed_session_is_told_to_everyone_on_it_once(work: Work) -> None:
    offering = make.offering(seats=1)
    _, ben, _ = join(offering, "Ana Sample", "Ben Sample", "Cleo Sample")
    services.withdraw(ben, by=ben.person)
    changed(offering)
    work()
    told = {name: len(mailed_to(f"{name} Sample", "Changed")) for name in ("Ana", "Ben", "Cleo")}
    assert told == {"Ana": 1, "Ben": 0, "Cleo": 1}


def test_the_letter_says_what_changed(work: Work) -> None:
    offering = make.offering()
    join(offering, "Ana Sample")
    changed(offering)
    work()
    texts = [job.payload["text"] for job in db.session.scalars(sa.select(Job).where(Job.kind == "mail"))]
    told = "The place is now: Library, Montgomery County. Before: Sample hall"
    assert len([text for text in texts if told in text]) == 1


def test_every_job_is_done_and_none_is_left(offered: Offering, work: Work) -> None:
    changed(offered)
    with after_the_offer():
        work()
    left = db.session.scalars(sa.select(Job.kind).where(Job.state != JobState.DONE)).all()
    assert sorted(left) == ["lapse_offer", "remind_of_offer"], (
        "only what is about the offer that Cleo has now"
    )
