"""The list of people: who may see it, and how somebody is found in it."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from catalog.accounts import queries
from catalog.accounts import services as accounts
from catalog.accounts.models import Person
from catalog.accounts.services import EmailTaken
from tests import factories as make
from tests.attendance.sheets import inside
from tests.factories import Cast
from tests.statements import counted

LoginAs = Callable[[Person], FlaskClient]


def found(page: str) -> list[str]:
    return [name for name in ("Ana", "Ivo", "Mira", "Otto", "Ada") if f">{name} Sample</a>" in page]


def test_everybody_is_listed_by_name_with_a_way_to_their_hours(cast: Cast, login_as: LoginAs) -> None:
    page = login_as(cast.mira).get("/people").text
    assert found(page) == ["Ana", "Ivo", "Mira", "Otto", "Ada"]
    assert page.index("Ada Sample</a>") < page.index("Ana Sample</a>")
    assert f'href="/people/{cast.ana.id}"' in page


def test_the_counts_say_how_many_there_are_of_each_role(cast: Cast, login_as: LoginAs) -> None:
    page = login_as(cast.mira).get("/people").text
    for count in ("Everybody (5)", "Trainers (1)", "Coordinators (1)", "Administrators (1)"):
        assert count in page


def test_people_are_asked_to_sign_in(cast: Cast, client: FlaskClient) -> None:
    assert client.get("/people").headers["Location"].startswith("/sign-in")


@pytest.mark.parametrize("who", ["ana", "ivo"])
def test_those_who_learn_or_teach_see_no_list_of_people(cast: Cast, login_as: LoginAs, who: str) -> None:
    assert login_as(getattr(cast, who)).get("/people").status_code == 403


@pytest.mark.parametrize("words", ["ana", "ANA sam", "sample ana", "  Ana  "])
def test_people_are_found_by_words_of_their_name(cast: Cast, login_as: LoginAs, words: str) -> None:
    assert found(login_as(cast.mira).get("/people", query_string={"words": words}).text) == ["Ana"]


def test_people_are_found_by_their_address(cast: Cast, login_as: LoginAs) -> None:
    assert found(login_as(cast.mira).get("/people", query_string={"words": cast.otto.email}).text) == ["Otto"]


@pytest.mark.parametrize("words", ["%", "_", "'", "\\", "nobody like that"])
def test_signs_mean_themselves(cast: Cast, login_as: LoginAs, words: str) -> None:
    page = login_as(cast.mira).get("/people", query_string={"words": words}).text
    assert found(page) == []
    assert "Nobody is found" in page


def test_an_accented_name_is_found_as_it_is_written(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    with inside(app):
        make.person("Élise Sample")
    assert "Élise Sample</a>" in login_as(cast.mira).get("/people", query_string={"words": "Élise"}).text


@pytest.mark.parametrize(
    ("role", "who"), [("trainers", "Ivo"), ("coordinators", "Mira"), ("administrators", "Ada")]
)
def test_people_can_be_narrowed_to_a_role(cast: Cast, login_as: LoginAs, role: str, who: str) -> None:
    assert found(login_as(cast.mira).get("/people", query_string={"role": role}).text) == [who]


def test_a_role_nobody_knows_is_everybody(cast: Cast, login_as: LoginAs) -> None:
    assert len(found(login_as(cast.mira).get("/people?role=owners&page=none").text)) == 5


def test_a_live_search_answers_only_the_list(cast: Cast, login_as: LoginAs, htmx: dict[str, str]) -> None:
    page = login_as(cast.mira).get("/people?words=ana", headers=htmx).text
    assert page.lstrip().startswith('<div id="people"')


def test_many_people_come_in_pages(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    with inside(app):
        for number in range(60):
            make.person(f"Zoe{number:02} Sample")
    browser = login_as(cast.mira)
    first, second = browser.get("/people?words=zoe").text, browser.get("/people?words=zoe&page=2").text
    assert "60 people" in first
    assert (first.count('<th scope="row">'), second.count('<th scope="row">')) == (queries.PER_PAGE, 10)
    assert "Page 1 of 2" in first
    assert browser.get("/people?words=zoe&page=99").text.count('<th scope="row">') == 10


def test_the_list_asks_the_database_as_often_for_fifty_people_as_for_one(
    app: Flask, cast: Cast, login_as: LoginAs
) -> None:
    with inside(app):
        for number in range(60):
            make.person(f"Zoe{number:02} Sample")
    browser = login_as(cast.mira)
    with counted() as few:
        browser.get("/people?words=ana")
    with counted() as many:
        browser.get("/people?words=zoe")
    assert len(few) == len(many) <= 5


def test_an_address_that_was_taken_a_moment_ago_is_refused_by_the_database(app: Flask, cast: Cast) -> None:
    with inside(app), pytest.raises(EmailTaken):
        accounts.add_person("Ana Again", cast.ana.email.upper(), None)
