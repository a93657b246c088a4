"""Coordinators and administrators have a second step, or nothing of their role opens."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from catalog import clock
from catalog.accounts.models import Person
from catalog.extensions import db, writing
from catalog.factors import services
from catalog.factors.models import Passkey
from tests.factories import Cast
from tests.factors.keys import PASSWORD, app_of, shown, somebody

LoginAs = Callable[[Person], FlaskClient]
SET_UP = "/account/second-step"
pytestmark = pytest.mark.usefixtures("required")


@pytest.mark.parametrize("who", ["mira", "ada"])
@pytest.mark.parametrize("path", ["/people", "/reports", "/", "/account", "/coordinate"])
def test_every_page_leads_to_setting_one_up(cast: Cast, login_as: LoginAs, who: str, path: str) -> None:
    answer = login_as(getattr(cast, who)).get(path)
    assert answer.status_code in (303, 404)
    assert answer.status_code == 404 or answer.location == SET_UP


def test_nothing_is_changed_before(cast: Cast, login_as: LoginAs) -> None:
    answer = login_as(cast.mira).post("/account", data={"name": "Somebody Else"})
    assert answer.location == SET_UP


def test_htmx_is_led_there_as_well(cast: Cast, login_as: LoginAs, htmx: dict[str, str]) -> None:
    assert login_as(cast.mira).get("/people", headers=htmx).headers["HX-Redirect"] == SET_UP


@pytest.mark.parametrize("who", ["ana", "ivo"])
def test_others_may_and_need_not(cast: Cast, login_as: LoginAs, who: str) -> None:
    assert login_as(getattr(cast, who)).get("/learning").status_code == 200


def test_the_page_says_why(cast: Cast, login_as: LoginAs) -> None:
    assert "needs a second step" in login_as(cast.mira).get(SET_UP).text


def test_after_setting_one_up_everything_opens(cast: Cast, login_as: LoginAs, app: Flask) -> None:
    mira = login_as(cast.mira)
    page = mira.get(f"{SET_UP}/app").text
    sealed = page.split('name="sealed" value="')[1].split('"')[0]
    with app.app_context():
        secret = services.apps.offered(cast.mira, sealed)
    answer = mira.post(f"{SET_UP}/app", data={"sealed": sealed, "code": shown(secret)})
    assert answer.status_code == 200
    assert answer.text.count("<li><code>") == 10
    assert mira.get("/people").status_code == 200


def test_after_the_password_one_is_led_there(client: FlaskClient, app: Flask) -> None:
    with app.app_context():
        writing.set(True)
        email = somebody("Mira Sample", coordinates=True).email
        db.session.commit()
    client.post("/sign-in", data={"email": email, "password": PASSWORD})
    assert client.get("/people").location == SET_UP


def test_the_last_one_cannot_be_removed(cast: Cast, login_as: LoginAs, app: Flask) -> None:
    with app.app_context():
        writing.set(True)
        app_of(db.session.get_one(Person, cast.mira.id))
        db.session.commit()
    answer = login_as(cast.mira).post(f"{SET_UP}/app/remove")
    assert answer.status_code == 409
    assert "need a second step" in answer.text


def test_nor_can_the_last_passkey(cast: Cast, login_as: LoginAs, app: Flask) -> None:
    with app.app_context():
        writing.set(True)
        mira = db.session.get_one(Person, cast.mira.id)
        mira.second_step_since = clock.now()
        only = Passkey(
            person_id=mira.id,
            handle="aGFuZGxl",
            credential_id="b2YgTWlyYQ",
            public_key=b"k",
            sign_count=0,
            name="My phone",
            added_at=clock.now(),
        )
        db.session.add(only)
        db.session.commit()
        number = only.id
    assert login_as(cast.mira).post(f"{SET_UP}/passkeys/{number}/remove").status_code == 409
