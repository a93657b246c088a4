"""Ana says that her mark is not right: what she sees, what she sends, and who is told."""

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from catalog.accounts.models import Person
from catalog.attendance.models import Mark, Method
from catalog.courses.models import Offering
from catalog.enrollment import services as enrollment
from catalog.extensions import db
from tests import factories as make
from tests.attendance import sheets
from tests.attendance.sheets import Scene, inside
from tests.disputes import threads
from tests.disputes.threads import PRIVATE, LoginAs
from tests.factories import Cast


@pytest.fixture
def scene(app: Flask, cast: Cast) -> Scene:
    return threads.marked(app, cast)


def test_the_page_shows_the_mark_with_its_method_its_time_and_who_took_it(
    scene: Scene, login_as: LoginAs
) -> None:
    page = login_as(scene.cast.ana).get(threads.url(scene)).text
    assert "1 h of 3 h" in page
    assert "Roll call, Ivo Sample, " in page
    assert 'name="text"' in page


def test_a_sentence_opens_a_thread_with_the_trainer(scene: Scene, login_as: LoginAs) -> None:
    thread = threads.opened(scene, login_as)
    assert threads.state(scene) == "with_trainer"
    assert threads.entries(scene) == [("opened", "Ana", None, None)]
    page = login_as(scene.cast.ana).get(thread).text
    assert PRIVATE in page
    assert "Next: Ivo Sample" in page


def test_the_trainer_is_told_with_the_way_there_and_without_the_sentence(
    scene: Scene, login_as: LoginAs
) -> None:
    thread = threads.opened(scene, login_as)
    assert threads.told(scene) == [("Ivo", "A mark is disputed")]
    [letter] = threads.letters(scene)[-1:]
    assert f"http://127.0.0.1:8000{thread}\n" in letter
    assert PRIVATE not in letter


def test_without_a_trainer_the_coordinators_are_asked(app: Flask, scene: Scene, login_as: LoginAs) -> None:
    with inside(app):
        scene.offering.trainer_id = None
    threads.opened(scene, login_as)
    assert threads.state(scene) == "with_coordinator"
    assert {name for name, _ in threads.told(scene)} == {"Mira", "Ada"}


def test_the_trail_says_that_and_not_why(scene: Scene, login_as: LoginAs) -> None:
    threads.opened(scene, login_as)
    [entry] = threads.trail(scene)
    assert (entry.action, entry.about, entry.person_id) == ("dispute.opened", "offering", scene.cast.ana.id)
    assert (entry.reason, entry.details) == (None, {"meeting": 1})


