"""Signing in and out."""

from collections.abc import Callable
from io import BytesIO

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient

from catalog import clock
from catalog.accounts import passwords
from catalog.accounts.models import Person, SignIn
from catalog.extensions import db, writing
from tests import factories as make
from tests.factories import Cast

LoginAs = Callable[[Person], FlaskClient]
GOOD = {"email": "ana@example.org", "password": "four plain words here"}


@pytest.fixture
def ana(app: Flask, _rows: None) -> None:
    with app.app_context():
        writing.set(True)
        make.person("Ana Sample", email=GOOD["email"], password_hash=passwords.hash_of(GOOD["password"]))
        db.session.commit()


@pytest.mark.usefixtures("ana")
def test_the_right_password_opens_a_sign_in(client: FlaskClient) -> None:
    answer = client.post("/sign-in", data=GOOD)
    assert answer.status_code == 303
    assert b"Ana Sample" in client.get("/account").data


@pytest.mark.usefixtures("ana")
def test_the_cookie_is_not_what_is_stored(client: FlaskClient, app: Flask) -> None:
    client.post("/sign-in", data=GOOD)
    cookie = client.get_cookie("sign_in")
    assert cookie is not None
    assert cookie.http_only
    assert cookie.same_site == "Lax"
    with app.app_context():
        assert db.session.scalars(sa.select(SignIn.token_hash)).one() != cookie.value


@pytest.mark.usefixtures("ana")
@pytest.mark.parametrize("wrong", [{"password": "wrong"}, {"email": "nobody@example.org"}])
def test_a_wrong_pair_is_refused_with_the_address_still_there(
    client: FlaskClient, wrong: dict[str, str]
) -> None:
    answer = client.post("/sign-in", data=GOOD | wrong)
    assert answer.status_code == 422
    assert "do not belong together" in answer.text
    assert (GOOD | wrong)["email"] in answer.text
    assert GOOD["password"] not in answer.text


@pytest.mark.usefixtures("ana")
def test_one_returns_to_where_one_was(client: FlaskClient) -> None:
    answer = client.post("/sign-in", data=GOOD | {"next": "/offerings/7?x=1"})
    assert answer.location == "/offerings/7?x=1"


@pytest.mark.usefixtures("ana")
@pytest.mark.parametrize(
    "away",
    [
        "https://example.org",
        "//example.org",
        "/\\example.org",
        "/\t/example.org",
        "/\r/example.org",
        "/\u2028/example.org",
        "javascript:alert(1)",
    ],
)
def test_one_is_never_led_to_another_site(client: FlaskClient, away: str) -> None:
    assert client.post("/sign-in", data=GOOD | {"next": away}).location == "/"


def test_signing_out_ends_the_sign_in_on_the_server(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    browser = login_as(cast.ana)
    token = browser.get_cookie("sign_in")
    assert browser.post("/sign-out").status_code == 303
    thief = app.test_client()
    thief.set_cookie("sign_in", token.value if token else "")
    assert thief.get("/account").status_code == 303


def test_a_sign_in_ends_by_itself(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    browser = login_as(cast.ana)
    with app.app_context():
        writing.set(True)
        db.session.execute(sa.update(SignIn).values(ends_at=SignIn.began_at))
        db.session.commit()
    assert browser.get("/account").status_code == 303


def test_a_private_page_asks_to_sign_in_and_remembers_itself(client: FlaskClient) -> None:
    assert client.get("/account?x=1").location == "/sign-in?next=/account?x%3D1"


def test_htmx_is_led_to_the_sign_in(client: FlaskClient, htmx: dict[str, str]) -> None:
    answer = client.get("/account", headers=htmx)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, "/sign-in?next=/account")


def test_a_form_without_its_token_is_refused(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    browser = login_as(cast.ana)
    app.config["WTF_CSRF_ENABLED"] = True
    answer = browser.post("/account", data={"name": "Changed"})
    assert answer.status_code == 400
    assert "send it again" in answer.text


def test_a_form_that_htmx_sends_without_its_token_is_refused(
    app: Flask, cast: Cast, login_as: LoginAs, htmx: dict[str, str]
) -> None:
    browser = login_as(cast.ana)
    app.config["WTF_CSRF_ENABLED"] = True
    for address in ("/account", "/sign-out"):
        assert browser.post(address, data={"name": "Changed"}, headers=htmx).status_code == 400


def test_nothing_changes_on_get(cast: Cast, login_as: LoginAs) -> None:
    assert login_as(cast.ana).get("/sign-out").status_code == 405


@pytest.mark.usefixtures("ana")
def test_a_form_from_before_is_not_taken_for_the_next_person(client: FlaskClient) -> None:
    client.get("/sign-in")
    with client.session_transaction() as before:
        before["csrf_token"] = "known"
    client.post("/sign-in", data=GOOD)
    with client.session_transaction() as after:
        assert after.get("csrf_token") != "known"
        after["csrf_token"] = "known"
    client.post("/sign-out")
    with client.session_transaction() as ended:
        assert "csrf_token" not in ended


@pytest.mark.usefixtures("ana")
def test_signing_in_again_ends_the_sign_in_before(client: FlaskClient, app: Flask) -> None:
    client.post("/sign-in", data=GOOD)
    client.post("/sign-in", data=GOOD)
    with app.app_context():
        are_open = sa.select(sa.func.count()).where(SignIn.ends_at > clock.now())
        assert db.session.scalar(are_open.select_from(SignIn)) == 1


@pytest.mark.usefixtures("ana")
def test_a_password_that_is_changed_while_it_is_checked_opens_nothing(
    client: FlaskClient, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Checking takes a while; whoever chose another one meanwhile has ended the old one."""
    check = PasswordHasher.verify

    def slow(self: PasswordHasher, stored: str, typed: str) -> bool:
        with app.app_context(), db.engine.begin() as other:
            other.execute(
                sa.update(Person).where(Person.email == GOOD["email"]).values(password_hash="another")
            )
        return check(self, stored, typed)

    monkeypatch.setattr(PasswordHasher, "verify", slow)
    answer = client.post("/sign-in", data=GOOD)
    assert answer.status_code == 422
    assert "The password was changed just now." in answer.text
    assert client.get("/account").status_code == 303


def test_a_file_where_text_is_asked_is_refused(client: FlaskClient) -> None:
    answer = client.post("/sign-in", data={"email": (BytesIO(b"x"), "a.txt"), "password": "y"})
    assert answer.status_code == 400


@pytest.mark.usefixtures("ana")
def test_an_address_that_nobody_has_takes_as_long(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A password is checked against a real hash whether there is an account or not."""
    checked, check = [], PasswordHasher.verify

    def watched(self: PasswordHasher, stored: str, typed: str) -> bool:
        checked.append(stored[:10])
        return check(self, stored, typed)

    monkeypatch.setattr(PasswordHasher, "verify", watched)
    for email in (GOOD["email"], "nobody@example.org"):
        client.post("/sign-in", data={"email": email, "password": "wrong"})
    assert checked == ["$argon2id$", "$argon2id$"]


def test_nobody_has_the_password_that_nobody_has(app: Flask) -> None:
    with app.app_context():
        assert not passwords.is_right(None, "nobody has this password")
