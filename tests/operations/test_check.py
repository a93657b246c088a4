"""The daily check: it looks, writes down what it found, and tells administrators once of the same rows."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from catalog.accounts.models import Person
from catalog.cli.work import daily
from catalog.courses.models import Offering
from catalog.extensions import db, writing
from catalog.notices import services as notices
from catalog.notices.models import Job, JobState
from catalog.watching import queries, services
from tests import factories as make
from tests.factories import Cast

LogIn = Callable[[Person], FlaskClient]


def broken() -> Offering:
    """A session whose seats are not as many as it says."""
    offering = make.offering(seats=2)
    offering.capacity = 3
    db.session.commit()
    return offering


def letters() -> list[Job]:
    return list(db.session.scalars(sa.select(Job).where(Job.kind == "mail").order_by(Job.id)))


@pytest.fixture
def ada(context: None) -> Person:
    make.person("Mira Sample", coordinates=True)
    return make.person("Ada Sample", is_administrator=True)


def check() -> str:
    said = services.check()
    db.session.commit()
    return said


def test_nothing_broken_is_written_down_and_told_to_nobody(ada: Person) -> None:
    assert check() == "0 broken row(s)"
    assert (letters(), queries.checks()[0].rows) == ([], 0)


def test_what_is_broken_is_told_to_administrators_alone(ada: Person) -> None:
    broken()
    assert check() == "1 broken row(s)"
    (letter,) = letters()
    assert letter.person_id == ada.id
    assert "seats" in letter.payload["text"]
    assert "/watching" in letter.payload["text"]


def test_the_same_rows_are_told_once_and_others_again(ada: Person) -> None:
    broken()
    for _ in range(3):
        check()
    assert len(letters()) == 1
    broken()
    check()
    assert len(letters()) == 2


def test_what_comes_back_is_told_again(ada: Person) -> None:
    offering = broken()
    check()
    for seats in (2, 3):
        offering.capacity = seats
        db.session.commit()
        check()
    assert len(letters()) == 2


def test_looking_takes_no_lock(ada: Person) -> None:
    for _ in services.look():
        pass
    assert writing.get() is False


def test_it_is_asked_for_once_a_day(ada: Person) -> None:
    daily()
    daily()
    db.session.commit()
    assert db.session.scalar(sa.select(sa.func.count(Job.id)).where(Job.kind == services.JOB)) == 1


def test_administrators_read_what_was_found(app: Flask, cast: Cast, login_as: LogIn) -> None:
    with app.app_context():
        writing.set(True)
        offering_id = broken().id
        check()
    assert f"offering {offering_id}" in login_as(cast.ada).get("/watching").text
    assert login_as(cast.mira).get("/watching").status_code == 403
    assert app.test_client().get("/watching").location.startswith("/sign-in")
    assert login_as(cast.ada).post("/watching").status_code == 405


def test_work_that_was_given_up_is_shown_and_can_be_tried_again(
    app: Flask, cast: Cast, login_as: LogIn
) -> None:
    with app.app_context():
        writing.set(True)
        for kind in ("issue_certificates", "issue_certificates", "mail"):
            notices.queue(kind, {"person_id": cast.ana.id})
        dead = {"state": JobState.DEAD, "attempts": 6, "error": "DataError: the file is full"}
        db.session.execute(sa.update(Job).values(dead))
        db.session.commit()
    browser = login_as(cast.ada)
    page = browser.get("/watching").text
    assert "issue_certificates" in page
    assert "the file is full" in page
    assert login_as(cast.mira).post("/watching/work/again").status_code == 403
    assert (
        browser.post("/watching/work/again", follow_redirects=True).text.count("2 jobs are tried again.") == 1
    )
    with app.app_context():
        writing.set(False)
        rows = db.session.execute(
            sa.select(Job.kind, Job.state, Job.attempts).order_by(Job.kind, Job.id)
        ).all()
        ready = ("issue_certificates", JobState.READY, 0)
        assert [tuple(row) for row in rows] == [ready, ready, ("mail", JobState.DEAD, 6)]
    assert "issue_certificates" not in browser.get("/watching").text
