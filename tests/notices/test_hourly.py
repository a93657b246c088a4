"""Jobs that are asked for once an hour, by whichever worker is first."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from catalog import clock
from catalog.cli.work import HOURLY, handlers
from catalog.config import Settings
from catalog.extensions import db, writing
from catalog.notices import worker
from catalog.notices.models import Job, JobState
from tests.servers import at_once

AT = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
Work = Callable[[datetime], None]


@pytest.fixture
def done() -> list[datetime]:
    return []


@pytest.fixture
def work(app: Flask, _rows: None, done: list[datetime]) -> Work:
    def note(_job_id: int, _payload: dict[str, Any]) -> None:
        done.append(clock.now())

    def work(at: datetime) -> None:
        with time_machine.travel(at, tick=False):
            worker.work(app, {"chime": note}, stop=threading.Event(), once=True, hourly=("chime",))

    return work


def test_once_an_hour_however_often_a_worker_starts(work: Work, done: list[datetime]) -> None:
    for minutes in (0, 1, 29, 30, 31, 95):
        work(AT + timedelta(minutes=minutes))
    assert done == [AT, AT + timedelta(minutes=30), AT + timedelta(minutes=95)]


def test_hours_without_a_worker_are_not_made_up_for(work: Work, done: list[datetime]) -> None:
    work(AT)
    work(AT + timedelta(days=3))
    assert done == [AT, AT + timedelta(days=3)]


def test_what_is_done_is_forgotten_after_a_day(app: Flask, work: Work) -> None:
    for hours in range(60):
        work(AT + timedelta(hours=hours))
    with app.app_context():
        writing.set(False)
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Job)) == 24


@pytest.mark.usefixtures("_rows")
def test_several_workers_ask_once(app: Flask) -> None:
    done: list[int] = []

    def work() -> None:
        kinds = {"chime": lambda job_id, _: done.append(job_id)}
        worker.work(app, kinds, stop=threading.Event(), once=True, hourly=("chime",))

    with time_machine.travel(AT, tick=False):
        assert at_once([work] * 6) == [None] * 6
    assert len(done) == 1


@pytest.mark.usefixtures("_rows")
def test_the_command_does_what_is_due_and_stops(app: Flask, settings: Settings) -> None:
    with app.app_context():  # as the flask command does
        answer = app.test_cli_runner().invoke(args=["catalog", "work", "--once"])
    assert answer.exit_code == 0, answer.output
    assert set(HOURLY) <= set(handlers(settings))
    with app.app_context():
        writing.set(False)
        jobs = db.session.scalars(sa.select(Job).order_by(Job.id)).all()
    # What these ask for in turn is done too.
    assert {job.state for job in jobs} == {JobState.DONE}
    assert [job.kind for job in jobs if job.kind in HOURLY] == list(HOURLY)
