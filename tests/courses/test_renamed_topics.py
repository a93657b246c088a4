"""Courses are found by the new name of an area or a topic, soon after a coordinator has changed it."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from catalog import clock
from catalog.accounts.models import Person
from catalog.cli.work import handlers
from catalog.competencies import services
from catalog.competencies.models import Area, Topic
from catalog.config import Settings
from catalog.courses import search
from catalog.extensions import db
from catalog.notices import worker
from catalog.notices.models import Job
from tests import factories as make

pytestmark = pytest.mark.usefixtures("context")

Work = Callable[[], None]
RENAMED = Job.kind == "reindex"


@pytest.fixture
def mira() -> Person:
    course = make.course("Little listeners", topics=("TF.attachment",))
    search.index(course)
    return make.person("Mira Sample", coordinates=True)


@pytest.fixture
def work(app: Flask, settings: Settings) -> Work:
    def work() -> None:
        db.session.commit()
        with time_machine.travel(clock.now() + timedelta(minutes=2), tick=False):
            worker.work(app, handlers(settings), stop=threading.Event(), once=True)

    return work


def finds(word: str) -> bool:
    matching: sa.Select[Any] | None = search.matching(word)
    return matching is not None and bool(db.session.execute(matching).all())


def topic() -> Topic:
    return db.session.scalars(sa.select(Topic)).one()


def test_a_new_name_of_a_topic_finds_its_courses(mira: Person, work: Work) -> None:
    services.edit_topic(topic(), {"name": "Kinship"}, by=mira)
    work()
    assert finds("kinship")
    assert not finds("attachment")


def test_a_new_name_of_an_area_finds_its_courses(mira: Person, work: Work) -> None:
    area = db.session.scalars(sa.select(Area)).one()
    services.edit_area(area, {"name": "Foundations"}, by=mira)
    work()
    assert finds("foundations")


def test_the_work_waits_for_the_end_of_the_minute_in_which_others_may_follow(mira: Person) -> None:
    with time_machine.travel("2027-01-14T15:00:05+00:00", tick=False):
        services.edit_topic(topic(), {"name": "Kinship"}, by=mira)
    assert db.session.scalars(sa.select(Job.run_at).where(RENAMED)).one() > datetime(
        2027, 1, 14, 15, 1, tzinfo=UTC
    )


def test_many_edits_in_a_minute_are_one_job(mira: Person) -> None:
    with time_machine.travel("2027-01-14T15:00:05+00:00", tick=False):
        for name in ("Kinship", "Bonds"):
            services.edit_topic(topic(), {"name": name}, by=mira)
    assert len(db.session.scalars(sa.select(Job).where(RENAMED)).all()) == 1


def test_a_note_asks_for_no_work(mira: Person) -> None:
    services.edit_topic(topic(), {"note": "Read twice"}, by=mira)
    assert db.session.scalars(sa.select(Job).where(RENAMED)).all() == []
