"""One tap on the sheet: what it saves, what it answers, and what two devices at once come to."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from catalog.accounts.models import Person
from catalog.attendance.models import Mark
from catalog.extensions import db
from tests.attendance import sheets
from tests.attendance.sheets import Scene
from tests.factories import Cast

LoginAs = Callable[[Person], FlaskClient]


@pytest.fixture
def scene(app: Flask, cast: Cast) -> Scene:
    return sheets.scene(app, cast)


def test_a_tap_saves_and_answers_the_cell(scene: Scene, login_as: LoginAs, htmx: dict[str, str]) -> None:
    typed = {f"mark-{scene.ana}": "present"}
    answer = login_as(scene.cast.ivo).post(scene.mark_url(scene.ana_id), data=typed, headers=htmx)
    assert answer.status_code == 200
    assert answer.text.lstrip().startswith(f'<div id="mark-{scene.ana}"')
    assert 'value="present" checked' in answer.text
    assert scene.saved() == {"Ana": 180}


def test_a_tap_brings_the_count_up_to_date(scene: Scene, login_as: LoginAs, htmx: dict[str, str]) -> None:
    typed = {f"mark-{scene.ana}": "absent"}
    answer = login_as(scene.cast.ivo).post(scene.mark_url(scene.ana_id), data=typed, headers=htmx)
    assert f'<p id="count-{scene.meeting_id}"' in answer.text
    assert "1 of 2 marked" in answer.text


def test_without_htmx_a_mark_leads_back_to_the_sheet(scene: Scene, login_as: LoginAs) -> None:
    answer = login_as(scene.cast.ivo).post(scene.mark_url(scene.ana_id), data={f"mark-{scene.ana}": "absent"})
    assert (answer.status_code, answer.headers["Location"]) == (303, scene.url)


def test_a_tap_asks_for_a_sign_in(scene: Scene, client: FlaskClient, htmx: dict[str, str]) -> None:
    answer = client.post(scene.mark_url(scene.ana_id), data={f"mark-{scene.ana}": "present"}, headers=htmx)
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"].startswith("/sign-in")


def test_unknown_people_and_meetings_are_not_found(scene: Scene, login_as: LoginAs) -> None:
    browser = login_as(scene.cast.mira)
    assert browser.post(scene.mark_url(999999), data={}).status_code == 404
    assert browser.post(f"/meetings/999999/marks/{scene.ana_id}", data={}).status_code == 404


def test_a_person_of_another_session_is_not_found_at_this_meeting(scene: Scene, login_as: LoginAs) -> None:
    with sheets.inside(scene.app):
        [ben] = sheets.seat(sheets.held(), "Ben Sample", by=scene.ivo)
    assert login_as(scene.cast.mira).post(scene.mark_url(ben.id), data={}).status_code == 404


def test_nobody_marks_themself(scene: Scene, login_as: LoginAs) -> None:
    answer = login_as(scene.cast.ana).post(
        scene.mark_url(scene.ana_id), data={f"mark-{scene.ana}": "present"}
    )
    assert answer.status_code == 403
    assert scene.saved() == {}


def test_too_many_minutes_come_back_with_the_reason_beside_them(
    scene: Scene, login_as: LoginAs, htmx: dict[str, str]
) -> None:
    typed = {f"mark-{scene.ana}": "minutes", f"minutes-{scene.ana}": "200"}
    answer = login_as(scene.cast.ivo).post(scene.mark_url(scene.ana_id), data=typed, headers=htmx)
    assert answer.status_code == 422
    assert 'value="200"' in answer.text
    assert "This meeting has 180 minutes; type no more than that." in answer.text
    assert f'aria-describedby="minutes-{scene.ana}-error"' in answer.text
    assert scene.saved() == {}


def test_a_tap_without_a_choice_is_no_tap(scene: Scene, login_as: LoginAs) -> None:
    assert login_as(scene.cast.ivo).post(scene.mark_url(scene.ana_id), data={}).status_code == 400


def test_whoever_has_left_cannot_be_tapped_any_more(
    scene: Scene, login_as: LoginAs, htmx: dict[str, str]
) -> None:
    scene.mark(scene.ana_id, 180)
    scene.remove(scene.ana_id)
    typed = {f"mark-{scene.ana}": "absent"}
    answer = login_as(scene.cast.ivo).post(scene.mark_url(scene.ana_id), data=typed, headers=htmx)
    assert answer.status_code == 422
    assert "Ana Sample no longer has a seat" in answer.text
    assert 'value="present" checked' in answer.text
    assert scene.saved() == {"Ana": 180}


def test_the_same_without_htmx_is_a_conflict_on_the_sheet(scene: Scene, login_as: LoginAs) -> None:
    scene.remove(scene.ana_id)
    answer = login_as(scene.cast.ivo).post(
        scene.mark_url(scene.ana_id), data={f"mark-{scene.ana}": "present"}
    )
    assert answer.status_code == 409
    assert "Otto Sample" in answer.text
    assert "Ana Sample no longer has a seat" in answer.text


def test_two_devices_at_once_end_in_one_mark(scene: Scene, login_as: LoginAs, htmx: dict[str, str]) -> None:
    phone, laptop = login_as(scene.cast.ivo), login_as(scene.cast.mira)
    phone.post(scene.mark_url(scene.ana_id), data={f"mark-{scene.ana}": "present"}, headers=htmx)
    laptop.post(scene.mark_url(scene.ana_id), data={f"mark-{scene.ana}": "absent"}, headers=htmx)
    with sheets.inside(scene.app):
        marks = db.session.scalars(sa.select(Mark)).all()
    assert [(mark.minutes, mark.marked_by_id) for mark in marks] == [(0, scene.cast.mira.id)]


def test_a_mark_is_not_given_by_a_link(scene: Scene, login_as: LoginAs) -> None:
    assert login_as(scene.cast.ivo).get(scene.mark_url(scene.ana_id)).status_code == 405