def test_who_was_not_marked_can_say_that_they_were_there(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    scene = threads.marked(app, cast, None)
    assert "Not marked" in login_as(cast.ana).get(threads.url(scene)).text
    threads.opened(scene, login_as)
    assert threads.state(scene) == "with_trainer"


def test_a_meeting_that_has_not_begun_gives_nothing_to_dispute(
    app: Flask, cast: Cast, login_as: LoginAs
) -> None:
    with inside(app):
        offering = make.offering(trainer_id=cast.ivo.id)
        made = enrollment.enroll(make.person("Ben Sample"), offering, by=make.person())
        made.person_id = cast.ana.id
        url = f"/enrollments/{made.id}/meetings/{offering.meetings[0].id}/dispute"
    browser = login_as(cast.ana)
    assert "There is nothing to dispute" in browser.get(url).text
    assert browser.post(url, data={"text": "I will be there."}).status_code == 409


def test_a_meeting_that_was_called_off_gives_nothing_to_dispute(
    app: Flask, cast: Cast, login_as: LoginAs
) -> None:
    scene = threads.marked(app, cast, None)
    with inside(app):
        scene.offering.cancelled_at = scene.offering.starts_at
    answer = login_as(cast.ana).post(threads.url(scene), data={"text": PRIVATE})
    assert answer.status_code == 409


def test_one_dispute_at_a_time_the_second_shows_the_way_to_the_first(scene: Scene, login_as: LoginAs) -> None:
    thread = threads.opened(scene, login_as)
    browser = login_as(scene.cast.ana)
    again = browser.post(threads.url(scene), data={"text": "And another thing."})
    assert again.status_code == 409
    assert "You dispute this mark already" in again.text
    assert "And another thing." in again.text
    assert f'href="{thread}"' in again.text
    assert f'href="{thread}"' in browser.get(threads.url(scene)).text
    assert len(threads.entries(scene)) == 1


def test_after_it_was_settled_a_new_one_may_be_opened(scene: Scene, login_as: LoginAs) -> None:
    thread = threads.opened(scene, login_as)
    login_as(scene.cast.ana).post(f"{thread}/accept", data={"seen": threads.last(scene)})
    again = threads.opened(scene, login_as, "It was changed back.")
    assert again != thread
    assert f'href="{thread}"' in login_as(scene.cast.ana).get(threads.url(scene)).text


def test_a_trainer_who_disputes_their_own_mark_asks_a_coordinator(
    app: Flask, cast: Cast, login_as: LoginAs
) -> None:
    with inside(app):
        offering = sheets.held(trainer_id=cast.ivo.id)
        made = enrollment.add(db.session.get_one(Person, cast.ivo.id), offering, by=cast.mira)
        url = f"/enrollments/{made.id}/meetings/{offering.meetings[0].id}/dispute"
    thread = login_as(cast.ivo).post(url, data={"text": "I led it and was there."}).headers["Location"]
    form = {"text": "I was.", "mark": "present", "seen": "0"}
    assert login_as(cast.ivo).post(f"{thread}/answer", data=form).status_code == 403
    assert login_as(cast.ivo).post(f"{thread}/decide", data=form).status_code == 403
    assert "Next: a coordinator" in login_as(cast.ivo).get(thread).text


def test_it_asks_to_sign_in(scene: Scene, client: FlaskClient) -> None:
    assert client.get(threads.url(scene)).status_code == 303
    assert client.post(threads.url(scene), data={"text": "x"}).status_code == 303
    assert client.get("/disputes/1").status_code == 303


@pytest.mark.parametrize(("who", "status"), [("otto", 404), ("ivo", 403), ("mira", 403), ("ada", 403)])
def test_nobody_disputes_the_mark_of_another(scene: Scene, login_as: LoginAs, who: str, status: int) -> None:
    browser = login_as(getattr(scene.cast, who))
    assert browser.get(threads.url(scene)).status_code == status
    assert browser.post(threads.url(scene), data={"text": "x"}).status_code == status
    assert threads.entries(scene) == []


def test_a_meeting_of_another_session_is_not_found(app: Flask, scene: Scene, login_as: LoginAs) -> None:
    with inside(app):
        other: Offering = sheets.held()
        url = f"/enrollments/{scene.ana_id}/meetings/{other.meetings[0].id}/dispute"
    assert login_as(scene.cast.ana).get(url).status_code == 404
    assert login_as(scene.cast.ana).get("/disputes/999999").status_code == 404


@pytest.mark.parametrize(
    ("text", "said"),
    [("  ", "Write a sentence"), ("\u200b", "Write a sentence"), ("x" * 1001, "Use at most 1000 characters")],
)
def test_a_sentence_is_needed_and_is_not_endless(
    scene: Scene, login_as: LoginAs, text: str, said: str
) -> None:
    answer = login_as(scene.cast.ana).post(threads.url(scene), data={"text": text})
    assert answer.status_code == 422
    assert said in answer.text
    assert text.strip("\u200b") in answer.text
    assert threads.entries(scene) == []


def test_what_is_typed_is_shown_as_text(scene: Scene, login_as: LoginAs) -> None:
    thread = threads.opened(scene, login_as, "<script>alert(1)</script>\nsecond line")
    page = login_as(scene.cast.ivo).get(thread).text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;<br>second line" in page


def test_nothing_changes_by_a_link(scene: Scene, login_as: LoginAs) -> None:
    thread = threads.opened(scene, login_as)
    for step in ("answer", "accept", "pass-on", "decide"):
        assert login_as(scene.cast.mira).get(f"{thread}/{step}").status_code == 405


def test_a_mark_is_not_mailed_about(scene: Scene) -> None:
    assert not [text for text in threads.letters(scene) if "mark" in text]


def test_a_code_at_the_door_is_named_as_such(app: Flask, scene: Scene, login_as: LoginAs) -> None:
    with inside(app):
        sheets.mark(scene.offering.meetings[0], scene.enrolled(scene.ana_id), 90, by=scene.ivo)
        db.session.scalars(sa.select(Mark)).one().method = Method.CODE
    assert "Check-in code, Ivo Sample" in login_as(scene.cast.ana).get(threads.url(scene)).text
