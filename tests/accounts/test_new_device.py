"""A letter when somebody signs in on a device that none of their other sign-ins came from."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from catalog import clock, retention
from catalog.accounts import passwords, services
from catalog.accounts.models import Person, SignIn
from catalog.config import Settings
from catalog.extensions import db, writing
from catalog.privacy import keeping
from tests.accounts.mails import letters
from tests.attendance.sheets import inside
from tests.factories import Cast

PASSWORD = "a few plain words"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:133.0) Gecko/20100101 Firefox/133.0"
NEWER_FIREFOX = FIREFOX.replace("133", "134")
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Version/18.1 Safari/604.1"
)


@pytest.fixture(autouse=True)
def _password(app: Flask, cast: Cast) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    with inside(app):
        change(cast, password_hash=passwords.hash_of(PASSWORD))


def change(cast: Cast, **fields: object) -> None:
    writing.set(True)
    db.session.execute(sa.update(Person).where(Person.id == cast.ana.id).values(**fields))
    db.session.commit()


def sign_in(app: Flask, cast: Cast, agent: str, browser: FlaskClient | None = None) -> FlaskClient:
    browser = browser or app.test_client()
    data = {"email": cast.ana.email, "password": PASSWORD}
    assert browser.post("/sign-in", data=data, headers={"User-Agent": agent}).status_code == 303
    return browser


def told(app: Flask) -> list[str]:
    return [str(one["values"]["device"]) for one in letters(app, "new_device")]


def test_a_new_device_is_told_once(app: Flask, cast: Cast) -> None:
    sign_in(app, cast, FIREFOX)
    sign_in(app, cast, IPHONE)
    assert told(app) == ["Safari on iPhone"]
    sign_in(app, cast, IPHONE)
    assert told(app) == ["Safari on iPhone"]


def test_the_letter_says_what_and_when_and_where_to_end_it(app: Flask, cast: Cast) -> None:
    with inside(app):
        change(cast, zone="America/New_York")
    sign_in(app, cast, FIREFOX)
    with clock.at(datetime(2026, 12, 8, 17, 5, tzinfo=UTC)):
        sign_in(app, cast, IPHONE)
    [letter] = letters(app, "new_device")
    assert letter["to"] == cast.ana.email
    assert "Safari on iPhone" in letter["subject"]
    assert "Tue 8 Dec 2026, 12:05 pm (Eastern time)" in letter["text"]
    assert "/account/sign-ins" in letter["text"]


def test_a_device_that_signed_out_is_known(app: Flask, cast: Cast) -> None:
    sign_in(app, cast, FIREFOX)
    phone = sign_in(app, cast, IPHONE)
    assert phone.post("/sign-out").status_code == 303
    sign_in(app, cast, IPHONE)
    assert told(app) == ["Safari on iPhone"]


def test_a_device_whose_time_was_over_is_known_until_it_is_forgotten(app: Flask, cast: Cast) -> None:
    settings: Settings = app.config["CATALOG"]
    sign_in(app, cast, IPHONE)
    over = clock.now() + timedelta(days=settings.sign_in_days + 1)
    with clock.at(over):
        sign_in(app, cast, FIREFOX)
        sign_in(app, cast, IPHONE).post("/sign-out")
    assert told(app) == ["Firefox on Windows"]
    days = retention.read("")
    with clock.at(over + timedelta(days=days["sign_ins"] + 1)):
        with inside(app):
            keeping.forget_some("sign_ins", days, clock.now())
        sign_in(app, cast, IPHONE)
    assert told(app) == ["Firefox on Windows", "Safari on iPhone"]


def test_a_device_that_was_signed_out_from_elsewhere_is_not(app: Flask, cast: Cast) -> None:
    desk = sign_in(app, cast, FIREFOX)
    for path in ("end-others", "{}/end"):
        sign_in(app, cast, IPHONE).post("/sign-out")
        sign_in(app, cast, IPHONE)
        with inside(app):
            last = db.session.scalars(sa.select(sa.func.max(SignIn.id))).one()
        assert desk.post(f"/account/sign-ins/{path.format(last)}").status_code == 303
    sign_in(app, cast, IPHONE)
    assert told(app) == ["Safari on iPhone"] * 3


def test_what_is_over_is_neither_listed_nor_counted(app: Flask, cast: Cast) -> None:
    desk = sign_in(app, cast, FIREFOX)
    sign_in(app, cast, IPHONE).post("/sign-out")
    page = desk.get("/account/sign-ins").text
    assert ("Firefox on Windows" in page, "Safari on iPhone" in page) == (True, False)
    desk.post("/account/sign-ins/end-others")
    assert "There was no other." in desk.get("/account/sign-ins").text


def test_the_first_sign_in_is_not_told(app: Flask, cast: Cast) -> None:
    sign_in(app, cast, IPHONE)
    assert told(app) == []


def test_the_sign_ins_of_others_do_not_count(app: Flask, cast: Cast) -> None:
    with inside(app):
        writing.set(True)
        services.begin_sign_in(db.session.get_one(Person, cast.otto.id), IPHONE)
        db.session.commit()
    sign_in(app, cast, FIREFOX)
    assert told(app) == []
    sign_in(app, cast, IPHONE)
    assert told(app) == ["Safari on iPhone"]


def test_a_new_version_is_no_new_device(app: Flask, cast: Cast) -> None:
    sign_in(app, cast, FIREFOX)
    sign_in(app, cast, NEWER_FIREFOX)
    assert told(app) == []


def test_the_browser_that_signs_in_again_is_no_new_device(app: Flask, cast: Cast) -> None:
    browser = sign_in(app, cast, FIREFOX)
    sign_in(app, cast, IPHONE)
    sign_in(app, cast, FIREFOX, browser)
    assert told(app) == ["Safari on iPhone"]


def test_a_sign_in_that_waits_for_its_second_step_is_neither_told_nor_known(app: Flask, cast: Cast) -> None:
    sign_in(app, cast, FIREFOX)
    with inside(app):
        change(cast, second_step_since=clock.now())
    sign_in(app, cast, IPHONE)
    assert told(app) == []
    with inside(app):
        writing.set(True)
        services.begin_sign_in(db.session.get_one(Person, cast.ana.id), IPHONE, has_factor=True)
        db.session.commit()
    assert told(app) == ["Safari on iPhone"]


def test_a_wrong_password_tells_nothing(app: Flask, cast: Cast) -> None:
    sign_in(app, cast, FIREFOX)
    data = {"email": cast.ana.email, "password": "another one altogether"}
    assert app.test_client().post("/sign-in", data=data, headers={"User-Agent": IPHONE}).status_code == 422
    assert told(app) == []


def test_an_address_that_nobody_has_proven_is_told_nothing(app: Flask, cast: Cast) -> None:
    with inside(app):
        change(cast, email_verified_at=None)
    sign_in(app, cast, FIREFOX)
    sign_in(app, cast, IPHONE)
    assert told(app) == []


def test_the_letter_goes_with_the_sign_in_or_not_at_all(app: Flask, cast: Cast) -> None:
    sign_in(app, cast, FIREFOX)
    with inside(app):
        writing.set(True)
        services.begin_sign_in(db.session.get_one(Person, cast.ana.id), IPHONE)
        db.session.rollback()
    assert told(app) == []
