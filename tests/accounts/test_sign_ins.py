"""Where somebody is signed in: listed, ended one by one or all others, and ended by themselves."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from catalog import clock
from catalog.accounts import devices, services
from catalog.accounts.models import Person, SignIn
from catalog.extensions import db
from tests.accounts.people import is_in, signed_in, with_password
from tests.attendance.sheets import inside
from tests.factories import Cast
from tests.statements import counted

LoginAs = Callable[[Person], FlaskClient]
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:130.0) Gecko/20100101 Firefox/130.0"
SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/17.5 Mobile/15E148 Safari/604.1"
)
CHROME = (
    "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0 Mobile Safari/537.36"
)
URL = "/account/sign-ins"


@pytest.fixture
def ana(app: Flask, cast: Cast) -> str:
    return with_password(app, cast)


@pytest.fixture
def strict(app: Flask) -> Iterator[None]:
    """The limits an installation begins with."""
    before = app.config["CATALOG"]
    app.config["CATALOG"] = replace(before, sign_in_days=30, idle_days=14, staff_idle_hours=12)
    yield
    app.config["CATALOG"] = before


def ids(app: Flask) -> list[int]:
    with inside(app):
        return list(db.session.scalars(sa.select(SignIn.id).order_by(SignIn.id)))


def last_seen(app: Flask) -> datetime:
    with inside(app):
        return db.session.scalars(sa.select(SignIn.last_seen_at)).one()


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox on Windows"),
        (SAFARI, "Safari on iPhone"),
        (CHROME, "Chrome on Android"),
        ("", "Another device"),
        ("curl/8.0", "Another device"),
    ],
)
def test_a_device_is_said_in_words(agent: str, words: str) -> None:
    assert devices.in_words(agent) == words


def test_each_is_listed_with_its_device(app: Flask, ana: str) -> None:
    here = signed_in(app, ana, agent=FIREFOX)
    signed_in(app, ana, agent=SAFARI)
    page = here.get(URL).text
    assert page.index("Firefox on Windows") < page.index("This one") < page.index("Safari on iPhone")
    assert page.count("This one") == 1
    assert "Mozilla" not in page


def test_only_ones_own_that_are_open_are_listed(app: Flask, ana: str, cast: Cast) -> None:
    here, now = signed_in(app, ana, agent=FIREFOX), clock.now()
    with inside(app):
        rows: dict[str, dict[str, Any]] = {
            "of another": {"person_id": cast.otto.id},
            "over": {"ends_at": now - timedelta(minutes=1)},
            "waits for its second step": {"awaits_factor": True},
            "idle": {"last_seen_at": now - timedelta(days=400)},
            "open": {},
        }
        for name, fields in rows.items():
            given: dict[str, Any] = {
                "person_id": cast.ana.id,
                "last_seen_at": now,
                "ends_at": now + timedelta(days=9),
                **fields,
            }
            db.session.add(SignIn(token_hash=name, device=SAFARI, began_at=now, **given))
    with inside(app):
        number = db.session.scalars(sa.select(SignIn.id).where(SignIn.token_hash == "open")).one()
    assert re.findall(rf"{URL}/(\d+)/end", here.get(URL).text) == [str(number)]


def test_one_is_ended(app: Flask, ana: str) -> None:
    here, there = signed_in(app, ana), signed_in(app, ana)
    assert here.post(f"{URL}/{ids(app)[1]}/end").status_code == 303
    assert (is_in(here), is_in(there)) == (True, False)


def test_all_others_are_ended(app: Flask, ana: str, cast: Cast, login_as: LoginAs) -> None:
    here, *others = (signed_in(app, ana) for _ in range(3))
    otto = login_as(cast.otto)
    assert here.post(f"{URL}/end-others").status_code == 303
    assert [is_in(one) for one in (here, otto, *others)] == [True, True, False, False]


def test_nobody_ends_that_of_another(app: Flask, ana: str, cast: Cast, login_as: LoginAs) -> None:
    here = signed_in(app, ana)
    assert login_as(cast.otto).post(f"{URL}/{ids(app)[0]}/end").status_code == 404
    assert is_in(here)


def test_strangers_are_asked_to_sign_in_and_looking_ends_nothing(
    app: Flask, ana: str, client: FlaskClient
) -> None:
    here = signed_in(app, ana)
    assert client.get(URL).location.startswith("/sign-in")
    assert client.post(f"{URL}/end-others").location.startswith("/sign-in")
    assert [here.get(f"{URL}/{end}").status_code for end in ("end-others", "1/end")] == [405, 405]
    assert is_in(here)


@pytest.mark.usefixtures("strict")
@pytest.mark.parametrize(
    ("who", "ends_after"),
    [
        ("otto", timedelta(days=14)),
        ("ivo", timedelta(days=14)),
        ("mira", timedelta(hours=12)),
        ("ada", timedelta(hours=12)),
    ],
)
def test_one_that_lies_idle_ends(cast: Cast, login_as: LoginAs, who: str, ends_after: timedelta) -> None:
    browser, now = login_as(getattr(cast, who)), clock.now()
    with clock.at(now + ends_after - timedelta(minutes=1)):
        assert is_in(browser)
    with clock.at(now + ends_after + timedelta(minutes=1)):
        assert not is_in(browser)


@pytest.mark.usefixtures("strict")
def test_one_that_is_used_goes_on_until_its_time_is_over(cast: Cast, login_as: LoginAs) -> None:
    browser, now = login_as(cast.otto), clock.now()
    for day in (10, 20, 29.9):
        with clock.at(now + timedelta(days=day)):
            assert browser.get("/account", buffered=True).status_code == 200
    with clock.at(now + timedelta(days=30.1)):
        assert not is_in(browser)


def test_use_is_written_down_at_most_once_in_ten_minutes(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    browser, began = login_as(cast.otto), last_seen(app)
    with clock.at(began + timedelta(minutes=9)), counted() as statements:
        browser.get("/account", buffered=True)
    assert not [one for one in statements if one.startswith("UPDATE")]
    assert last_seen(app) == began
    with clock.at(began + timedelta(minutes=11)), counted() as statements:
        browser.get("/account", buffered=True)
        browser.get("/account", buffered=True)
    assert len([one for one in statements if one.startswith("UPDATE sign_in")]) == 1
    assert last_seen(app) == began + timedelta(minutes=11)


def test_a_page_does_not_wait_for_whoever_writes(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    """Somebody holds the write lock; the page is answered, and its use is written down the next time."""
    browser, began = login_as(cast.otto), last_seen(app)
    with app.app_context():
        if db.engine.dialect.name != "sqlite":
            pytest.skip("on PostgreSQL readers and writers do not wait for each other")
        with db.engine.connect() as other:
            other.exec_driver_sql("SELECT 1")
            other.exec_driver_sql("UPDATE person SET name = name")
            with clock.at(began + timedelta(minutes=11)):
                assert browser.get("/account", buffered=True).status_code == 200
            other.rollback()
    assert last_seen(app) == began
    with clock.at(began + timedelta(minutes=12)):
        browser.get("/account", buffered=True)
    assert last_seen(app) == began + timedelta(minutes=12)


def test_over_https_the_cookie_belongs_to_this_host_alone(app: Flask, ana: str) -> None:
    before = {key: app.config[key] for key in ("SIGN_IN_COOKIE", "SESSION_COOKIE_SECURE")}
    settings = replace(app.config["CATALOG"], site_url="https://learning.example.org")
    assert settings.flask_config()["SESSION_COOKIE_NAME"] == "__Host-session"
    app.config.update({key: settings.flask_config()[key] for key in before})
    try:
        app.config["WTF_CSRF_ENABLED"] = False
        answer = app.test_client().post(
            "/sign-in", data={"email": ana, "password": "four plain words here"}, base_url="https://localhost"
        )
    finally:
        app.config.update(before)
    (cookie,) = [one for one in answer.headers.getlist("Set-Cookie") if one.startswith("__Host-sign_in=")]
    said = {part.strip() for part in cookie.split(";")[1:]}
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= said
    assert not any(part.startswith("Domain") for part in said)


def test_an_account_that_ends_all_of_its_sign_ins_has_none(app: Flask, cast: Cast, ana: str) -> None:
    signed_in(app, ana), signed_in(app, ana)
    with inside(app):
        assert services.end_all(db.session.get_one(Person, cast.ana.id)) == 2
    assert ids(app) == []
