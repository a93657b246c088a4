"""Making an account: an address is typed in, and the link that is mailed there opens it."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from catalog import clock
from catalog.accounts import passwords
from catalog.accounts.models import Person
from catalog.extensions import db
from catalog.notices.models import Job
from tests.accounts.mails import letters, link
from tests.attendance.sheets import inside
from tests.factories import Cast
from tests.statements import counted

EMAIL = "nia@example.org"
GOOD = {"name": " Nia  Sample ", "password": "four plain words here"}


def asked(app: Flask, client: FlaskClient, email: str = EMAIL, back: str = "/") -> str:
    """The path in the letter that came."""
    assert client.post("/sign-up", data={"email": email, "next": back}).status_code == 303
    return link(app, "sign_up")


def people(app: Flask) -> list[Person]:
    with inside(app):
        return list(db.session.scalars(sa.select(Person)))


def test_the_link_opens_an_account_signs_in_and_leads_back(app: Flask, client: FlaskClient) -> None:
    path = asked(app, client, "Nia@Example.org", "/offerings/7")
    assert people(app) == []
    assert "For nia@example.org" in client.get(path).text
    answer = client.post(path, data=GOOD)
    assert (answer.status_code, answer.location) == (303, "/offerings/7")
    (person,) = people(app)
    assert (person.name, person.email, person.is_verified) == ("Nia Sample", EMAIL, True)
    assert person.password_hash is not None
    assert person.password_hash.startswith("$argon2id$")
    assert "Nia Sample" in client.get("/account").text


def test_it_works_in_another_browser_too(app: Flask, client: FlaskClient) -> None:
    path = asked(app, client)
    assert app.test_client().post(path, data=GOOD).status_code == 303


def test_it_works_once(app: Flask, client: FlaskClient) -> None:
    path = asked(app, client)
    client.post(path, data=GOOD)
    other = app.test_client()
    assert other.get(path).status_code == 410
    assert other.post(path, data=GOOD | {"name": "Otto"}).status_code == 410
    assert [person.name for person in people(app)] == ["Nia Sample"]
    assert other.get("/account").status_code == 303


@pytest.mark.parametrize(("hours", "status"), [(23.9, 200), (24.1, 410)])
def test_it_lasts_a_day(app: Flask, client: FlaskClient, hours: float, status: int) -> None:
    path = asked(app, client)
    with clock.at(clock.now() + timedelta(hours=hours)):
        assert client.get(path).status_code == status


def test_looking_at_it_changes_nothing(app: Flask, client: FlaskClient) -> None:
    path = asked(app, client)
    client.get(path)
    assert people(app) == []


@pytest.mark.parametrize("key", ["x", "WzEsImEiXQ.aaaa.bbbb", "%00", "é", "." * 300])
def test_a_forged_link_opens_nothing(client: FlaskClient, key: str) -> None:
    assert client.get(f"/sign-up/{key}").status_code == 410
    assert client.post(f"/sign-up/{key}", data=GOOD).status_code == 410


def test_a_key_that_is_good_for_something_else_opens_nothing(app: Flask, client: FlaskClient) -> None:
    key = asked(app, client).removeprefix("/sign-up/")
    assert [client.get(f"/{path}/{key}").status_code for path in ("reset", "claim", "verify")] == [410] * 3


def test_an_address_is_kept_as_mail_is_sent_to_it(client: FlaskClient, app: Flask) -> None:
    client.post(asked(app, client, "Nia@Exämple.org"), data=GOOD)
    assert people(app)[0].email == "nia@xn--exmple-cua.org"
    again = app.test_client().post("/sign-in", data=GOOD | {"email": "nia@exämple.org"})
    assert again.status_code == 303


@pytest.mark.parametrize("email", ["not an address", "é@example.org", ""])
def test_no_address_is_said_beside_its_field(client: FlaskClient, email: str) -> None:
    answer = client.post("/sign-up", data={"email": email})
    assert answer.status_code == 422
    assert "aria-invalid" in answer.text
    assert f'value="{email}"' in answer.text


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": ""}, "Enter your name"),
        ({"password": "short"}, "at least 12 characters"),
        ({"password": ""}, "Choose a password"),
        ({"password": "nia sample 2026"}, "says too much"),
        ({"password": "password123456"}, "tried first"),
    ],
)
def test_bad_input_is_said_beside_its_field(
    app: Flask, client: FlaskClient, change: dict[str, str], said: str
) -> None:
    answer = client.post(asked(app, client), data=GOOD | change)
    assert answer.status_code == 422
    assert said in answer.text
    assert "aria-invalid" in answer.text
    assert people(app) == []


def bare(text: str, email: str) -> str:
    return re.sub(r'name="csrf_token" value="[^"]+"', "", text).replace(email, "")


@pytest.mark.usefixtures("_rows")
class TestRevealsNothing:
    """To somebody with an account, to somebody whom one was made for, and to nobody the page says the same."""

    @pytest.fixture
    def emails(self, app: Flask, cast: Cast) -> list[str]:
        with inside(app):
            db.session.get_one(Person, cast.ana.id).password_hash = passwords.hash_of(GOOD["password"])
            db.session.get_one(Person, cast.ivo.id).merged_into_id = cast.ana.id
        return [cast.ana.email, cast.otto.email, cast.ivo.email, "nobody@example.org"]

    @pytest.mark.parametrize("path", ["/sign-up", "/reset"])
    def test_in_what_is_shown(self, app: Flask, emails: list[str], path: str) -> None:
        shown = set()
        for email in emails:
            browser = app.test_client()
            app.config["WTF_CSRF_ENABLED"] = False
            answer = browser.post(path, data={"email": email})
            page = browser.get(answer.location)
            shown.add((answer.status_code, answer.location, bare(page.text, email)))
        assert len(shown) == 1
        assert "Look in your mail" in shown.pop()[2]

    @pytest.mark.parametrize("path", ["/sign-up", "/reset"])
    def test_in_what_it_takes(
        self, app: Flask, emails: list[str], path: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """No password is hashed, and the same statements are sent; only for an account that was joined with another
        one is it looked up which."""
        monkeypatch.setattr(passwords, "_hasher", None)
        app.config["WTF_CSRF_ENABLED"] = False
        app.test_client().post(path, data={"email": "warm@example.org"})
        sent = []
        for email in emails:
            with counted() as statements:
                app.test_client().post(path, data={"email": email})
            sent.append([one for one in statements if not one.startswith(("BEGIN", "PRAGMA"))])
        account, unclaimed, joined, nobody = sent
        assert account == unclaimed == nobody
        assert len(joined) <= len(nobody) + 1

    def test_but_each_gets_the_letter_they_need(
        self, app: Flask, client: FlaskClient, emails: list[str]
    ) -> None:
        for path in ("/sign-up", "/reset"):
            for email in emails:
                client.post(path, data={"email": email})
        assert [(one["to"], one["kind"]) for one in letters(app)] == [
            (email, f"account.{kind}")
            for kinds in (
                ("known", "claim", "merged", "sign_up"),
                ("reset", "reset", "merged", "reset_nobody"),
            )
            for email, kind in zip(emails, kinds, strict=True)
        ]

    def test_a_letter_to_an_address_that_is_nobodys_names_nobody(
        self, app: Flask, client: FlaskClient, emails: list[str]
    ) -> None:
        for path in ("/sign-up", "/reset"):
            client.post(path, data={"email": "nobody@example.org"})
        for letter in letters(app):
            assert letter["name"] == ""
            assert "Sample" not in letter["text"] + letter["subject"]


def test_whose_account_was_made_for_them_comes_back_to_where_they_were(
    app: Flask, client: FlaskClient, cast: Cast
) -> None:
    client.post("/sign-up", data={"email": cast.otto.email, "next": "/offerings/7"})
    answer = client.post(link(app, "claim"), data={"password": GOOD["password"]})
    assert (answer.status_code, answer.location) == (303, "/offerings/7")


def test_a_link_that_was_tampered_with_leads_to_no_other_site(
    app: Flask, client: FlaskClient, cast: Cast
) -> None:
    client.post("/sign-up", data={"email": cast.otto.email, "next": "https://example.com"})
    path = link(app, "claim")
    answer = client.post(f"{path}?next=https://example.com", data={"password": GOOD["password"]})
    assert answer.location == "/"


def test_the_link_is_made_from_the_sites_own_address(app: Flask, client: FlaskClient) -> None:
    for path in ("/sign-up", "/reset"):
        client.post(path, data={"email": EMAIL}, headers={"Host": "localhost:9999"})
    for letter in letters(app):
        assert "9999" not in letter["text"]
    assert "http://127.0.0.1:8000/sign-up/" in letters(app, "sign_up")[0]["text"]


def test_the_page_of_the_link_is_told_to_nobody_and_kept_by_nobody(app: Flask, client: FlaskClient) -> None:
    headers = client.get(asked(app, client)).headers
    assert (headers["Referrer-Policy"], headers["Cache-Control"]) == ("same-origin", "no-store")


def test_the_link_can_be_sent_again(app: Flask, client: FlaskClient) -> None:
    asked(app, client, back="/offerings/7")
    page = client.get("/look-in-your-mail").text
    assert f'name="email" value="{EMAIL}"' in page
    assert 'name="next" value="/offerings/7"' in page
    asked(app, client)
    assert len(letters(app, "sign_up")) == 2


def test_the_letter_is_sent_to_an_address_that_has_no_account(app: Flask, client: FlaskClient) -> None:
    asked(app, client)
    with inside(app):
        assert db.session.scalars(sa.select(Job.person_id)).all() == [None]


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
