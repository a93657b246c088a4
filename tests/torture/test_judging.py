"""The judge of the kill tests finds what is lost, and what is there twice; a clean run says nothing."""

import threading
from email.message import EmailMessage

import pytest
import sqlalchemy as sa
from flask import Flask

from catalog.accounts.models import Person
from catalog.courses.models import Offering
from catalog.enrollment import services as enrollment
from catalog.enrollment.models import Enrollment
from catalog.extensions import db
from catalog.notices import audit
from catalog.notices.models import AuditEntry, Job, JobState
from catalog.notices.outcomes import NO_LONGER_SO, SENT
from tests.torture import judging
from tests.torture.clients import Client, Desk, Importer, Learner, Table, Tap, Trainer, clients
from tests.torture.scene import Scene, set_up
from tests.year.sink import Arrived, Sink


class World:
    """A run in which one learner joined one session and was told so, and the letter came."""

    def __init__(self, app: Flask) -> None:
        self.scene: Scene = set_up(app)
        self.people: list[Client] = clients(self.scene, 1, 1, threading.Event())
        self.sink = Sink()
        self.learner = next(one for one in self.people if isinstance(one, Learner))
        self.offering_id = next(iter(self.scene.open))
        person = db.session.get_one(Person, self.learner.who.id)
        enrollment.enroll(person, db.session.get_one(Offering, self.offering_id), by=person)
        place = self.learner.places[self.offering_id]
        place.joined, place.is_in = 1, True
        self.worker()

    def worker(self) -> None:
        """Every letter goes out."""
        for job in db.session.scalars(sa.select(Job).where(Job.kind == "mail", Job.state == JobState.READY)):
            job.state, job.outcome = JobState.DONE, f"sent to {job.payload['to']}"
            message = EmailMessage()
            message["List-Id"] = f"<{job.payload['kind']}.127.0.0.1>"
            arrived = Arrived(job.payload["to"], f"<job-{job.id}@127.0.0.1>", job.payload["subject"], message)
            self.sink.arrived.append(arrived)
        db.session.flush()

    def a(self, kind: type[Client]) -> Client:
        return next(one for one in self.people if isinstance(one, kind))

    def wrong(self) -> str:
        return "\n".join(judging.judge(self.scene, self.people, self.sink))


@pytest.fixture
def world(app: Flask, context: None) -> World:
    return World(app)


def test_nothing_is_wrong_with_a_clean_run(world: World) -> None:
    assert world.wrong() == ""


def test_a_letter_that_came_twice_is_known_by_its_message_id(world: World) -> None:
    world.sink.arrived.append(world.sink.arrived[0])
    assert world.wrong() == ""


def test_a_place_that_was_told_and_is_not_there(world: World) -> None:
    world.learner.places[world.offering_id].joined = 2
    assert "joined 2 times, 1 rows" in world.wrong()


def test_a_place_that_nobody_asked_for(world: World) -> None:
    place = world.learner.places[world.offering_id]
    place.joined = 0
    assert "joined 0 times, 1 rows" in world.wrong()
    place.unsure = "enroll"
    assert world.wrong() == "", "it was asked for, and nobody heard the answer"


def test_a_withdrawal_that_was_told_and_is_not_there(world: World) -> None:
    world.learner.places[world.offering_id].left = 1
    assert "left 1 times, 0 rows" in world.wrong()


def test_a_place_without_its_trail(world: World) -> None:
    row = db.session.scalars(sa.select(Enrollment).where(Enrollment.offering_id == world.offering_id)).one()
    with audit.opened():
        db.session.execute(sa.delete(AuditEntry).where(AuditEntry.person_id == row.person_id))
    assert "the trail says [0, 0]" in world.wrong()


def test_a_letter_that_came_before_it_was_outdated_is_not_wrong_and_one_of_nobody_is(world: World) -> None:
    row = db.session.scalars(sa.select(Job).where(Job.kind == "mail", Job.outcome.startswith(SENT))).first()
    assert row
    row.outcome = NO_LONGER_SO
    db.session.flush()
    assert world.wrong() == ""
    db.session.delete(row)
    db.session.flush()
    assert "letters came that nobody knows to be sent" in world.wrong()


def test_a_letter_that_is_said_to_be_sent_and_never_came(world: World) -> None:
    world.sink.arrived.pop()
    assert "are said to be sent and never came" in world.wrong()


def test_a_letter_under_a_number_of_another(world: World) -> None:
    first = world.sink.arrived[0]
    world.sink.arrived.append(first._replace(subject="Another subject"))
    assert "came with different faces" in world.wrong()


def test_a_letter_that_was_given_up(world: World) -> None:
    db.session.execute(sa.update(Job).values(state=JobState.DEAD))
    assert "jobs of kind mail are dead" in world.wrong()


def test_a_tap_that_was_told_and_is_lost(world: World) -> None:
    trainer = world.a(Trainer)
    assert isinstance(trainer, Trainer)
    trainer.taps.append(Tap("one-that-was-given-up", trainer.sheet.enrollment_ids[0], 60, told=False))
    assert world.wrong() == ""
    trainer.taps.append(Tap("one-that-was-told", trainer.sheet.enrollment_ids[0], 60, told=True))
    assert "one-that-was-told was told and is there 0 times" in world.wrong()


def test_rows_of_a_table_that_were_told_and_are_lost(world: World) -> None:
    importer = world.a(Importer)
    assert isinstance(importer, Importer)
    importer.tables.append(Table(("A title", "Another"), told=False))
    assert world.wrong() == ""
    importer.tables.append(Table(("A third",), told=True))
    assert "('A third',): [0], told" in world.wrong()


def test_people_of_a_list_who_were_told_and_are_lost(world: World) -> None:
    desk = world.a(Desk)
    assert isinstance(desk, Desk)
    desk.guests.append(Table(("nobody@example.org",), told=True))
    assert "a place for each of ('nobody@example.org',): [0], told" in world.wrong()


def test_a_page_that_nobody_can_read(world: World) -> None:
    world.learner.pages["503"] += 7
    assert world.wrong() == ""
    world.learner.pages["500"] += 1
    assert "1 answers were 500 instead of 503" in world.wrong()


def test_a_client_that_was_surprised(world: World) -> None:
    world.learner.error = AssertionError("something nobody should see")
    assert "something nobody should see" in world.wrong()
