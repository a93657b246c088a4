"""On their account people choose which letters they get, and where else these may go."""

import re
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from catalog import clock
from catalog.accounts.models import Person
from catalog.extensions import db
from catalog.notices.models import AuditEntry, Bounce, Muted
from tests.attendance.sheets import inside
from tests.factories import Cast

LoginAs = Callable[[Person], FlaskClient]
URL = "/account/mail"
NOTHING = {"csrf_token": "what a form without ticks sends"}


def muted(app: Flask, person: Person) -> set[str]:
    with inside(app):
        return set(db.session.scalars(sa.select(Muted.kind).where(Muted.person_id == person.id)))


def now(app: Flask, person: Person) -> Person:
    with inside(app):
        return db.session.get_one(Person, person.id)


def bounced(app: Flask, address: str) -> None:
    with inside(app):
        db.session.add(
            Bounce(address=address, is_permanent=True, reason="550 no", digest=address, came_at=clock.now())
        )


def test_everything_is_ticked_at_first(cast: Cast, login_as: LoginAs) -> None:
    page = login_as(cast.ana).get(URL).text
    assert page.count('type="checkbox"') == len(re.findall("<input checked", page))
    assert "A session meets tomorrow" in page
    assert "A seat was taken" in page, "named among those that always come"


def test_what_is_not_ticked_is_not_sent_any_more(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    browser = login_as(cast.ana)
    assert browser.post(URL, data={"reminder": ["meeting.tomorrow"]}).status_code == 303
    assert "meeting.week" in muted(app, cast.ana)
    assert "meeting.tomorrow" not in muted(app, cast.ana)


def test_ticked_again_it_is_sent_again(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    browser = login_as(cast.ana)
    browser.post(URL, data=NOTHING)
    assert "meeting.week" in muted(app, cast.ana)
    browser.post(URL, data={"reminder": ["meeting.week"]})
    assert "meeting.week" not in muted(app, cast.ana)


def test_letters_for_the_desk_are_asked_of_those_who_have_one(
    app: Flask, cast: Cast, login_as: LoginAs
) -> None:
    assert "A roster is to be closed" in login_as(cast.ivo).get(URL).text
    assert "A roster is to be closed" not in login_as(cast.ana).get(URL).text
    login_as(cast.ana).post(URL, data=NOTHING)
    assert "roster.due" not in muted(app, cast.ana), "she was not asked"


@pytest.mark.parametrize("kind", ["seat.taken", "no.such.letter"])
def test_a_letter_that_is_not_to_choose_is_refused(
    app: Flask, cast: Cast, login_as: LoginAs, kind: str
) -> None:
    assert login_as(cast.ana).post(URL, data={"reminder": [kind]}).status_code == 422
    assert muted(app, cast.ana) == set()


def test_only_ones_own_letters_are_chosen(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    login_as(cast.ana).post(URL, data={"person_id": str(cast.otto.id)})
    assert muted(app, cast.otto) == set()


def test_a_stranger_must_sign_in(client: FlaskClient) -> None:
    for answer in (
        client.get(URL),
        client.post(URL),
        client.post(URL + "/address"),
        client.post(URL + "/again"),
    ):
        assert answer.status_code == 303
        assert answer.location.startswith("/sign-in")


def test_the_forms_are_not_sent_by_looking(cast: Cast, login_as: LoginAs) -> None:
    assert [login_as(cast.ana).get(URL + path).status_code for path in ("/address", "/again")] == [405, 405]


# The second address.


def test_a_second_address_is_kept_as_addresses_are(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    answer = login_as(cast.ana).post(URL + "/address", data={"second_email": " Ana@Home.Example.org "})
    assert answer.status_code == 303
    assert now(app, cast.ana).second_email == "ana@home.example.org"


def test_the_trail_says_that_it_changed_and_not_to_what(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    login_as(cast.ana).post(URL + "/address", data={"second_email": "ana@home.example.org"})
    with inside(app):
        entry = db.session.scalars(sa.select(AuditEntry)).one()
    assert (entry.action, entry.details) == ("person.second_address", {})


def test_it_can_be_taken_away(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    browser = login_as(cast.ana)
    browser.post(URL + "/address", data={"second_email": "ana@home.example.org"})
    browser.post(URL + "/address", data={"second_email": ""})
    assert now(app, cast.ana).second_email is None


@pytest.mark.parametrize("wrong", ["no address", "ana@", "a@b@c.org", "x" * 250 + "@example.org"])
def test_what_is_no_address_is_refused_and_stays(
    app: Flask, cast: Cast, login_as: LoginAs, wrong: str
) -> None:
    answer = login_as(cast.ana).post(URL + "/address", data={"second_email": wrong})
    assert answer.status_code == 422
    assert f'value="{wrong}"' in answer.text
    assert "Enter an address" in answer.text
    assert now(app, cast.ana).second_email is None


def test_it_must_be_another_than_the_first(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    answer = login_as(cast.ana).post(URL + "/address", data={"second_email": cast.ana.email.upper()})
    assert answer.status_code == 422
    assert "This is the address you sign in with" in answer.text
    assert now(app, cast.ana).second_email is None


# An address that takes no mail.


def test_it_says_that_an_address_takes_no_mail_and_lets_its_owner_try_again(
    app: Flask, cast: Cast, login_as: LoginAs
) -> None:
    bounced(app, cast.ana.email)
    browser = login_as(cast.ana)
    page = browser.get(URL).text
    assert "Takes no mail" in page
    assert "550 no" in page
    assert browser.post(URL + "/again", data={"address": cast.ana.email}).status_code == 303
    assert "Takes no mail" not in browser.get(URL).text
    with inside(app):
        assert db.session.scalars(sa.select(Bounce)).one().cleared_by_id == cast.ana.id


@pytest.mark.parametrize("data", [{}, {"address": "nobody@example.org"}])
def test_an_address_that_is_not_theirs_is_not_found(
    cast: Cast, login_as: LoginAs, data: dict[str, Any]
) -> None:
    assert login_as(cast.ana).post(URL + "/again", data=data).status_code == 404


def test_the_address_of_somebody_else_is_not_found(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    bounced(app, cast.otto.email)
    assert login_as(cast.ana).post(URL + "/again", data={"address": cast.otto.email}).status_code == 404
    with inside(app):
        assert db.session.scalars(sa.select(Bounce)).one().cleared_at is None
