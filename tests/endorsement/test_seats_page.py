"""The page of seats that fill what is missing, with its filters in the address."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from catalog.accounts.models import Person
from catalog.courses.models import Offering
from catalog.extensions import db, writing
from tests import factories as make
from tests.endorsement.conftest import Scene
from tests.factories import Cast
from tests.statements import counted

LoginAs = Callable[[Person], FlaskClient]


def test_lists_what_fills_it_and_says_so(cast: Cast, scene: Scene, login_as: LoginAs) -> None:
    text = login_as(cast.ana).get(f"/goal/{scene.goal_id}/seats?topic=TF.pregnancy").text
    assert "Before birth" in text
    assert "Fills Topic TF.pregnancy" in text
    assert f'href="/offerings/{scene.offering_id}#join"' in text


def test_the_seat_itself_is_one_tap_further(cast: Cast, scene: Scene, login_as: LoginAs) -> None:
    client = login_as(cast.ana)
    assert "Take a seat" in client.get(f"/offerings/{scene.offering_id}").text
    client.post(f"/offerings/{scene.offering_id}/enrollments")
    text = client.get(f"/goal/{scene.goal_id}/seats?topic=TF.pregnancy").text
    assert "No open session fills it" in text


@pytest.mark.parametrize("query", ["topic=XX.none", "tag=none", "ledger=none"])
def test_what_the_category_does_not_ask_for_is_not_there(
    cast: Cast, scene: Scene, login_as: LoginAs, query: str
) -> None:
    assert login_as(cast.ana).get(f"/goal/{scene.goal_id}/seats?{query}").status_code == 404


def test_a_filter_narrows_and_can_be_left_out(cast: Cast, scene: Scene, login_as: LoginAs) -> None:
    text = login_as(cast.ana).get(f"/goal/{scene.goal_id}/seats?online=y").text
    assert "Filters (1)" in text
    assert "Leave out all filters" in text
    assert "Before birth" not in text


def test_a_filter_that_cannot_be_read_says_so_and_keeps_what_was_typed(
    cast: Cast, scene: Scene, login_as: LoginAs
) -> None:
    answer = login_as(cast.ana).get(f"/goal/{scene.goal_id}/seats?most=much&begins=soon&county=99999&page=x")
    assert answer.status_code == 200
    assert 'value="much"' in answer.text
    assert "Write a date, such as 2027-01-14." in answer.text
    assert "Before birth" in answer.text


def test_htmx_gets_the_list_alone(cast: Cast, scene: Scene, login_as: LoginAs, htmx: dict[str, str]) -> None:
    answer = login_as(cast.ana).get(f"/goal/{scene.goal_id}/seats", headers=htmx)
    assert answer.text.lstrip().startswith('<div id="seats"')
    assert "HX-Request" in answer.headers["Vary"]


def test_it_costs_the_same_for_one_session_and_for_many(
    app: Flask, cast: Cast, scene: Scene, login_as: LoginAs
) -> None:
    client, url = login_as(cast.ana), f"/goal/{scene.goal_id}/seats"

    def cost() -> int:
        client.get(url)
        with counted() as seen:
            client.get(url)
        return len([statement for statement in seen if not statement.startswith("BEGIN")])

    one = cost()
    with app.app_context():
        writing.set(True)
        course = db.session.get_one(Offering, scene.offering_id).course
        for _ in range(30):
            make.offering(course)
        db.session.commit()
    assert cost() == one <= 11


STRANGE = [
    *("number=1", "pages=1", "endpoint=x", "goal_id=99", "values=1"),
    *("_external=1", "_external=1&_scheme=javascript", "_anchor=x", "_method=POST"),
]


@pytest.mark.parametrize("query", ["", "page=1", *STRANGE])
def test_what_the_address_says_beside_the_filters_turns_no_link(
    app: Flask, cast: Cast, scene: Scene, login_as: LoginAs, query: str
) -> None:
    many(app)
    answer = login_as(cast.ana).get(f"/goal/{scene.goal_id}/seats?topic=TF.pregnancy&{query}")
    assert answer.status_code == 200
    assert f'href="/goal/{scene.goal_id}/seats?topic=TF.pregnancy&amp;page=2" rel="next"' in answer.text


def test_the_next_page_leads_back_with_the_same_filters(
    app: Flask, cast: Cast, scene: Scene, login_as: LoginAs
) -> None:
    many(app)
    url = f"/goal/{scene.goal_id}/seats?topic=TF.pregnancy&most=5&page=2"
    answer = login_as(cast.ana).get(url)
    assert answer.status_code == 200
    assert f'href="/goal/{scene.goal_id}/seats?topic=TF.pregnancy&amp;most=5" rel="prev"' in answer.text


def many(app: Flask) -> None:
    """More sessions than one page shows."""
    with app.app_context():
        writing.set(True)
        course = make.course("More", topics=("TF.pregnancy",))
        for _ in range(22):
            make.offering(course, price_cents=0)
        db.session.commit()
