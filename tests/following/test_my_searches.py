"""The page of one's searches: how often, another name, other counties, deleted and put back."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from catalog.accounts.models import Person
from catalog.extensions import db
from catalog.following.models import HowOften, SavedSearch
from tests import factories as make
from tests.factories import Cast
from tests.following.desk import inside, later, letters, posted, saved, work

LoginAs = Callable[[Person], FlaskClient]


@pytest.fixture
def search_id(app: Flask, cast: Cast) -> int:
    with inside(app):
        return saved(cast.ana, "?format=in_person", HowOften.WEEKLY).id


def only(app: Flask) -> SavedSearch:
    with inside(app):
        return db.session.scalars(sa.select(SavedSearch)).one()


def test_they_are_listed_with_how_often(search_id: int, cast: Cast, login_as: LoginAs) -> None:
    page = login_as(cast.ana).get("/searches").text
    assert "In person" in page
    assert "Once a week, on Monday morning" in page


def test_they_are_changed(app: Flask, search_id: int, cast: Cast, login_as: LoginAs) -> None:
    browser = login_as(cast.ana)
    assert 'value="?format=in_person"' in browser.get(f"/searches/{search_id}").text
    fields = {"query": "?format=in_person", "how_often": "at_once", "label": "In person"}
    browser.post(f"/searches/{search_id}", data={**fields, "county": ["online", "01101"]})
    now = only(app)
    assert (now.how_often, now.label) == (HowOften.AT_ONCE, "In person, Online, Montgomery County")
    assert now.query == "?format=in_person&county=online&county=01101"
    browser.post(f"/searches/{search_id}", data={**fields, "label": "Near me"})
    assert only(app).label == "Near me"


def test_one_cannot_become_another_that_is_there(
    app: Flask, search_id: int, cast: Cast, login_as: LoginAs
) -> None:
    with inside(app):
        saved(cast.ana, "?format=virtual")
    fields = {"query": "?format=virtual", "how_often": "daily", "label": ""}
    answer = login_as(cast.ana).post(f"/searches/{search_id}", data=fields)
    assert answer.status_code == 422
    assert "You have saved this search already." in answer.text


def test_what_was_deleted_is_put_back_with_what_was_not_told_yet(
    app: Flask, search_id: int, cast: Cast, login_as: LoginAs
) -> None:
    with inside(app):
        posted(make.course("New one"))
    work(app)
    browser = login_as(cast.ana)
    page = browser.post(f"/searches/{search_id}/delete", follow_redirects=True).text
    assert "Deleted: In person." in page
    with inside(app):
        assert db.session.scalar(sa.select(sa.func.count()).select_from(SavedSearch)) == 0
    assert "Your search is there again." in browser.post("/searches/undo", follow_redirects=True).text
    assert only(app).query == "?format=in_person"
    assert "There is nothing to put back." in browser.post("/searches/undo", follow_redirects=True).text
    fields = {"query": "?format=in_person", "how_often": "at_once", "label": ""}
    browser.post(f"/searches/{only(app).id}", data=fields)
    with later(timedelta(minutes=6)):
        work(app)
    [letter] = letters(app)
    assert "New one" in letter["text"]


def test_a_search_that_is_not_understood_any_more_says_so(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    with inside(app):
        topic = make.topic("TF.attachment")
        saved(cast.ana, "?topic=TF.attachment")
        topic.retired_in = "later"
    page = login_as(cast.ana).get("/searches").text
    assert "Until you save this search anew it finds nothing." in page


def test_they_are_the_persons_alone(
    search_id: int, cast: Cast, login_as: LoginAs, client: FlaskClient
) -> None:
    for person in (cast.otto, cast.mira):
        browser = login_as(person)
        assert browser.get(f"/searches/{search_id}").status_code == 404
        assert browser.post(f"/searches/{search_id}").status_code == 404
        assert browser.post(f"/searches/{search_id}/delete").status_code == 404
    for address in ("/searches", f"/searches/{search_id}"):
        assert client.get(address).status_code == 303


def test_nothing_is_deleted_by_looking(app: Flask, search_id: int, cast: Cast, login_as: LoginAs) -> None:
    assert login_as(cast.ana).get(f"/searches/{search_id}/delete").status_code == 405
    assert only(app).id == search_id


def test_nobody_else_at_the_same_browser_sees_what_was_deleted(
    app: Flask, search_id: int, cast: Cast, login_as: LoginAs
) -> None:
    browser = login_as(cast.ana)
    browser.post(f"/searches/{search_id}/delete")
    other = login_as(cast.otto).get_cookie("sign_in")
    assert other
    browser.set_cookie("sign_in", other.value)
    assert "Deleted:" not in browser.get("/searches").text
    assert "There is nothing to put back." in browser.post("/searches/undo", follow_redirects=True).text
