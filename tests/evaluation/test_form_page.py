"""The page with the questions: who gets it, what comes back, and what it says once it was sent."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from catalog import clock
from catalog.accounts.models import Person
from catalog.courses.models import Asking
from catalog.extensions import db
from tests.attendance.sheets import inside
from tests.evaluation.pages import Scene
from tests.evaluation.pages import scene as make_scene
from tests.factories import Cast

LoginAs = Callable[[Person], FlaskClient]


@pytest.fixture
def scene(app: Flask, cast: Cast) -> Scene:
    return make_scene(app, cast)


def field_of(page: str, words: str) -> str:
    """What the field of an objective is called."""
    found = re.search(r'id="(objective_\w+)"[^>]*>\s*<legend>' + re.escape(words), page)
    assert found, page
    return found[1]


def test_whoever_was_there_reads_who_sees_what_before_the_questions(scene: Scene, login_as: LoginAs) -> None:
    page = login_as(scene.cast.ana).get(scene.url).text
    promise, first = page.index("Your name is not kept"), page.index("I can use what I learned")
    assert promise < first
    assert "The trainer sees results only from five answers on" in page
    assert "name two signs of stress in an infant" in page
    assert "certificate waits" not in page


def test_what_is_sent_is_saved_and_thanked_for(scene: Scene, login_as: LoginAs) -> None:
    browser = login_as(scene.cast.ana)
    objective = field_of(browser.get(scene.url).text, "name one person to call")
    sent = {
        "scale_use": "5",
        "scale_pace": "",
        objective: "3",
        "helped": " Two films.\r\nBoth. ",
        "change": "",
    }
    answer = browser.post(scene.url, data=sent)
    assert (answer.status_code, answer.headers["Location"]) == (303, scene.url)
    (saved,) = scene.saved()
    assert (saved.scales, saved.objectives) == ({"use": 5}, {"name one person to call": 3})
    assert (saved.helped, saved.change) == ("Two films.\nBoth.", "")
    page = browser.get(scene.url).text
    assert "Thank you</h1>" in page
    assert "<textarea" not in page


def test_a_second_time_is_refused_and_said(scene: Scene, login_as: LoginAs) -> None:
    browser = login_as(scene.cast.ana)
    browser.post(scene.url, data={"scale_use": "5"})
    answer = browser.post(scene.url, data={"scale_use": "1", "scale_pace": "nonsense"})
    assert answer.status_code == 409
    assert "these answers were not added" in answer.text
    assert [one.scales for one in scene.saved()] == [{"use": 5}]


def test_where_it_is_required_it_says_so_before_and_after(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    scene = make_scene(app, cast, Asking.BEFORE_CERTIFICATE)
    browser = login_as(cast.ana)
    assert "Your certificate waits until you have sent this form" in browser.get(scene.url).text
    browser.post(scene.url, data={"scale_use": "5"})
    assert "Your certificate follows" in browser.get(scene.url).text


def test_nothing_at_all_is_sent_back(scene: Scene, login_as: LoginAs) -> None:
    answer = login_as(scene.cast.ana).post(scene.url, data={"helped": "  ", "scale_use": ""})
    assert answer.status_code == 422
    assert "Answer at least one question" in answer.text
    assert scene.saved() == []


@pytest.mark.parametrize("points", ["6", "0", "-1", "five", "1.5", "5 "])
def test_other_points_are_sent_back_with_everything_typed(
    scene: Scene, login_as: LoginAs, points: str
) -> None:
    sent = {"scale_use": points, "scale_trainer": "4", "change": "Fewer slides <b>"}
    answer = login_as(scene.cast.ana).post(scene.url, data=sent)
    assert answer.status_code == 422
    assert "Choose from 1 to 5, or leave it out." in answer.text
    assert "Fewer slides &lt;b&gt;" in answer.text
    assert re.search(r'<input[^>]*checked[^>]*id="scale_trainer-3"', answer.text)
    assert scene.saved() == []


def test_texts_may_be_long_and_not_longer(scene: Scene, login_as: LoginAs) -> None:
    browser = login_as(scene.cast.ana)
    answer = browser.post(scene.url, data={"helped": "a" * 2001})
    assert answer.status_code == 422
    assert "Use at most 2000 characters." in answer.text
    assert browser.post(scene.url, data={"helped": "é\r\n" * 1000}).status_code == 303


def test_what_the_course_no_longer_asks_is_left_out(scene: Scene, login_as: LoginAs) -> None:
    browser = login_as(scene.cast.ana)
    call = field_of(browser.get(scene.url).text, "name one person to call")
    with inside(scene.app):
        scene.offering.course.objectives = "sing\nname two signs of stress in an infant"
    answer = browser.post(scene.url, data={call: "1", "scale_use": "2", "objective_made_up": "3"})
    assert answer.status_code == 303
    (saved,) = scene.saved()
    assert (saved.scales, saved.objectives) == ({"use": 2}, {})


def test_before_the_last_meeting_is_over_it_says_when(scene: Scene, login_as: LoginAs) -> None:
    with inside(scene.app):
        offering = scene.offering
        offering.meetings[0].ends_at = clock.now() + timedelta(days=2)
    browser = login_as(scene.cast.ana)
    page = browser.get(scene.url).text
    assert "You can say so here after the last meeting: from" in page
    assert "<textarea" not in page
    assert browser.post(scene.url, data={"scale_use": "5"}).status_code == 409
    assert scene.saved() == []


def test_whoever_has_a_seat_and_no_mark_is_told_so(scene: Scene, login_as: LoginAs) -> None:
    with inside(scene.app):
        db.session.execute(db.text("UPDATE mark SET minutes = 0"))
    page = login_as(scene.cast.ana).get(scene.url).text
    assert "it is not written down that you were" in page


@pytest.mark.parametrize("who", ["ivo", "mira", "ada"])
def test_those_who_run_it_see_what_is_asked_and_cannot_answer(
    scene: Scene, login_as: LoginAs, who: str
) -> None:
    browser = login_as(getattr(scene.cast, who))
    page = browser.get(scene.url).text
    assert "I would recommend it to a colleague." in page
    assert "<textarea" not in page
    assert browser.post(scene.url, data={"scale_use": "5"}).status_code == 403
    assert scene.saved() == []


def test_it_asks_for_a_sign_in(scene: Scene, client: FlaskClient) -> None:
    assert client.get(scene.url).headers["Location"].startswith("/sign-in")
    assert client.post(scene.url).headers["Location"].startswith("/sign-in")


def test_it_is_not_for_strangers(scene: Scene, login_as: LoginAs) -> None:
    browser = login_as(scene.cast.otto)
    assert browser.get(scene.url).status_code == 403
    assert browser.post(scene.url, data={"scale_use": "5"}).status_code == 403
    assert browser.get("/offerings/999999/evaluation").status_code == 404
    assert scene.saved() == []
