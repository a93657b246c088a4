"""Making an account, and changing it."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from catalog.accounts.models import Person
from catalog.extensions import db
from tests.factories import Cast

GOOD = {"name": " Ana  Sample ", "email": "Ana@Example.org", "password": "four plain words here"}


def test_a_new_account_is_signed_in_and_returns(client: FlaskClient, app: Flask) -> None:
    answer = client.post("/sign-up", data=GOOD | {"next": "/offerings/7"})
    assert (answer.status_code, answer.location) == (303, "/offerings/7")
    with app.app_context():
        person = db.session.scalars(sa.select(Person)).one()
        assert (person.name, person.email) == ("Ana Sample", "ana@example.org")
        assert person.password_hash is not None
        assert person.password_hash.startswith("$argon2id$")
    assert client.get("/account").status_code == 200


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": ""}, "Enter your name"),
        ({"email": "not an address"}, "Enter an address like"),
        ({"email": "é@example.org"}, "Enter an address like"),
        ({"password": "short"}, "at least 10 characters"),
    ],
)
def test_bad_input_is_said_beside_its_field(client: FlaskClient, change: dict[str, str], said: str) -> None:
    answer = client.post("/sign-up", data=GOOD | change)
    assert answer.status_code == 422
    assert said in answer.text
    assert "aria-invalid" in answer.text
    kept = (GOOD | change)["email"]
    assert kept in answer.text


def test_a_taken_address_is_said_and_changes_nothing(client: FlaskClient, app: Flask) -> None:
    client.post("/sign-up", data=GOOD)
    answer = app.test_client().post("/sign-up", data=GOOD | {"name": "Somebody Else"})
    assert answer.status_code == 422
    assert "already an account" in answer.text
    with app.app_context():
        assert db.session.scalars(sa.select(Person.name)).all() == ["Ana Sample"]


def test_one_changes_ones_own_account(
    cast: Cast, login_as: Callable[[Person], FlaskClient], app: Flask
) -> None:
    answer = login_as(cast.ana).post("/account", data={"name": "Ana B.", "county": "01109", "zone": ""})
    assert answer.status_code == 303
    with app.app_context():
        person = db.session.get_one(Person, cast.ana.id)
        assert (person.name, person.county, person.zone) == ("Ana B.", "01109", None)


def test_an_unknown_county_is_refused(cast: Cast, login_as: Callable[[Person], FlaskClient]) -> None:
    answer = login_as(cast.ana).post("/account", data={"name": "Ana", "county": "99999", "zone": ""})
    assert answer.status_code == 422


def test_an_address_is_kept_as_mail_is_sent_to_it(client: FlaskClient, app: Flask) -> None:
    client.post("/sign-up", data=GOOD | {"email": "Ana@Exämple.org"})
    with app.app_context():
        assert db.session.scalars(sa.select(Person.email)).one() == "ana@xn--exmple-cua.org"
    again = app.test_client().post("/sign-in", data=GOOD | {"email": "ana@exämple.org"})
    assert again.status_code == 303
