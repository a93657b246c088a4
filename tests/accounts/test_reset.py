"""A forgotten password: another one is chosen by a link that is mailed, once, within an hour."""

from datetime import timedelta
from functools import partial

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from catalog import clock
from catalog.accounts import claims
from catalog.accounts.models import Person
from catalog.extensions import db
from catalog.notices.models import AuditEntry
from tests.accounts.mails import letters, link
from tests.accounts.people import NEW, OLD, can_sign_in, is_in, signed_in, with_password
from tests.attendance.sheets import inside
from tests.factories import Cast
from tests.servers import Browser, at_once, running


@pytest.fixture
def ana(app: Flask, cast: Cast) -> str:
    return with_password(app, cast)


@pytest.fixture
def path(app: Flask, client: FlaskClient, ana: str) -> str:
    client.post("/reset", data={"email": ana, "next": "/offerings/7"})
    return link(app, "reset")


def test_the_link_sets_the_password_signs_in_and_leads_back(
    app: Flask, client: FlaskClient, ana: str, path: str
) -> None:
    assert f"For {ana}" in client.get(path).text
    answer = client.post(path, data={"password": NEW})
    assert (answer.status_code, answer.location) == (303, "/offerings/7")
    assert is_in(client)
    assert can_sign_in(app, ana, NEW)
    assert not can_sign_in(app, ana, OLD)


def test_everything_that_was_signed_in_is_signed_out(
    app: Flask, client: FlaskClient, ana: str, path: str
) -> None:
    elsewhere = signed_in(app, ana)
    client.post(path, data={"password": NEW})
    assert not is_in(elsewhere)


def test_it_works_once(app: Flask, client: FlaskClient, ana: str, path: str) -> None:
    client.post(path, data={"password": NEW})
    other = app.test_client()
    assert other.get(path).status_code == 410
    assert other.post(path, data={"password": "some third few words"}).status_code == 410
    assert can_sign_in(app, ana, NEW)
    assert not is_in(other)


def test_looking_at_it_changes_nothing(app: Flask, client: FlaskClient, ana: str, path: str) -> None:
    """Programs that look through mail open the links in it, more than once."""
    for _ in range(3):
        assert app.test_client().get(path).status_code == 200
        assert app.test_client().head(path).status_code == 200
    assert can_sign_in(app, ana, OLD)
    assert client.post(path, data={"password": NEW}).status_code == 303


@pytest.mark.parametrize(("minutes", "status"), [(59, 200), (61, 410)])
def test_it_lasts_an_hour(client: FlaskClient, path: str, minutes: int, status: int) -> None:
    with clock.at(clock.now() + timedelta(minutes=minutes)):
        assert client.get(path).status_code == status


def test_a_password_that_was_changed_meanwhile_ends_it(
    app: Flask, client: FlaskClient, ana: str, path: str
) -> None:
    signed_in(app, ana).post("/account/password", data={"current": OLD, "password": NEW})
    assert client.post(path, data={"password": "some third few words"}).status_code == 410


def test_it_is_of_its_address(app: Flask, client: FlaskClient, cast: Cast, path: str) -> None:
    with inside(app):
        db.session.get_one(Person, cast.ana.id).email = "ana@example.com"
    assert client.get(path).status_code == 410


@pytest.mark.parametrize("key", ["x", "WzEsImEiXQ.aaaa.bbbb", "%00", "é", "." * 300])
def test_a_forged_link_opens_nothing(client: FlaskClient, ana: str, key: str) -> None:
    assert client.get(f"/reset/{key}").status_code == 410
    assert client.post(f"/reset/{key}", data={"password": NEW}).status_code == 410


def test_a_link_to_claim_resets_nothing(app: Flask, client: FlaskClient, cast: Cast) -> None:
    with inside(app):
        key = claims.token_for(db.session.get_one(Person, cast.otto.id))
    assert client.get(f"/reset/{key}").status_code == 410


@pytest.mark.parametrize("password", ["short", "ana sample 2026", "password123456", ""])
def test_a_weak_password_is_refused_and_the_link_stays_good(
    app: Flask, client: FlaskClient, ana: str, path: str, password: str
) -> None:
    answer = client.post(path.partition("?")[0], data={"password": password})
    assert answer.status_code == 422
    assert "aria-invalid" in answer.text
    assert client.post(path, data={"password": NEW}).status_code == 303


def test_an_account_without_a_password_gets_one(app: Flask, client: FlaskClient, cast: Cast) -> None:
    with inside(app):
        db.session.get_one(Person, cast.otto.id).email_verified_at = None
    client.post("/reset", data={"email": cast.otto.email})
    client.post(link(app, "reset"), data={"password": NEW})
    with inside(app):
        otto = db.session.get_one(Person, cast.otto.id)
        assert otto.password_hash
        assert otto.is_verified


def test_the_letter_goes_to_the_address_one_signs_in_with(
    app: Flask, client: FlaskClient, cast: Cast, ana: str
) -> None:
    """The second address was typed in by whoever was signed in; nobody has proven it."""
    with inside(app):
        db.session.get_one(Person, cast.ana.id).second_email = "elsewhere@example.com"
    client.post("/reset", data={"email": ana})
    client.post("/reset", data={"email": "elsewhere@example.com"})
    assert [one["to"] for one in letters(app, "reset")] == [ana]


def test_the_owner_is_told(app: Flask, client: FlaskClient, ana: str, path: str) -> None:
    client.post(path, data={"password": NEW})
    (letter,) = letters(app, "password_changed")
    assert letter["to"] == ana
    assert NEW not in str(letters(app))


def test_it_is_in_the_trail_without_anything_secret(
    app: Flask, client: FlaskClient, cast: Cast, path: str
) -> None:
    client.post(path, data={"password": NEW})
    with inside(app):
        (entry,) = db.session.scalars(sa.select(AuditEntry)).all()
        assert (entry.action, entry.person_id, entry.details) == ("person.password_reset", cast.ana.id, {})


def test_a_form_without_its_token_is_refused(app: Flask, ana: str, path: str) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    assert app.test_client().post(path, data={"password": NEW}).status_code == 400
    app.config["WTF_CSRF_ENABLED"] = False
    assert can_sign_in(app, ana, OLD)


@pytest.mark.race
def test_of_many_at_once_one_is_let_in(app: Flask, ana: str, path: str, database_url: str) -> None:
    with running(database_url) as ports:
        browsers = [Browser(ports[turn % 2]) for turn in range(8)]
        for browser in browsers:
            assert browser.get(path).status == 200
        passwords = [f"words of browser number {turn}" for turn in range(8)]
        answers = at_once(
            [
                partial(browser.post, path, password=password)
                for browser, password in zip(browsers, passwords, strict=True)
            ]
        )
        statuses = [answer.status for answer in answers]
        assert sorted(statuses) in ([303] + [409] * n + [410] * (7 - n) for n in range(8))
        won = statuses.index(303)
        assert [can_sign_in(app, ana, password) for password in passwords] == [
            turn == won for turn in range(8)
        ]
        assert [browser.get("/account").status for browser in browsers].count(200) == 1
