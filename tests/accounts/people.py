"""Ana with a password, and her browsers."""

from flask import Flask
from flask.testing import FlaskClient

from catalog.accounts import passwords
from catalog.accounts.models import Person
from catalog.extensions import db
from tests.attendance.sheets import inside
from tests.factories import Cast

OLD = "four plain words here"
NEW = "another few plain words"


def with_password(app: Flask, cast: Cast) -> str:
    """Ana's address; she signs in with OLD."""
    with inside(app):
        ana = db.session.get_one(Person, cast.ana.id)
        ana.password_hash = passwords.hash_of(OLD)
        return ana.email


def signed_in(app: Flask, email: str, password: str = OLD, agent: str = "") -> FlaskClient:
    app.config["WTF_CSRF_ENABLED"] = False
    browser = app.test_client()
    headers = {"User-Agent": agent} if agent else {}
    answer = browser.post("/sign-in", data={"email": email, "password": password}, headers=headers)
    assert answer.status_code == 303, answer.text
    return browser


def is_in(browser: FlaskClient) -> bool:
    return browser.get("/account").status_code == 200


def can_sign_in(app: Flask, email: str, password: str) -> bool:
    answer = app.test_client().post("/sign-in", data={"email": email, "password": password})
    return answer.status_code == 303
