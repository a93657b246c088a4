"""The screen at the door: who opens it, what it shows, how it is closed."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from catalog import clock
from catalog.checkin import services
from catalog.checkin.models import Door
from catalog.checkin.refusals import NoDoor
from catalog.courses.models import MeetingKind, OfferingState
from catalog.extensions import db
from catalog.notices.models import AuditEntry
from tests import factories as make
from tests.attendance.sheets import inside
from tests.checkin.doors import NINE, LoginAs, Scene, at, scan_and, scene
from tests.factories import Cast
from tests.statements import counted


@pytest.fixture
def room(app: Flask, cast: Cast) -> Scene:
    return scene(app, cast)


@pytest.fixture
def ivo(room: Scene, login_as: LoginAs) -> FlaskClient:
    with at(0):
        return login_as(room.cast.ivo)


def door(room: Scene) -> Door:
    with inside(room.app):
        return room.door()


def test_the_screen_shows_the_code_and_how_many_are_here(
    room: Scene, ivo: FlaskClient, login_as: LoginAs
) -> None:
    with at(2):
        page = ivo.get(room.door_url).text
        assert "<b>0</b> of <b>1</b> are here" in page
        code = room.spoken()
        assert f"{code[:3]} {code[3:]}" in page
        assert "<svg" in page
        scan_and("come", login_as(room.cast.ana), room)
        assert "<b>1</b> of <b>1</b> are here" in ivo.get(room.door_url).text


def test_whoever_has_left_is_not_counted(room: Scene, ivo: FlaskClient, login_as: LoginAs) -> None:
    room.change(checks_out=True)
    with at(2):
        ana = login_as(room.cast.ana)
        scan_and("come", ana, room)
        scan_and("leave", ana, room)
        assert "<b>0</b> of <b>1</b> are here" in ivo.get(room.door_url).text


def test_htmx_gets_the_code_that_counts_now(room: Scene, ivo: FlaskClient, htmx: dict[str, str]) -> None:
    with at(0):
        first = ivo.get(room.door_url, headers=htmx).text
    with at(0.5):
        second = ivo.get(room.door_url, headers=htmx).text
    assert first.startswith('<div id="door"')
    assert 'hx-trigger="every 5s"' in first
    assert first != second


def test_a_closed_door_asks_no_more(room: Scene, ivo: FlaskClient, htmx: dict[str, str]) -> None:
    with at(180):
        text = ivo.get(room.door_url, headers=htmx).text
    assert "The door is closed" in text
    assert "hx-trigger" not in text


def test_without_scripts_the_page_asks_for_itself(room: Scene, ivo: FlaskClient) -> None:
    with at(2):
        assert '<noscript><meta http-equiv="refresh" content="10"></noscript>' in ivo.get(room.door_url).text


def test_the_screen_takes_few_statements(room: Scene, ivo: FlaskClient, htmx: dict[str, str]) -> None:
    """It is asked for every five seconds by every open door."""
    with at(2):
        ivo.get(room.door_url, headers=htmx)
        with counted() as statements:
            ivo.get(room.door_url, headers=htmx)
    assert len([one for one in statements if one.startswith("SELECT")]) <= 6


def test_a_door_is_opened_with_what_it_allows(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    with inside(app):
        meeting = make.offering(starts=NINE, trainer_id=cast.ivo.id).meetings[0]
        url, meeting_id = f"/meetings/{meeting.id}/door", meeting.id
    with at(-90):
        ivo = login_as(cast.ivo)
        assert "Open the door" in ivo.get(url).text
        answer = ivo.post(url, data={"allows_walk_ins": "y", "prints": "y"})
        assert (answer.status_code, answer.location) == (303, url)
        assert "Check-in opens at 8:00 am" in ivo.get(url).text
    with inside(app):
        made = db.session.get_one(Door, meeting_id)
        assert (made.allows_walk_ins, made.checks_out, made.is_open) == (True, False, True)
        assert made.printed_secret
        assert made.printed_secret != made.secret
        noted = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "checkin.opened")).one()
        assert noted.details == {
            "meeting": 1,
            "allows": {"walk_ins": True, "check_out": False, "paper": True},
        }


def test_changing_what_it_allows_keeps_the_codes(room: Scene, ivo: FlaskClient) -> None:
    secret = door(room).secret
    with at(2):
        ivo.post(room.door_url, data={"checks_out": "y"})
    assert (door(room).secret, door(room).checks_out) == (secret, True)


def test_closing_voids_the_codes_also_after_opening_again(
    room: Scene, ivo: FlaskClient, login_as: LoginAs
) -> None:
    with at(2):
        before = room.drawn()
        assert ivo.post(f"{room.door_url}/close").status_code == 303
        assert login_as(room.cast.ana).get(room.drawn()).status_code == 410
        ivo.post(room.door_url, data={})
        assert login_as(room.cast.ana).get(before).status_code == 410
        assert login_as(room.cast.ana).get(room.drawn()).status_code == 303


def test_new_codes_void_all_the_old_ones(room: Scene, ivo: FlaskClient, login_as: LoginAs) -> None:
    room.change(prints=True)
    with at(2):
        drawn, printed, spoken = room.drawn(), room.printed(), room.spoken()
        assert ivo.post(f"{room.door_url}/codes").status_code == 303
        ana = login_as(room.cast.ana)
        assert [ana.get(url).status_code for url in (drawn, printed)] == [410, 410]
        assert ana.post("/check-in", data={"code": spoken}).status_code == 422
        assert ana.get(room.printed()).status_code == 303


def test_the_page_for_paper_is_there_where_it_was_chosen(room: Scene, ivo: FlaskClient) -> None:
    with at(2):
        assert "There is no code for paper" in ivo.get(f"{room.door_url}/printed").text
        room.change(prints=True)
        page = ivo.get(f"{room.door_url}/printed").text
    assert "<svg" in page
    assert "It works from 8:00 am to 12:00 pm" in page


PAGES = ("", "/settings", "/printed")
POSTS = ("", "/close", "/codes")


def test_login_is_required(room: Scene, client: FlaskClient) -> None:
    for part in PAGES:
        assert client.get(room.door_url + part).location.startswith("/sign-in")
    for part in POSTS:
        assert client.post(room.door_url + part).location.startswith("/sign-in")


def test_only_those_who_run_the_session_see_its_codes(app: Flask, room: Scene, login_as: LoginAs) -> None:
    with inside(app):
        other = make.person("Other Sample", is_trainer=True)
    with at(2):
        for person in (room.cast.ana, other):
            browser = login_as(person)
            assert {browser.get(room.door_url + part).status_code for part in PAGES} == {403}
            assert {browser.post(room.door_url + part).status_code for part in POSTS} == {403}
        assert login_as(room.cast.mira).get(room.door_url).status_code == 200
    assert door(room).is_open


def test_an_unknown_meeting_is_not_found(ivo: FlaskClient) -> None:
    assert {ivo.get(f"/meetings/999999/door{part}").status_code for part in PAGES} == {404}
    assert {ivo.post(f"/meetings/999999/door{part}").status_code for part in POSTS} == {404}


def test_a_door_that_was_never_opened_cannot_be_closed(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    with inside(app):
        meeting_id = make.offering(starts=NINE, trainer_id=cast.ivo.id).meetings[0].id
    with at(2):
        assert login_as(cast.ivo).post(f"/meetings/{meeting_id}/door/close").status_code == 404


def test_nothing_is_closed_or_renewed_by_looking(room: Scene, ivo: FlaskClient) -> None:
    with at(2):
        assert ivo.get(f"{room.door_url}/close").status_code == 405
        assert ivo.get(f"{room.door_url}/codes").status_code == 405


def over(room: Scene) -> None:
    room.meeting().ends_at = clock.now() - timedelta(hours=1)


def cancelled(room: Scene) -> None:
    room.offering().state = OfferingState.CANCELLED


def own_work(room: Scene) -> None:
    room.meeting().kind = MeetingKind.HOMEWORK


@pytest.mark.parametrize("happens", [over, cancelled, own_work])
def test_there_is_no_door_to_what_nobody_comes_to(
    room: Scene, ivo: FlaskClient, happens: Callable[[Scene], None]
) -> None:
    with at(400):
        with inside(room.app):
            room.door().is_open = False
            happens(room)
        assert "There is nothing to open" in ivo.get(room.door_url).text
        answer = ivo.post(room.door_url, data={})
        assert answer.status_code == 409
        with inside(room.app), pytest.raises(NoDoor):
            services.open_door(room.meeting(), by=room.person(room.cast.ivo))


def test_a_helper_at_one_meeting_may_open_it(app: Flask, room: Scene, login_as: LoginAs) -> None:
    with inside(app):
        helper = make.person("Helper Sample", is_trainer=True)
        meeting = room.meeting()
        meeting.co_trainers.append(helper)
    with at(2):
        assert login_as(helper).get(room.door_url).status_code == 200
