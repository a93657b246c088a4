"""How a dispute ends: Ana lets it rest, or asks a coordinator, who decides."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from catalog.accounts.models import Person
from catalog.enrollment import services as enrollment
from catalog.extensions import db
from tests.attendance import sheets
from tests.attendance.sheets import Scene, inside
from tests.disputes import threads
from tests.disputes.threads import LoginAs, said
from tests.factories import Cast


@pytest.fixture
def scene(app: Flask, cast: Cast) -> Scene:
    return threads.marked(app, cast)


@pytest.fixture
def thread(scene: Scene, login_as: LoginAs) -> str:
    """Ivo has answered and kept the mark."""
    return threads.answered(scene, login_as)


def accept(scene: Scene, thread: str, browser: FlaskClient) -> int:
    return browser.post(f"{thread}/accept", data={"seen": threads.last(scene)}).status_code


def pass_on(scene: Scene, thread: str, browser: FlaskClient, text: str = "I was there.") -> int:
    form = {"text": text, "seen": threads.last(scene)}
    return browser.post(f"{thread}/pass-on", data=form).status_code


def test_ana_says_that_it_is_settled(scene: Scene, thread: str, login_as: LoginAs) -> None:
    assert accept(scene, thread, login_as(scene.cast.ana)) == 303
    assert threads.state(scene) == "settled"
    assert threads.told(scene)[-1] == ("Ivo", "A disputed mark is settled")
    page = login_as(scene.cast.ana).get(thread).text
    assert "Settled" in page
    assert "<form class=" not in page.split("What was said")[1]


def test_ana_may_let_it_rest_before_anybody_answers(scene: Scene, login_as: LoginAs) -> None:
    thread = threads.opened(scene, login_as)
    assert accept(scene, thread, login_as(scene.cast.ana)) == 303
    assert threads.state(scene) == "settled"


def test_ana_asks_a_coordinator_and_all_are_told(scene: Scene, thread: str, login_as: LoginAs) -> None:
    assert pass_on(scene, thread, login_as(scene.cast.ana)) == 303
    assert threads.state(scene) == "with_coordinator"
    told = [name for name, subject in threads.told(scene) if subject == "A disputed mark is to be decided"]
    assert sorted(told) == ["Ada", "Ivo", "Mira"]


def test_a_coordinator_decides_and_all_are_told(scene: Scene, thread: str, login_as: LoginAs) -> None:
    pass_on(scene, thread, login_as(scene.cast.ana))
    form = said(scene, "The log says so.", "minutes", minutes="170")
    assert login_as(scene.cast.mira).post(f"{thread}/decide", data=form).status_code == 303
    assert scene.saved() == {"Ana": 170}
    assert threads.entries(scene)[-1] == ("decided", "Mira", 60, 170)
    assert threads.state(scene) == "settled"
    told = [name for name, subject in threads.told(scene) if subject == "A disputed mark was decided"]
    assert sorted(told) == ["Ana", "Ivo"]


def test_a_coordinator_may_decide_before_the_trainer_answers(scene: Scene, login_as: LoginAs) -> None:
    thread = threads.opened(scene, login_as)
    form = said(scene, "I was there too.", "present")
    assert login_as(scene.cast.mira).post(f"{thread}/decide", data=form).status_code == 303
    assert (threads.state(scene), scene.saved()) == ("settled", {"Ana": 180})


def test_what_was_decided_is_not_decided_again(scene: Scene, thread: str, login_as: LoginAs) -> None:
    form = said(scene, "It stays.")
    login_as(scene.cast.mira).post(f"{thread}/decide", data=form)
    again = {**said(scene, "No, it changes.", "present")}
    answer = login_as(scene.cast.ada).post(f"{thread}/decide", data=again)
    assert answer.status_code == 409
    assert "No, it changes." in answer.text
    assert scene.saved() == {"Ana": 60}


def test_a_decision_on_an_old_page_is_refused(scene: Scene, login_as: LoginAs) -> None:
    thread = threads.opened(scene, login_as)
    form = said(scene, "It stays.")
    login_as(scene.cast.ivo).post(f"{thread}/answer", data=said(scene, "You are right.", "present"))
    answer = login_as(scene.cast.mira).post(f"{thread}/decide", data=form)
    assert answer.status_code == 409
    assert "You are right." in answer.text
    assert "It stays." in answer.text
    assert threads.state(scene) == "answered"


def test_ana_cannot_ask_on_before_there_is_an_answer(scene: Scene, login_as: LoginAs) -> None:
    thread = threads.opened(scene, login_as)
    assert pass_on(scene, thread, login_as(scene.cast.ana)) == 409
    assert threads.state(scene) == "with_trainer"


def test_asking_on_needs_a_sentence(scene: Scene, thread: str, login_as: LoginAs) -> None:
    assert pass_on(scene, thread, login_as(scene.cast.ana), "  ") == 422
    assert threads.state(scene) == "answered"


@pytest.mark.parametrize("seen", ["", "0", "many", "99999999999999"])
def test_a_form_that_names_no_entry_is_refused(
    scene: Scene, thread: str, login_as: LoginAs, seen: str
) -> None:
    answer = login_as(scene.cast.ana).post(f"{thread}/accept", data={"seen": seen})
    assert answer.status_code == 409
    assert threads.state(scene) == "answered"


def test_a_coordinator_does_not_decide_about_themself(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    with inside(app):
        offering = sheets.held(trainer_id=cast.ivo.id)
        made = enrollment.add(db.session.get_one(Person, cast.mira.id), offering, by=cast.ada)
        url = f"/enrollments/{made.id}/meetings/{offering.meetings[0].id}/dispute"
    thread = login_as(cast.mira).post(url, data={"text": "I was there."}).headers["Location"]
    form = {"text": "I was.", "mark": "present", "seen": "1"}
    assert login_as(cast.mira).post(f"{thread}/decide", data=form).status_code == 403
    assert login_as(cast.mira).post(f"{thread}/answer", data=form).status_code == 403
    assert 'name="mark"' not in login_as(cast.mira).get(thread).text


def test_a_trainer_who_coordinates_answers_first_and_may_decide_later(
    app: Flask, cast: Cast, login_as: LoginAs
) -> None:
    scene = threads.marked(app, cast)
    with inside(app):
        scene.offering.trainer_id = cast.mira.id
    thread = threads.opened(scene, login_as)
    mira = login_as(cast.mira)
    assert f'action="{thread}/answer"' in mira.get(thread).text
    assert mira.post(f"{thread}/answer", data=said(scene, "No.")).status_code == 303
    assert f'action="{thread}/decide"' in mira.get(thread).text


def test_it_asks_to_sign_in(client: FlaskClient) -> None:
    for step in ("accept", "pass-on", "decide"):
        assert client.post(f"/disputes/1/{step}").status_code == 303


@pytest.mark.parametrize(("who", "status"), [("ivo", 403), ("otto", 404), ("mira", 403)])
def test_only_ana_settles_it_or_asks_on(
    scene: Scene, thread: str, login_as: LoginAs, who: str, status: int
) -> None:
    browser = login_as(getattr(scene.cast, who))
    assert accept(scene, thread, browser) == status
    assert pass_on(scene, thread, browser) == status
    assert threads.state(scene) == "answered"


@pytest.mark.parametrize(("who", "status"), [("ana", 403), ("ivo", 403), ("otto", 404)])
def test_only_coordinators_decide(
    scene: Scene, thread: str, login_as: LoginAs, who: str, status: int
) -> None:
    form = said(scene, "x", "present")
    assert login_as(getattr(scene.cast, who)).post(f"{thread}/decide", data=form).status_code == status
    assert scene.saved() == {"Ana": 60}


def test_a_helper_at_one_meeting_answers_too(scene: Scene, login_as: LoginAs) -> None:
    thread = threads.opened(scene, login_as)
    lea = threads.helper(scene)
    form = said(scene, "I saw her.", "present")
    assert login_as(lea).post(f"{thread}/answer", data=form).status_code == 303
    assert scene.saved() == {"Ana": 180}
