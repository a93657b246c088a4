"""The list of disputes: whose turn it is and for how long, for coordinators, trainers and everybody else."""

from datetime import datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from catalog import clock
from catalog.accounts.models import Person
from catalog.disputes import queries
from catalog.disputes.models import Dispute, DisputeAct, DisputeEntry, DisputeState
from catalog.enrollment import services as enrollment
from catalog.extensions import db
from tests import factories as make
from tests.attendance import sheets
from tests.attendance.sheets import Scene, inside
from tests.disputes import threads
from tests.disputes.threads import LoginAs
from tests.factories import Cast
from tests.statements import counted


@pytest.fixture
def scene(app: Flask, cast: Cast) -> Scene:
    return threads.marked(app, cast)


def after(days: int) -> time_machine.travel:
    return time_machine.travel(clock.now() + timedelta(days=days), tick=False)


def test_a_coordinator_sees_whose_turn_it_is_and_since_when(scene: Scene, login_as: LoginAs) -> None:
    threads.opened(scene, login_as)
    with after(3):
        page = login_as(scene.cast.mira).get("/disputes").text
    assert "Ana Sample" in page
    assert "Ivo Sample, for 3 days" in page


def test_the_days_begin_again_with_each_turn(scene: Scene, login_as: LoginAs) -> None:
    thread = threads.opened(scene, login_as)
    with after(3):
        form = threads.said(scene, "No.")
        login_as(scene.cast.ivo).post(f"{thread}/answer", data=form)
        assert "Ana Sample, since today" in login_as(scene.cast.mira).get("/disputes").text


def test_what_is_settled_is_no_longer_open(scene: Scene, login_as: LoginAs) -> None:
    thread = threads.opened(scene, login_as)
    login_as(scene.cast.ana).post(f"{thread}/accept", data={"seen": threads.last(scene)})
    assert "No mark is disputed" in login_as(scene.cast.mira).get("/disputes").text
    assert "Settled" in login_as(scene.cast.ana).get("/disputes").text


def test_a_trainer_sees_those_of_their_own_sessions(scene: Scene, login_as: LoginAs) -> None:
    threads.opened(scene, login_as)
    with inside(scene.app):
        tess = make.person("Tess Sample", is_trainer=True)
    lea = threads.helper(scene)
    seen = {
        who.name: "Ana Sample" in login_as(who).get("/disputes").text for who in (scene.cast.ivo, tess, lea)
    }
    assert seen == {"Ivo Sample": True, "Tess Sample": False, "Lea Sample": True}


def test_a_person_sees_their_own_and_nobody_elses(scene: Scene, login_as: LoginAs) -> None:
    thread = threads.opened(scene, login_as)
    assert thread in login_as(scene.cast.ana).get("/disputes").text
    page = login_as(scene.cast.otto).get("/disputes").text
    assert thread not in page
    assert "You have not disputed a mark" in page


def test_it_asks_to_sign_in(client: FlaskClient) -> None:
    assert client.get("/disputes").status_code == 303


def many(app: Flask, cast: Cast, number: int) -> None:
    """So many open disputes, each of another person on another session."""
    with inside(app):
        for _ in range(number):
            offering = sheets.held(trainer_id=cast.ivo.id)
            person: Person = make.person()
            made = enrollment.add(person, offering, by=person)
            now: datetime = clock.now()
            one = Dispute(
                enrollment=made,
                meeting=offering.meetings[0],
                state=DisputeState.WITH_TRAINER,
                opened_at=now,
                entries=[DisputeEntry(at=now, by=person, act=DisputeAct.OPENED, text="Not right.")],
            )
            db.session.add(one)


@pytest.mark.parametrize("number", [1, 50])
def test_it_takes_the_same_statements_for_one_and_for_fifty(
    app: Flask, cast: Cast, login_as: LoginAs, number: int
) -> None:
    many(app, cast, number)
    browser = login_as(cast.mira)
    with counted() as seen:
        assert browser.get("/disputes").text.count("Ivo Sample, since today") == number
    assert len([statement for statement in seen if not statement.startswith("BEGIN")]) <= 4


def test_fifty_to_a_page(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    many(app, cast, 51)
    browser = login_as(cast.mira)
    assert "Page 1 of 2" in browser.get("/disputes").text
    assert browser.get("/disputes?page=2").text.count("since today") == 1
    assert "Page 2 of 2" in browser.get("/disputes?page=99").text
    assert browser.get("/disputes?page=x").status_code == 200


def test_the_sheet_and_my_learning_can_ask_what_is_open(scene: Scene, login_as: LoginAs) -> None:
    threads.opened(scene, login_as)
    with inside(scene.app):
        ana = db.session.get_one(Person, scene.cast.ana.id)
        with counted() as seen:
            found = queries.of_person(ana)
            marks = queries.marks_of(ana)
            names = [mark.marked_by.name for mark in marks.values()]
        assert queries.open_for(scene.offering) == 1
    key = (scene.ana_id, scene.meeting_id)
    assert (list(found), list(marks), names) == ([key], [key], ["Ivo Sample"])
    assert len(seen) == 2
