"""The second step of a sign-in: what a right password alone opens, and what closes it for good."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from catalog import clock
from catalog.accounts.models import Person, SignIn
from catalog.extensions import db
from catalog.factors.views import access
from tests.factors.keys import PASSWORD, Signer, letters_to, shown

LoginAs = Callable[[Person], FlaskClient]
STEP = "/sign-in/second-step"


def half_way(client: FlaskClient, who: str, to: str = "/learning") -> str:
    answer = client.post("/sign-in", data={"email": who, "password": PASSWORD, "next": to})
    assert answer.status_code == 303
    return str(answer.location)


def test_the_password_leads_to_the_second_step(client: FlaskClient, with_app: Signer) -> None:
    assert half_way(client, with_app).startswith(STEP)
    assert "The second step" in client.get(STEP).text


@pytest.mark.parametrize("path", ["/account", "/learning", "/account/second-step", "/account/confirm"])
def test_a_half_open_sign_in_opens_no_page(client: FlaskClient, with_app: Signer, path: str) -> None:
    half_way(client, with_app)
    assert client.get(path).location.startswith("/sign-in?")


def test_a_half_open_sign_in_makes_no_codes(client: FlaskClient, with_app: Signer) -> None:
    half_way(client, with_app)
    assert client.post("/account/second-step/codes").location.startswith("/sign-in?")


def test_whoever_is_half_way_in_has_shown_nothing_yet(
    client: FlaskClient, with_app: Signer, app: Flask
) -> None:
    half_way(client, with_app)
    cookie = client.get_cookie("sign_in")
    assert cookie is not None
    with (
        app.test_request_context(headers={"Cookie": f"sign_in={cookie.value}"}),
        pytest.raises(LookupError),
    ):
        access.here()


def test_the_right_code_opens_it_and_leads_where_one_was(client: FlaskClient, with_app: Signer) -> None:
    half_way(client, with_app)
    answer = client.post(STEP, data={"code": shown(with_app.secret), "next": "/learning"})
    assert (answer.status_code, answer.location) == (303, "/learning")
    assert client.get("/account").status_code == 200


def test_the_cookie_changes_and_the_old_one_opens_nothing(
    client: FlaskClient, with_app: Signer, app: Flask
) -> None:
    half_way(client, with_app)
    before = client.get_cookie("sign_in")
    client.post(STEP, data={"code": shown(with_app.secret)})
    after = client.get_cookie("sign_in")
    assert before is not None
    assert after is not None
    assert before.value != after.value
    other = app.test_client()
    other.set_cookie("sign_in", before.value)
    assert other.get("/account").status_code == 303
    assert other.get(STEP).location.startswith("/sign-in?")


def test_a_recovery_code_opens_it_once(client: FlaskClient, with_app: Signer) -> None:
    for status in (303, 422):
        half_way(client, with_app)
        assert client.post(STEP, data={"code": with_app.codes[0]}).status_code == status


def test_a_code_opens_one_sign_in(client: FlaskClient, with_app: Signer, app: Flask) -> None:
    code, other = shown(with_app.secret), app.test_client()
    for browser, status in ((client, 303), (other, 422)):
        half_way(browser, with_app)
        assert browser.post(STEP, data={"code": code}).status_code == status
    assert other.get("/account").status_code == 303


@pytest.mark.parametrize("typed", ["", "000000", "abcd-efgh-jkmn", "x" * 50])
def test_a_wrong_code_is_refused_beside_its_field(client: FlaskClient, with_app: Signer, typed: str) -> None:
    half_way(client, with_app)
    answer = client.post(STEP, data={"code": typed, "next": "/learning"})
    assert answer.status_code == 422
    assert 'id="code-error"' in answer.text
    assert 'name="next" value="/learning"' in answer.text
    assert client.get("/account").status_code == 303


def test_after_five_wrong_codes_a_right_one_waits(client: FlaskClient, with_app: Signer, app: Flask) -> None:
    half_way(client, with_app)
    for _ in range(5):
        assert client.post(STEP, data={"code": "abcd-efgh-jkmn"}).status_code == 422
    answer = client.post(STEP, data={"code": shown(with_app.secret)})
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    with app.app_context():
        assert letters_to(with_app.number)[-1] == "Your sign-in: several wrong codes"


def test_right_codes_are_not_counted(client: FlaskClient, with_app: Signer) -> None:
    for code in with_app.codes[:7]:
        half_way(client, with_app)
        assert client.post(STEP, data={"code": code}).status_code == 303


def test_after_ten_minutes_the_password_is_asked_again(client: FlaskClient, with_app: Signer) -> None:
    half_way(client, with_app)
    with clock.at(clock.now() + timedelta(minutes=10, seconds=1)):
        answer = client.post(STEP, data={"code": shown(with_app.secret)})
    assert answer.location.startswith("/sign-in?")


def test_without_a_password_before_it_there_is_no_second_step(client: FlaskClient) -> None:
    assert client.get(STEP).location.startswith("/sign-in?")
    assert client.post(STEP, data={"code": "123456"}).location.startswith("/sign-in?")
    assert client.post(f"{STEP}/passkey").location.startswith("/sign-in?")
    assert client.post(f"{STEP}/passkey/options").location.startswith("/sign-in?")


def test_whoever_is_in_is_led_on(
    cast: object, login_as: LoginAs, with_app: Signer, client: FlaskClient
) -> None:
    half_way(client, with_app)
    client.post(STEP, data={"code": shown(with_app.secret)})
    assert client.get(f"{STEP}?next=/learning").location == "/learning"


def test_without_scripts_the_page_says_what_to_do(client: FlaskClient, with_app: Signer) -> None:
    half_way(client, with_app)
    page = client.get(STEP).text
    assert re.search(r'<label for="code">', page)
    assert "hidden" not in re.findall(r"<form[^>]*second-step\"[^>]*>", page)[0]


def test_signing_out_half_way_leaves_nothing_open(client: FlaskClient, with_app: Signer, app: Flask) -> None:
    half_way(client, with_app)
    client.post("/sign-out")
    with app.app_context():
        assert db.session.scalars(sa.select(SignIn)).all() == []
