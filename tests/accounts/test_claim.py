"""Taking over an account that somebody else made."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from catalog import clock
from catalog.accounts import claims, passwords, services
from catalog.accounts.models import Person
from catalog.attendance.services import new_person
from catalog.extensions import db
from catalog.notices.models import AuditEntry, Job
from tests.attendance.sheets import inside
from tests.factories import Cast

PASSWORD = {"password": "four plain words here"}
EMAIL = "nia@example.org"


@pytest.fixture
def link(app: Flask, cast: Cast) -> str:
    """The path in the letter that Nia got when Ivo wrote her down."""
    with inside(app):
        new_person("Nia Sample", EMAIL, by=db.session.get_one(Person, cast.ivo.id))
    (letter,) = letters(app)
    found = re.search(r"http://127\.0\.0\.1:8000(/claim/\S+)", letter["text"])
    assert found
    return found[1]


def letters(app: Flask) -> list[dict[str, str]]:
    with inside(app):
        return [job.payload for job in db.session.scalars(sa.select(Job).where(Job.kind == "mail"))]


def nia(app: Flask) -> Person:
    with inside(app):
        return db.session.scalars(sa.select(Person).where(Person.email == EMAIL)).one()


def test_the_link_sets_a_password_and_signs_in(app: Flask, client: FlaskClient, link: str) -> None:
    page = client.get(link)
    assert "Your account, Nia Sample" in page.text
    assert client.post(link, data=PASSWORD).status_code == 303
    assert "Nia Sample" in client.get("/account").text
    again = app.test_client().post("/sign-in", data=PASSWORD | {"email": EMAIL})
    assert again.status_code == 303


def test_the_link_works_once(app: Flask, client: FlaskClient, link: str) -> None:
    client.post(link, data=PASSWORD)
    before = nia(app).password_hash
    other = app.test_client()
    assert other.get(link).status_code == 410
    assert other.post(link, data={"password": "another few words"}).status_code == 410
    assert nia(app).password_hash == before
    assert other.get("/account").status_code == 303


def test_of_two_at_once_the_second_is_refused(app: Flask, link: str) -> None:
    with inside(app):
        person = claims.person_of(link.removeprefix("/claim/"))
        assert person
        services.claim(person, "first")
        with pytest.raises(services.ClaimedAlready):
            services.claim(person, "second")
    assert nia(app).password_hash == "first"


def test_looking_at_the_link_changes_nothing(app: Flask, client: FlaskClient, link: str) -> None:
    client.get(link)
    assert nia(app).password_hash is None
    assert client.get("/account").status_code == 303


@pytest.mark.parametrize(("days", "status"), [(29.9, 200), (30.1, 410)])
def test_the_link_lasts_thirty_days(client: FlaskClient, link: str, days: float, status: int) -> None:
    with clock.at(clock.now() + timedelta(days=days)):
        assert client.get(link).status_code == status


def test_a_link_is_of_its_address(app: Flask, client: FlaskClient, link: str) -> None:
    """Whoever reads the old mailbox later does not get the account."""
    with inside(app):
        nia_now = db.session.scalars(sa.select(Person).where(Person.email == EMAIL)).one()
        nia_now.email = "nia@example.com"
    assert client.get(link).status_code == 410


@pytest.mark.parametrize("token", ["x", "WzEsImEiXQ.aaaa.bbbb", "%00", "é", "." * 300])
def test_a_forged_link_opens_nothing(client: FlaskClient, link: str, token: str) -> None:
    answer = client.get(f"/claim/{token}")
    assert answer.status_code == 410
    assert "This link opens nothing" in answer.text


def test_a_link_cut_short_or_changed_opens_nothing(client: FlaskClient, link: str) -> None:
    assert client.get(link[:-1]).status_code == 410
    assert client.get(link + "x").status_code == 410


def test_a_token_made_for_something_else_opens_nothing(app: Flask, client: FlaskClient, link: str) -> None:
    """A session cookie is signed with the same key."""
    client.get("/sign-in")
    cookie = client.get_cookie("session")
    assert cookie
    assert client.get(f"/claim/{cookie.value}").status_code == 410


def test_a_short_password_is_said_and_nothing_happens(app: Flask, client: FlaskClient, link: str) -> None:
    answer = client.post(link, data={"password": "short"})
    assert answer.status_code == 422
    assert "at least 12 characters" in answer.text
    assert nia(app).password_hash is None


@pytest.mark.usefixtures("link")
def test_without_a_password_nobody_signs_in(client: FlaskClient) -> None:
    # The last is what passwords are checked against where there is none.
    for password in ("", "None", "four plain words here", "nobody has this password"):
        answer = client.post("/sign-in", data={"email": EMAIL, "password": password})
        assert answer.status_code == 422
    assert "do not belong together" in answer.text


@pytest.mark.usefixtures("link")
def test_signing_in_takes_as_long_and_looks_the_same_as_for_nobody(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hash is checked for a person with a password, for one without, and for nobody: once each."""
    checks: list[str | None] = []
    is_right = passwords.is_right

    def watched(stored: str | None, password: str) -> bool:
        checks.append(stored)
        return is_right(stored, password)

    monkeypatch.setattr(passwords, "is_right", watched)
    unclaimed = client.post("/sign-in", data=PASSWORD | {"email": EMAIL})
    nobody = client.post("/sign-in", data=PASSWORD | {"email": "nobody@example.org"})
    assert checks == [None, None]
    assert strip(unclaimed.text, EMAIL) == strip(nobody.text, "nobody@example.org")


def strip(text: str, email: str) -> str:
    return re.sub(r'name="csrf_token" value="[^"]+"', "", text).replace(email, "")


@pytest.mark.usefixtures("link")
def test_signing_up_sends_the_link_and_keeps_the_name(app: Flask, client: FlaskClient) -> None:
    client.post("/sign-up", data={"email": EMAIL})
    assert [letter["to"] for letter in letters(app)] == [EMAIL, EMAIL]
    assert "/claim/" in letters(app)[1]["text"]
    assert nia(app).name == "Nia Sample"


def test_whoever_claims_it_has_proven_the_address(app: Flask, client: FlaskClient, link: str) -> None:
    assert not nia(app).is_verified
    client.post(link, data=PASSWORD)
    assert nia(app).is_verified


def test_the_trail_says_who_made_it_and_who_claimed_it(
    app: Flask, client: FlaskClient, cast: Cast, link: str
) -> None:
    client.post(link, data=PASSWORD)
    claimed_by = nia(app).id
    with inside(app):
        rows = db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id)).all()
        assert [(row.action, row.by_id) for row in rows] == [
            ("person.added", cast.ivo.id),
            ("person.claimed", claimed_by),
        ]


def test_the_link_is_told_to_no_other_site(client: FlaskClient, link: str) -> None:
    assert client.get(link).headers["Referrer-Policy"] == "same-origin"


def test_a_form_without_its_token_is_refused(
    app: Flask, link: str, login_as: Callable[[Person], FlaskClient], cast: Cast
) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    assert app.test_client().post(link, data=PASSWORD).status_code == 400
    assert nia(app).password_hash is None
