"""The list of people: what somebody is found by, and that accounts which were joined are not in the way."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from catalog.accounts.models import Person
from catalog.accounts.queries import people, trainers
from catalog.attendance import finding
from catalog.courses.queries import coordinators
from catalog.extensions import db
from tests import factories as make
from tests.attendance.sheets import inside
from tests.factories import Cast

LoginAs = Callable[[Person], FlaskClient]


@pytest.mark.parametrize(
    "words",
    ["second@work", "SECOND@", "lpc 0123", "LPC 0123", "pike", "eva pike", "eva.first"],
)
def test_somebody_is_found_by_what_they_are_known_by(
    app: Flask, cast: Cast, login_as: LoginAs, words: str
) -> None:
    with inside(app):
        make.person(
            "Eva Sample",
            email="eva.first@example.org",
            second_email="second@work.example.org",
            licence="LPC 0123",
            county="01109",
        )
    page = login_as(cast.mira).get("/people", query_string={"words": words}).text
    assert "Eva Sample</a>" in page
    assert "Ana Sample</a>" not in page


def test_a_licence_is_said_by_the_person_and_by_a_coordinator(
    app: Flask, cast: Cast, login_as: LoginAs
) -> None:
    browser = login_as(cast.ana)
    browser.post("/account", data={"name": "Ana Sample", "county": "", "zone": "", "licence": "  A  1 "})
    assert 'value="A 1"' in browser.get("/account").text
    answer = login_as(cast.mira).post(f"/people/{cast.ana.id}/licence", data={"licence": "B 2"})
    assert answer.status_code == 303
    with inside(app):
        assert db.session.get_one(Person, cast.ana.id).licence == "B 2"
    trail = login_as(cast.mira).get("/audit").text
    assert "changed the licence number of" in trail


def test_a_licence_that_is_too_long_is_refused_and_stays_typed(cast: Cast, login_as: LoginAs) -> None:
    answer = login_as(cast.mira).post(f"/people/{cast.ana.id}/licence", data={"licence": "9" * 41})
    assert answer.status_code == 422
    assert "Use at most 40 characters." in answer.text
    assert "9" * 41 in answer.text


def test_the_licence_of_others_is_for_coordinators(
    cast: Cast, login_as: LoginAs, client: FlaskClient
) -> None:
    url = f"/people/{cast.ana.id}/licence"
    assert client.post(url).location.startswith("/sign-in")
    assert login_as(cast.ivo).post(url).status_code == 403
    assert login_as(cast.mira).post("/people/99999/licence").status_code == 404
    assert login_as(cast.mira).get(url).status_code == 405


@pytest.mark.usefixtures("context")
def test_accounts_that_were_joined_are_chosen_and_written_to_no_more() -> None:
    kept = make.person("Ivo Sample", is_trainer=True, coordinates=True)
    make.person("Ivo Sample", is_trainer=True, coordinates=True, merged_into_id=kept.id)
    assert list(trainers()) == [kept]
    assert list(coordinators()) == [kept]


@pytest.mark.usefixtures("context")
def test_the_door_finds_the_account_that_is_kept() -> None:
    kept = make.person("Eva Sample")
    make.person("Eva Sample", email="eva.old@example.org", merged_into_id=kept.id)
    offering = make.offering()
    for words in ("eva sample", "eva.old@example.org"):
        assert [found.person_id for found in finding.find(offering, words)] == [kept.id]


@pytest.mark.parametrize("words", ["%", "_", "a%", "__"])
def test_signs_that_mean_anything_to_a_database_mean_themselves(app: Flask, cast: Cast, words: str) -> None:
    with inside(app):
        make.person("Nia Sample", second_email="nia@example.com", licence="LX 4")
        assert people(words).rows == []
