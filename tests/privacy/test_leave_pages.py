"""Leaving on the web: what the page says first, the password, and the way back."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from catalog import clock
from catalog.accounts import passwords
from catalog.accounts.models import Person
from catalog.extensions import db, writing
from catalog.notices.models import Job
from catalog.privacy import services
from catalog.privacy.models import Departure, PersonalExport
from catalog.wording import hours
from tests import factories as make
from tests.coordinating.rows import row
from tests.factories import Cast

LogIn = Callable[[Person], FlaskClient]
PASSWORD = "a few plain words"


@pytest.fixture
def ana(app: Flask, cast: Cast, login_as: LogIn) -> FlaskClient:
    with app.app_context():
        writing.set(True)
        db.session.get_one(Person, cast.ana.id).password_hash = passwords.hash_of(PASSWORD)
        db.session.commit()
    return login_as(cast.ana)


def asked(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(sa.select(sa.func.count(Departure.id))) or 0


def link(app: Flask) -> str:
    with app.app_context():
        letter = db.session.scalars(sa.select(Job.payload).where(Job.kind == "mail")).one()
        return "/account/stay/" + str(letter["values"]["link"]).rsplit("/", 1)[1]


def test_the_page_says_what_stays_in_words_and_numbers(app: Flask, cast: Cast, ana: FlaskClient) -> None:
    with app.app_context():
        writing.set(True)
        row("certificate", kind="course", offering_id=None, person_id=cast.ana.id, facts={})
        row("credit", person_id=cast.ana.id, minutes=90)
        row("evidence", person_id=cast.ana.id)
        db.session.commit()
    page = ana.get("/account/leave").text
    assert "1 certificate, with your name on the paper" in page
    assert f"{hours(90)} earned here" in page
    assert "1 file you handed in" in page
    assert asked(app) == 0


def test_the_right_password_begins_it_and_signs_out(app: Flask, ana: FlaskClient) -> None:
    answer = ana.post("/account/leave", data={"password": PASSWORD})
    assert "Your account will be deleted on" in answer.text
    assert asked(app) == 1
    assert ana.get("/account").location.startswith("/sign-in")


@pytest.mark.parametrize("password", ["", "another one altogether"])
def test_without_the_right_password_nothing_happens(app: Flask, ana: FlaskClient, password: str) -> None:
    assert ana.post("/account/leave", data={"password": password}).status_code == 422
    assert asked(app) == 0
    assert ana.get("/account").status_code == 200


def test_guesses_at_the_password_are_counted(app: Flask, ana: FlaskClient) -> None:
    guesses = [ana.post("/account/leave", data={"password": "wrong"}).status_code for _ in range(12)]
    assert guesses == [422] * 10 + [429] * 2
    assert ana.post("/account/leave", data={"password": PASSWORD}).status_code == 429
    assert asked(app) == 0


def test_they_are_counted_with_those_at_the_sign_in(app: Flask, cast: Cast, ana: FlaskClient) -> None:
    for _ in range(10):
        ana.post("/account/leave", data={"password": "wrong"})
    data = {"email": cast.ana.email, "password": PASSWORD}
    assert app.test_client().post("/sign-in", data=data).status_code == 429


def test_the_last_administrator_is_told_why_not(app: Flask, cast: Cast, login_as: LogIn) -> None:
    with app.app_context():
        writing.set(True)
        db.session.get_one(Person, cast.ada.id).password_hash = passwords.hash_of(PASSWORD)
        db.session.commit()
    ada = login_as(cast.ada)
    assert "Somebody has to administer the catalog" in ada.get("/account/leave").text
    answer = ada.post("/account/leave", data={"password": PASSWORD})
    assert answer.status_code == 409
    assert "Somebody has to administer the catalog" in answer.text
    assert asked(app) == 0


def test_the_link_asks_first_and_then_keeps_the_account(app: Flask, ana: FlaskClient) -> None:
    ana.post("/account/leave", data={"password": PASSWORD})
    stranger, url = app.test_client(), link(app)
    assert "Keep my account" in stranger.get(url).text
    with app.app_context():
        assert db.session.scalar(sa.select(Departure.undone_at)) is None
    assert stranger.post(url).status_code == 303
    with app.app_context():
        assert db.session.scalar(sa.select(Departure.undone_at)) is not None
    assert stranger.get(url).status_code == stranger.post(url).status_code == 410


def test_a_link_that_is_wrong_says_where_to_go(client: FlaskClient) -> None:
    assert client.get("/account/stay/wrong").status_code == 410


def test_signing_in_with_the_password_keeps_the_account(app: Flask, cast: Cast, ana: FlaskClient) -> None:
    ana.post("/account/leave", data={"password": PASSWORD})
    app.test_client().post("/sign-in", data={"email": cast.ana.email, "password": PASSWORD})
    with app.app_context():
        assert db.session.scalar(sa.select(Departure.undone_at)) is not None


# The file.


@pytest.fixture
def export_id(app: Flask, cast: Cast, ana: FlaskClient) -> int:
    assert ana.post("/account/privacy/export").status_code == 303
    with app.app_context():
        found = db.session.scalars(sa.select(PersonalExport.id)).one()
        services.make_export(found)
        db.session.commit()
    return found


def test_the_file_is_for_its_person_alone(
    app: Flask, cast: Cast, login_as: LogIn, ana: FlaskClient, export_id: int
) -> None:
    url = f"/account/privacy/export/{export_id}.zip"
    answer = ana.get(url)
    assert answer.data.startswith(b"PK")
    assert answer.headers["Cache-Control"] == "no-store"
    assert login_as(cast.otto).get(url).status_code == 404
    assert login_as(cast.ada).get(url).status_code == 404
    assert app.test_client().get(url).location.startswith("/sign-in")


def test_the_file_expires(app: Flask, ana: FlaskClient, export_id: int) -> None:
    with app.app_context():
        writing.set(True)
        db.session.get_one(PersonalExport, export_id).expires_at = clock.now() - timedelta(minutes=1)
        db.session.commit()
    assert ana.get(f"/account/privacy/export/{export_id}.zip").status_code == 404


def test_nothing_is_asked_for_by_looking(app: Flask, ana: FlaskClient) -> None:
    assert ana.get("/account/privacy/export").status_code == 405
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count(PersonalExport.id))) == 0


def test_nobody_who_left_is_found_among_people(app: Flask, cast: Cast, login_as: LogIn) -> None:
    with app.app_context():
        writing.set(True)
        make.person("Somebody who left", left_at=clock.now())
        db.session.commit()
    assert "Somebody who left" not in login_as(cast.mira).get("/people").text
