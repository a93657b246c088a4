"""Saving a search from the catalog page: for its filters, in words, once."""

from collections.abc import Callable

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from catalog.accounts.models import Person
from catalog.extensions import db
from catalog.following.models import HowOften, SavedSearch
from catalog.following.services import MOST_SEARCHES
from tests import factories as make
from tests.factories import Cast
from tests.following.desk import inside

LoginAs = Callable[[Person], FlaskClient]
FIELDS = {"query": "?format=in_person", "how_often": "daily", "label": ""}


def searches(app: Flask) -> list[SavedSearch]:
    with inside(app):
        return list(db.session.scalars(sa.select(SavedSearch).order_by(SavedSearch.id)))


def test_the_catalog_page_leads_there_with_its_filters(client: FlaskClient) -> None:
    page = client.get("/?format=in_person&sort=hours&page=2").text
    assert "href=/searches/new?format=in_person>Tell me of new ones" in page.replace('"', "")


def test_a_stranger_is_led_to_sign_in_and_back(client: FlaskClient) -> None:
    answer = client.get("/searches/new?format=in_person&q=a+b")
    assert answer.status_code == 303
    assert answer.location.endswith("next=/searches/new?format%3Din_person%26q%3Da%2Bb")


def test_it_is_saved_with_a_name_made_from_the_filters(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    with inside(app):
        make.area("RF", name="Reflection")
    browser = login_as(cast.ana)
    page = browser.get("/searches/new?area=RF&format=in_person&county=01101").text
    assert "Reflection, In person, Montgomery County" in page
    fields = {**FIELDS, "query": "?area=RF&format=in_person", "county": ["01109", "01101"]}
    answer = browser.post("/searches", data=fields, follow_redirects=True)
    assert "Saved. You are told of new sessions" in answer.text
    [made] = searches(app)
    assert made.label == "Reflection, In person, Montgomery County, Pike County"
    assert made.query == "?area=RF&format=in_person&county=01101&county=01109"
    assert (made.person_id, made.how_often) == (cast.ana.id, HowOften.DAILY)


def test_the_same_search_is_not_saved_twice(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    browser = login_as(cast.ana)
    browser.post("/searches", data=FIELDS)
    answer = browser.post(
        "/searches", data={**FIELDS, "query": "?sort=hours&format=in_person", "label": "Mine"}
    )
    assert answer.status_code == 422
    assert "You have saved this search already." in answer.text
    assert 'value="Mine"' in answer.text
    assert len(searches(app)) == 1


def test_two_people_may_save_the_same(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    for person in (cast.ana, cast.otto):
        assert login_as(person).post("/searches", data=FIELDS).status_code == 303
    assert len(searches(app)) == 2


def test_a_person_has_so_many_and_not_more(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    browser = login_as(cast.ana)
    for number in range(MOST_SEARCHES):
        browser.post("/searches", data={**FIELDS, "query": f"?q=word{number}"})
    answer = browser.post("/searches", data=FIELDS)
    assert answer.status_code == 422
    assert "You have 20 saved searches, and that is as many as are kept." in answer.text
    assert len(searches(app)) == MOST_SEARCHES


def test_a_search_of_courses_becomes_one_of_their_sessions(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    login_as(cast.ana).post("/searches", data={**FIELDS, "query": "?show=courses&kind=in_service"})
    assert [one.query for one in searches(app)] == ["?kind=in_service"]


def test_a_language_nobody_teaches_in_yet_can_be_waited_for(
    app: Flask, cast: Cast, login_as: LoginAs
) -> None:
    login_as(cast.ana).post("/searches", data={**FIELDS, "query": "?language=Spanish"})
    assert [(one.query, one.label) for one in searches(app)] == [("?language=Spanish", "Spanish")]


def test_what_is_not_known_is_refused_with_a_sentence(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    browser = login_as(cast.ana)
    for fields, sentence in (
        ({"how_often": "hourly"}, "Choose one from the list."),
        ({"county": "99999"}, "Choose from the list."),
        ({"label": "x" * 161}, "Use at most 160 characters."),
        ({"query": "?q=" + "é" * 200}, "This search is too long to be saved."),
    ):
        answer = browser.post("/searches", data={**FIELDS, **fields})
        assert answer.status_code == 422, fields
        assert sentence in answer.text
    assert searches(app) == []


def test_strangers_cannot_save(app: Flask, client: FlaskClient) -> None:
    assert client.post("/searches", data=FIELDS).status_code == 303
    assert searches(app) == []
