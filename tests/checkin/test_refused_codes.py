"""Codes that open nothing: all alike, counted, and after ten of them nobody is listened to for a while."""

import re

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from catalog.checkin import services
from catalog.extensions import db
from catalog.limits import Tally
from catalog.notices.models import AuditEntry
from tests.attendance.sheets import inside
from tests.checkin.doors import LoginAs, Scene, at, scene
from tests.factories import Cast

NOT_VALID = "This code is not valid any more. Scan the code on the screen again."


@pytest.fixture
def room(app: Flask, cast: Cast) -> Scene:
    return scene(app, cast)


@pytest.fixture
def ana(room: Scene, login_as: LoginAs) -> FlaskClient:
    with at(0):
        return login_as(room.cast.ana)


def without_tokens(text: str) -> str:
    return re.sub(r'name="csrf_token" value="[^"]+"', "", text)


def test_everything_that_opens_nothing_looks_the_same(room: Scene, ana: FlaskClient) -> None:
    """Expired, of a door that made new codes, of one that is closed, of no meeting, guessed, malformed."""
    other = scene(room.app, room.cast)
    with at(0):
        expired, foreign = room.drawn(), other.drawn()
    with at(2), inside(room.app):
        replayed = room.drawn()
        services.new_codes(room.door(), by=room.person(room.cast.ivo))
        services.close_door(other.door(), by=room.person(room.cast.ivo))
    guessed = replayed[:-1] + ("a" if replayed[-1] != "a" else "b")
    nowhere = "/in/" + "7" * 24
    with at(2):
        pages = [ana.get(url) for url in (expired, foreign, replayed, guessed, nowhere, "/in/x")]
    assert [page.status_code for page in pages] == [410] * 6
    assert len({without_tokens(page.text) for page in pages}) == 1
    assert NOT_VALID in pages[0].text


def test_an_old_photograph_opens_nothing(room: Scene, ana: FlaskClient) -> None:
    with at(0):
        photograph = room.drawn()
    with at(0.99):
        assert ana.get(photograph).status_code == 303
    with at(1.02):
        assert ana.get(photograph).status_code == 410


def test_a_typed_code_that_opens_nothing_says_the_same(room: Scene, ana: FlaskClient) -> None:
    with at(2):
        answer = ana.post("/check-in", data={"code": "CDF GHJ"})
    assert answer.status_code == 422
    assert NOT_VALID in answer.text
    assert "CDF GHJ" in answer.text


@pytest.mark.parametrize(("code", "said"), [("", "Type the code"), ("x" * 41, "six letters and figures")])
def test_what_is_no_code_at_all_is_said_beside_the_field(
    ana: FlaskClient, app: Flask, code: str, said: str
) -> None:
    with at(2):
        answer = ana.post("/check-in", data={"code": code})
    assert answer.status_code == 422
    assert said in answer.text
    with inside(app):
        assert db.session.scalars(sa.select(Tally)).all() == []


def test_a_spoken_code_of_a_closed_door_opens_nothing(room: Scene, ana: FlaskClient) -> None:
    with at(2):
        code = room.spoken()
        with inside(room.app):
            room.door().is_open = False
        assert ana.post("/check-in", data={"code": code}).status_code == 422


def test_a_spoken_code_opens_nothing_hours_before(room: Scene, ana: FlaskClient) -> None:
    with at(-90):
        assert ana.post("/check-in", data={"code": room.spoken()}).status_code == 422


def test_after_ten_failures_nobody_is_listened_to(room: Scene, ana: FlaskClient) -> None:
    with at(2):
        for _ in range(10):
            assert ana.get("/in/guess").status_code == 410
        refused = ana.get(room.drawn())
        assert refused.status_code == 429
        assert 590 <= int(refused.headers["Retry-After"]) <= 601
        assert ana.post("/check-in", data={"code": room.spoken()}).status_code == 429
    with at(12.1):
        assert ana.get(room.drawn()).status_code == 303


def test_scanned_and_typed_guesses_are_counted_together(ana: FlaskClient) -> None:
    with at(2):
        for _ in range(5):
            ana.get("/in/guess")
            ana.post("/check-in", data={"code": "CDFGHJ"})
        assert ana.get("/in/guess").status_code == 429


def test_one_persons_guesses_do_not_keep_others_out(room: Scene, ana: FlaskClient, login_as: LoginAs) -> None:
    with at(2):
        for _ in range(11):
            ana.get("/in/guess")
        assert login_as(room.cast.otto).get(room.drawn()).status_code == 303


def test_without_a_sign_in_the_address_is_counted(
    room: Scene, client: FlaskClient, login_as: LoginAs
) -> None:
    with at(2):
        for _ in range(10):
            assert client.get("/in/guess").status_code == 410
        assert client.get(room.drawn()).status_code == 429
        elsewhere = {"REMOTE_ADDR": "192.0.2.7"}
        assert client.get(room.drawn(), environ_overrides=elsewhere).status_code == 303
        assert login_as(room.cast.ana).get(room.drawn()).status_code == 303


def test_good_codes_are_not_counted(room: Scene, ana: FlaskClient, app: Flask) -> None:
    with at(2):
        for _ in range(12):
            assert ana.get(room.drawn()).status_code == 303
    with inside(app):
        assert db.session.scalars(sa.select(Tally)).all() == []


def test_the_trail_says_that_and_who_but_not_what(
    room: Scene, ana: FlaskClient, client: FlaskClient, login_as: LoginAs, app: Flask
) -> None:
    with at(2):
        ana.get("/in/mysecretguess")
        client.post("/check-in", data={"code": "CDFGHJ"})
    with inside(app):
        rows = db.session.scalars(
            sa.select(AuditEntry).where(AuditEntry.action == "checkin.refused").order_by(AuditEntry.id)
        ).all()
        assert [(row.by_id, row.details) for row in rows] == [
            (room.cast.ana.id, {"how": "scanned"}),
            (None, {"how": "typed"}),
        ]
    page = login_as(room.cast.mira).get("/audit?action=checkin.")
    assert "tried a check-in code that is not valid" in page.text


def test_the_screen_at_the_door_says_nothing_of_it(room: Scene, ana: FlaskClient, login_as: LoginAs) -> None:
    with at(2):
        before = login_as(room.cast.ivo).get(room.door_url).text
        ana.get("/in/guess")
        assert without_tokens(login_as(room.cast.ivo).get(room.door_url).text) == without_tokens(before)
