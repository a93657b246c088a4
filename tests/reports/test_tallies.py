"""The worker counts the tallies: when, how often, and what is left when it is killed in the middle."""

from collections.abc import Callable
from datetime import timedelta
from threading import Event

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from catalog import clock
from catalog.accounts.models import Person
from catalog.cli.work import HOURLY, handlers
from catalog.extensions import db, writing
from catalog.notices import worker
from catalog.notices.models import Job
from catalog.reports import queries, services, tallies
from catalog.reports.models import HoursTally
from catalog.reports.questions import hours
from tests.factories import Cast
from tests.reports import world

LoginAs = Callable[[Person], FlaskClient]


def minutes() -> int:
    return int(db.session.scalar(sa.select(sa.func.sum(HoursTally.minutes))) or 0)


@pytest.mark.usefixtures("context")
def test_before_the_first_count_nothing_is_said() -> None:
    report = hours.answer(world.YEAR)
    assert (report.tables, report.as_of, report.is_tallied) == ((), None, True)


@pytest.mark.usefixtures("context")
def test_a_count_says_when_it_was_and_the_next_replaces_it() -> None:
    world.made(1)
    later = clock.now() + timedelta(hours=1)
    with clock.at(later):
        services.count()
    assert queries.as_of() == later
    assert minutes() == sum(credit.minutes for credit in world.credits_in_force())


@pytest.mark.usefixtures("context")
def test_what_happens_after_a_count_is_in_the_next_one() -> None:
    world.made(1)
    before = minutes()
    credit = world.credits_in_force()[0]
    credit.superseded_at = clock.now()
    db.session.flush()
    assert minutes() == before
    services.count()
    assert minutes() == before - credit.minutes


@pytest.mark.usefixtures("context")
def test_a_count_that_dies_in_the_middle_leaves_the_one_before_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    world.made(1)
    db.session.commit()
    writing.set(True)
    before = queries.as_of(), minutes(), hours.answer(world.YEAR)
    broken = sa.select(sa.literal(1), sa.text("no_such_column")).select_from(sa.text("credit"))
    monkeypatch.setattr(tallies, "ALL", (*tallies.ALL[:2], (tallies.ALL[2][0], broken)))
    with pytest.raises(sa.exc.SQLAlchemyError):
        services.count()
    db.session.rollback()
    assert (queries.as_of(), minutes(), hours.answer(world.YEAR)) == before


def test_the_worker_counts_every_hour_and_when_asked(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    assert services.JOB in HOURLY
    answer = login_as(cast.mira).post("/reports/count", data={"next": "/reports/hours"})
    assert (answer.status_code, answer.location) == (303, "/reports/hours")
    with app.app_context():
        assert queries.as_of() is None
    worker.work(app, handlers(app.config["CATALOG"]), stop=Event(), once=True)
    with app.app_context():
        assert queries.as_of() is not None


def test_asking_twice_within_a_minute_counts_once(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    browser = login_as(cast.mira)
    with clock.at(clock.now().replace(second=0)):
        for _ in range(3):
            browser.post("/reports/count")
    with app.app_context():
        asked = sa.select(sa.func.count()).select_from(Job).where(Job.kind == services.JOB)
        assert db.session.scalar(asked) == 1


@pytest.mark.usefixtures("context")
def test_a_job_that_another_worker_was_given_meanwhile_does_not_count_again() -> None:
    world.made(1)
    asked = clock.now()
    with clock.at(asked + timedelta(seconds=1)):
        services.count(asked)
    with clock.at(asked + timedelta(minutes=6)):
        services.count(asked)
    assert queries.as_of() == asked + timedelta(seconds=1)


@pytest.mark.usefixtures("context")
def test_what_is_asked_for_while_a_count_is_under_way_is_counted_after_it() -> None:
    world.made(1)
    asked = clock.now() + timedelta(hours=1)
    with clock.at(asked + timedelta(minutes=6)):
        services.count(asked)
    assert queries.as_of() == asked + timedelta(minutes=6)


def test_only_coordinators_ask_for_a_count(cast: Cast, login_as: LoginAs, client: FlaskClient) -> None:
    assert client.post("/reports/count").status_code == 303
    assert login_as(cast.ivo).post("/reports/count").status_code == 403
    assert login_as(cast.mira).get("/reports/count").status_code == 404


def test_a_count_leads_nowhere_else(cast: Cast, login_as: LoginAs) -> None:
    answer = login_as(cast.mira).post("/reports/count", data={"next": "https://elsewhere.example"})
    assert answer.location == "/reports"
