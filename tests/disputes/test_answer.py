"""Ivo answers: he keeps the mark or puts it right, on an open roster and on a closed one."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from catalog.accounts.models import Person
from catalog.attendance import services as attendance
from catalog.attendance.models import Credit, RosterClosing
from catalog.extensions import db
from catalog.notices.models import AuditEntry, Job
from tests import factories as make
from tests.attendance.sheets import Scene, inside
from tests.disputes import threads
from tests.disputes.threads import PRIVATE, LoginAs, said
from tests.factories import Cast


@pytest.fixture
def scene(app: Flask, cast: Cast) -> Scene:
    return threads.marked(app, cast)


Answer = Callable[..., int]


@pytest.fixture
def ivo_answers(scene: Scene, login_as: LoginAs) -> Answer:
    thread = threads.opened(scene, login_as)

    def ivo_answers(**typed: str) -> int:
        form = {**said(scene, "You are right."), **typed}
        return login_as(scene.cast.ivo).post(f"{thread}/answer", data=form).status_code

    return ivo_answers


def test_the_mark_is_kept(scene: Scene, ivo_answers: Answer) -> None:
    assert ivo_answers(mark="keep") == 303
    assert scene.saved() == {"Ana": 60}
    assert threads.entries(scene)[1:] == [("answered", "Ivo", None, None)]
    assert threads.state(scene) == "answered"


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [({"mark": "present"}, 180), ({"mark": "absent"}, 0), ({"mark": "minutes", "minutes": " 150 "}, 150)],
)
def test_the_mark_is_put_right_at_once(
    scene: Scene, ivo_answers: Answer, typed: dict[str, str], minutes: int
) -> None:
    assert ivo_answers(**typed) == 303
    assert scene.saved() == {"Ana": minutes}
    assert threads.entries(scene)[1:] == [("answered", "Ivo", 60, minutes)]


def test_the_same_minutes_are_no_change(scene: Scene, ivo_answers: Answer) -> None:
    assert ivo_answers(mark="minutes", minutes="60") == 303
    assert threads.entries(scene)[1:] == [("answered", "Ivo", None, None)]


def test_a_missing_mark_is_written(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    scene = threads.marked(app, cast, None)
    threads.answered(scene, login_as, mark="present")
    assert scene.saved() == {"Ana": 180}
    assert threads.entries(scene)[1:] == [("answered", "Ivo", None, 180)]


def test_on_a_closed_roster_the_hours_follow_and_the_old_ones_are_kept(
    scene: Scene, ivo_answers: Answer
) -> None:
    scene.mark(scene.otto_id, 180)
    _close(scene)
    assert ivo_answers(mark="present") == 303
    with inside(scene.app):
        closings = db.session.scalars(sa.select(RosterClosing).order_by(RosterClosing.id)).all()
        given = db.session.scalars(
            sa.select(Credit).where(Credit.enrollment_id == scene.ana_id).order_by(Credit.id)
        ).all()
    assert [one.reopened_at is None for one in closings] == [False, True]
    assert [(one.attended_minutes, one.superseded_at is None) for one in given] == [
        (60, False),
        (180, True),
    ]


def test_certificates_are_asked_for_again(scene: Scene, ivo_answers: Answer) -> None:
    scene.mark(scene.otto_id, 180)
    _close(scene)
    ivo_answers(mark="present")
    with inside(scene.app):
        jobs = db.session.scalars(sa.select(Job).where(Job.kind == "issue_certificates")).all()
    assert len(jobs) == 2


def test_the_reason_of_a_reopened_roster_holds_nothing_private(scene: Scene, ivo_answers: Answer) -> None:
    scene.mark(scene.otto_id, 180)
    _close(scene)
    ivo_answers(mark="present", text="I forgot, and your son was ill.")
    with inside(scene.app):
        written = [
            f"{entry.reason} {entry.details}" for entry in db.session.scalars(sa.select(AuditEntry)).all()
        ]
    assert any("Dispute: the mark at meeting 1 was put right." in text for text in written)
    assert not any("ill" in text.split() or PRIVATE in text for text in written)


def test_the_trail_has_the_minutes_before_and_after(scene: Scene, ivo_answers: Answer) -> None:
    ivo_answers(mark="absent")
    entry = threads.trail(scene)[-1]
    assert entry.action == "dispute.answered"
    assert entry.details == {"meeting": 1, "before": {"minutes": 60}, "after": {"minutes": 0}}


def test_ana_is_told_what_became_of_the_mark(scene: Scene, ivo_answers: Answer) -> None:
    ivo_answers(mark="present")
    assert threads.told(scene)[-1] == ("Ana", "A disputed mark was answered")
    assert "It was: 1 h of 3 h. It is now: here, 3 h." in threads.letters(scene)[-1]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"text": ""}, "Write a sentence that says why."),
        ({"mark": ""}, "Choose whether the mark stays"),
        ({"mark": "perhaps"}, "Not a valid choice"),
        ({"mark": "minutes"}, "Type the minutes"),
        ({"mark": "minutes", "minutes": "181"}, "This meeting has 180 minutes"),
        ({"mark": "minutes", "minutes": "-5"}, "Type whole minutes"),
        ({"mark": "minutes", "minutes": "two"}, "Type whole minutes"),
    ],
)
def test_bad_input_comes_back_as_it_was_typed(
    scene: Scene, login_as: LoginAs, typed: dict[str, str], sentence: str
) -> None:
    thread = threads.opened(scene, login_as)
    form = {**said(scene, "You are right."), **typed}
    answer = login_as(scene.cast.ivo).post(f"{thread}/answer", data=form)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert form["text"] in answer.text
    assert scene.saved() == {"Ana": 60}
    assert threads.state(scene) == "with_trainer"


def test_a_second_answer_is_refused_and_not_lost(scene: Scene, login_as: LoginAs) -> None:
    thread = threads.opened(scene, login_as)
    form = said(scene, "No, you left.")
    lea = threads.helper(scene)
    assert login_as(scene.cast.ivo).post(f"{thread}/answer", data=form).status_code == 303
    second = login_as(lea).post(f"{thread}/answer", data={**form, "mark": "present", "text": "Yes, she was."})
    assert second.status_code == 409
    assert "Somebody wrote here meanwhile" in second.text
    assert "Yes, she was." in second.text
    assert scene.saved() == {"Ana": 60}


def test_who_gave_up_their_seat_since_keeps_their_mark(scene: Scene, login_as: LoginAs) -> None:
    thread = threads.opened(scene, login_as)
    scene.remove(scene.ana_id)
    answer = login_as(scene.cast.ivo).post(f"{thread}/answer", data=said(scene, "Right.", "present"))
    assert answer.status_code == 409
    assert "Ana Sample no longer has a seat" in answer.text
    assert threads.state(scene) == "with_trainer"


def test_it_asks_to_sign_in(client: FlaskClient) -> None:
    assert client.post("/disputes/1/answer").status_code == 303


@pytest.mark.parametrize(("who", "status"), [("ana", 403), ("otto", 404), ("mira", 403), ("ada", 403)])
def test_only_those_who_teach_it_answer(scene: Scene, login_as: LoginAs, who: str, status: int) -> None:
    thread = threads.opened(scene, login_as)
    browser = login_as(getattr(scene.cast, who))
    assert browser.post(f"{thread}/answer", data=said(scene, "x", "present")).status_code == status
    assert scene.saved() == {"Ana": 60}


@pytest.mark.parametrize(
    ("who", "status"), [("ana", 200), ("ivo", 200), ("mira", 200), ("ada", 200), ("otto", 404)]
)
def test_the_thread_is_read_by_those_it_concerns(
    scene: Scene, login_as: LoginAs, who: str, status: int
) -> None:
    thread = threads.opened(scene, login_as)
    answer = login_as(getattr(scene.cast, who)).get(thread)
    assert answer.status_code == status
    assert (PRIVATE in answer.text) == (status == 200)


def test_a_trainer_of_other_sessions_does_not_read_it(scene: Scene, login_as: LoginAs) -> None:
    thread = threads.opened(scene, login_as)
    with inside(scene.app):
        tess: Person = make.person("Tess Sample", is_trainer=True)
    assert login_as(tess).get(thread).status_code == 404


def _close(scene: Scene) -> None:
    with inside(scene.app):
        attendance.close(scene.offering, by=scene.ivo)
