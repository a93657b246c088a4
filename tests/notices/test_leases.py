"""Of several workers one is given a job, although none of their clocks is quite right."""

import threading
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from catalog import clock
from catalog.extensions import db
from catalog.notices import services, worker
from catalog.notices.models import Job, JobState

pytestmark = pytest.mark.usefixtures("context")


@pytest.mark.parametrize(
    "behind", [timedelta(0), timedelta(microseconds=1), timedelta(seconds=1), timedelta(minutes=4)]
)
def test_a_worker_whose_clock_is_behind_is_not_given_what_another_has(behind: timedelta) -> None:
    services.queue("meetings_soon", {})
    db.session.commit()
    now = clock.now() + timedelta(minutes=10)
    with clock.at(now):
        assert len(services.lease("the first")) == 1
        db.session.commit()
    with clock.at(now - behind):
        assert services.lease("the second") == []


def test_a_clock_put_back_by_far_keeps_nobody_out() -> None:
    services.queue("meetings_soon", {})
    db.session.commit()
    with clock.at(clock.now() + timedelta(days=1)):
        assert len(services.lease("the first")) == 1
        db.session.commit()
    assert len(services.lease("the second")) == 1


def test_a_worker_that_is_stopped_leaves_nothing_leased(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(2):
        services.queue("meetings_soon", {})
    db.session.commit()
    stop, leases = threading.Event(), services.lease

    def stopped_meanwhile(*words: Any, **named: Any) -> list[Job]:
        stop.set()
        return leases(*words, **named)

    monkeypatch.setattr(services, "lease", stopped_meanwhile)
    worker.work(app, {"meetings_soon": lambda _job_id, _payload: None}, stop=stop)
    db.session.rollback()
    left = db.session.execute(sa.select(Job.state, Job.leased_until).order_by(Job.state)).all()
    assert [tuple(row) for row in left] == [(JobState.DONE, None), (JobState.READY, None)]


def test_what_is_done_again_at_once_is_given_up_like_all_that_fails() -> None:
    """Whatever stands in its way each time anew: it does not keep a worker busy for ever."""
    services.queue("mail", {})
    db.session.commit()
    rounds = 0
    while (jobs := services.lease("a worker")) and rounds < 20:
        services.again(jobs[0], "a worker", "It is never done")
        rounds += 1
    db.session.expire_all()
    job = db.session.scalars(sa.select(Job)).one()
    assert (rounds, job.state, job.error) == (
        len(services.RETRY_AFTER) + 1,
        JobState.DEAD,
        "It is never done",
    )


def test_a_job_that_takes_its_worker_with_it_is_given_up(app: Flask) -> None:
    services.queue("meetings_soon", {})
    done: list[int] = []
    # Each time the worker was killed in the middle of it, by whatever it needs too much of.
    for hour in range(1, worker.MOST_BEGUN + 1):
        with clock.at(clock.now() + timedelta(hours=hour)):
            assert len(services.lease("a worker that is killed")) == 1
        db.session.commit()
    with clock.at(clock.now() + timedelta(days=1)):
        does = {"meetings_soon": lambda job_id, _payload: done.append(job_id)}
        worker.work(app, does, stop=threading.Event(), once=True)
    db.session.rollback()
    job = db.session.scalars(sa.select(Job)).one()
    assert (done, job.state) == ([], JobState.DEAD)
    assert job.error == f"It was begun {worker.MOST_BEGUN + 1} times and never ended."


@pytest.mark.postgres
def test_however_the_database_goes_about_it_one_job_is_leased() -> None:
    for _ in range(5):
        services.queue("meetings_soon", {})
    db.session.commit()
    # As it may decide by itself, by what it knows of the table: to look for the job once for every row.
    for way in ("hashjoin", "mergejoin", "material", "hashagg", "sort"):
        db.session.execute(sa.text(f"SET LOCAL enable_{way} = off"))
    assert len(services.lease("a worker")) == 1
