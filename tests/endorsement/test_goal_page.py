"""The goal: what is there, what is missing, and the seats that fill it."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from catalog.accounts.models import Person
from catalog.competencies.models import Confidence, TopicAsked
from catalog.courses.models import Offering, OfferingState
from catalog.endorsement.models import Goal
from catalog.enrollment import services as enrollment
from catalog.extensions import db, writing
from tests.endorsement.conftest import Scene
from tests.factories import Cast
from tests.statements import counted

LoginAs = Callable[[Person], FlaskClient]


def page(login_as: LoginAs, person: Person, scene: Scene, rest: str = "") -> str:
    answer = login_as(person).get(f"/goal/{scene.goal_id}{rest}")
    assert answer.status_code == 200
    return answer.text


def test_says_what_there_is_and_what_is_missing(cast: Cast, scene: Scene, login_as: LoginAs) -> None:
    text = page(login_as, cast.ana, scene)
    assert "3 h verified of 30 h at least" in text
    assert "Still missing: 1 topic, 27 h of training, 24 h of RSC." in text
    assert "1 of 2 topics covered" in text


def test_names_the_next_seat_that_fills_it(cast: Cast, scene: Scene, login_as: LoginAs) -> None:
    text = page(login_as, cast.ana, scene)
    assert f'href="/offerings/{scene.offering_id}#join">Before birth' in text


def test_a_seat_that_is_held_is_booked_and_no_longer_missing(
    app: Flask, cast: Cast, scene: Scene, login_as: LoginAs
) -> None:
    with app.app_context():
        writing.set(True)
        ana = db.session.get_one(Person, cast.ana.id)
        enrollment.enroll(ana, db.session.get_one(Offering, scene.offering_id), by=ana)
        db.session.commit()
    text = page(login_as, cast.ana, scene)
    assert "3 h verified, 3 h booked of 30 h at least" in text
    assert "1 of 2 topics covered, 1 booked" in text
    assert "Still missing: 24 h of training, 24 h of RSC." in text


def test_an_area_shown_by_references_is_never_missing(cast: Cast, scene: Scene, login_as: LoginAs) -> None:
    assert "shown mainly by your references" in page(login_as, cast.ana, scene)


def test_what_is_not_confirmed_is_to_be_checked(
    app: Flask, cast: Cast, scene: Scene, login_as: LoginAs
) -> None:
    assert "1 of 2 topics covered ◇" not in page(login_as, cast.ana, scene).replace(" <span", "<span")
    with app.app_context():
        writing.set(True)
        asked = db.session.get_one(TopicAsked, (scene.covered_id, scene.category_id))
        asked.confidence = Confidence.INFERRED
        db.session.commit()
    assert "check with First 5 Alabama</span>" in page(login_as, cast.ana, scene, f"/areas/{scene.area_id}")


def test_the_words_behind_an_area_name_the_entries(cast: Cast, scene: Scene, login_as: LoginAs) -> None:
    text = page(login_as, cast.ana, scene, f"/areas/{scene.area_id}")
    assert "Covered</span> Ties, Sun 1 Mar 2026" in text
    assert f'href="/goal/{scene.goal_id}/seats?topic=TF.pregnancy"' in text


def test_every_line_of_the_ledgers_says_what_it_counts_for(
    cast: Cast, scene: Scene, login_as: LoginAs
) -> None:
    text = page(login_as, cast.ana, scene, "/hours")
    assert "Ties" in text
    assert "Attendance verified" in text


def test_a_cancelled_session_fills_nothing(app: Flask, cast: Cast, scene: Scene, login_as: LoginAs) -> None:
    with app.app_context():
        writing.set(True)
        db.session.get_one(Offering, scene.offering_id).state = OfferingState.CANCELLED
        db.session.commit()
    assert "No open session covers it yet" in page(login_as, cast.ana, scene)


@pytest.mark.parametrize("rest", ["", "/hours", "/seats", "/areas/{area}"])
def test_a_stranger_finds_nothing(cast: Cast, scene: Scene, login_as: LoginAs, rest: str) -> None:
    url = f"/goal/{scene.goal_id}{rest.format(area=scene.area_id)}"
    assert login_as(cast.otto).get(url).status_code == 404
    assert login_as(cast.mira).get(url).status_code == 200


def test_one_must_be_signed_in(client: FlaskClient, scene: Scene) -> None:
    for url in ("/goal", f"/goal/{scene.goal_id}", f"/goal/{scene.goal_id}/seats"):
        assert client.get(url).status_code == 303


def test_a_goal_left_aside_is_not_there(app: Flask, cast: Cast, scene: Scene, login_as: LoginAs) -> None:
    assert login_as(cast.ana).post(f"/goal/{scene.goal_id}/drop").status_code == 303
    assert login_as(cast.ana).get(f"/goal/{scene.goal_id}").status_code == 404
    with app.app_context():
        assert db.session.get_one(Goal, scene.goal_id).dropped_at is not None


def test_it_takes_at_most_ten_statements(cast: Cast, scene: Scene, login_as: LoginAs) -> None:
    client = login_as(cast.ana)
    client.get(f"/goal/{scene.goal_id}")
    with counted() as seen:
        client.get(f"/goal/{scene.goal_id}")
    assert len([statement for statement in seen if not statement.startswith("BEGIN")]) <= 10
