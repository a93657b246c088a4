"""Closing the roster from the page: what is shown before, refused, and opened again."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from catalog import clock
from catalog.accounts.models import Person
from catalog.attendance import services
from catalog.attendance.sheet import Cell
from catalog.courses.models import MeetingKind
from tests.attendance import sheets
from tests.attendance.sheets import Scene
from tests.factories import Cast

LoginAs = Callable[[Person], FlaskClient]


@pytest.fixture
def scene(app: Flask, cast: Cast) -> Scene:
    return sheets.scene(app, cast)


def marked(scene: Scene) -> Scene:
    scene.mark(scene.ana_id, 180)
    scene.mark(scene.otto_id, 60)
    return scene


def test_the_page_shows_what_each_person_gets_before_it_happens(scene: Scene, login_as: LoginAs) -> None:
    page = login_as(marked(scene).cast.ivo).get(f"{scene.url}/close").text
    assert "What each person gets" in page
    assert "3 h of 3 h" in page
    assert "1 h of 3 h" in page


def test_closing_leads_back_to_the_sheet_with_the_hours(scene: Scene, login_as: LoginAs) -> None:
    browser = login_as(marked(scene).cast.ivo)
    assert browser.post(f"{scene.url}/close").headers["Location"] == scene.url
    page = browser.get(scene.url).text
    assert "Hours given" in page
    assert 'type="radio"' not in page


def test_the_unmarked_are_named_with_two_ways_on(scene: Scene, login_as: LoginAs) -> None:
    scene.mark(scene.ana_id, 180)
    page = login_as(scene.cast.ivo).get(f"{scene.url}/close").text
    assert "1 mark is still missing, for 1 person" in page
    assert "Otto Sample</li>" in page
    assert "Mark them as absent" in page


def test_the_unmarked_can_be_marked_as_absent_from_there(scene: Scene, login_as: LoginAs) -> None:
    scene.mark(scene.ana_id, 180)
    answer = login_as(scene.cast.ivo).post(scene.url, data={"rest": "absent", "then": "close"})
    assert answer.headers["Location"] == f"{scene.url}/close"
    assert scene.saved() == {"Ana": 180, "Otto": 0}


def test_closing_with_somebody_unmarked_is_refused(scene: Scene, login_as: LoginAs) -> None:
    answer = login_as(scene.cast.ivo).post(f"{scene.url}/close")
    assert answer.status_code == 409
    assert "2 marks are still missing, for 2 people" in answer.text


@pytest.mark.parametrize("path", ["close", "reopen"])
def test_it_asks_for_a_sign_in(scene: Scene, client: FlaskClient, path: str) -> None:
    assert client.post(f"{scene.url}/{path}").headers["Location"].startswith("/sign-in")


@pytest.mark.parametrize("path", ["close", "reopen"])
def test_an_unknown_session_is_not_found(scene: Scene, login_as: LoginAs, path: str) -> None:
    assert login_as(scene.cast.mira).post(f"/offerings/999999/attendance/{path}").status_code == 404


@pytest.mark.parametrize("path", ["close", "reopen"])
def test_those_who_learn_may_not(scene: Scene, login_as: LoginAs, path: str) -> None:
    assert login_as(scene.cast.ana).post(f"{scene.url}/{path}").status_code == 403


def test_reopening_without_a_reason_is_refused_beside_the_field(scene: Scene, login_as: LoginAs) -> None:
    scene.close()
    answer = login_as(scene.cast.ivo).post(f"{scene.url}/reopen", data={"reason": ""})
    assert answer.status_code == 422
    assert "Write down why" in answer.text


def test_reopening_lets_marks_be_changed(scene: Scene, login_as: LoginAs) -> None:
    scene.close()
    browser = login_as(scene.cast.ivo)
    assert browser.post(f"{scene.url}/reopen", data={"reason": "a mistake"}).status_code == 303
    browser.post(scene.url, data={f"mark-{scene.ana}": "absent", f"was-{scene.ana}": "180"})
    assert scene.saved() == {"Ana": 0, "Otto": 180}


def test_a_roster_that_is_open_is_not_opened_from_an_old_page(scene: Scene, login_as: LoginAs) -> None:
    answer = login_as(scene.cast.ivo).post(f"{scene.url}/reopen", data={"reason": "a mistake"})
    assert answer.status_code == 409
    assert "open already" in answer.text


@pytest.mark.parametrize("path", ["reopen"])
def test_nothing_happens_on_a_link(scene: Scene, login_as: LoginAs, path: str) -> None:
    assert login_as(scene.cast.ivo).get(f"{scene.url}/{path}").status_code == 405


def test_whoever_has_not_checked_out_is_named_with_the_way_back(scene: Scene, login_as: LoginAs) -> None:
    scene.mark(scene.ana_id, 180)
    with sheets.inside(scene.app):
        cell = Cell(scene.offering.meetings[0], scene.enrolled(scene.otto_id), 180, is_open=True)
        services.mark(scene.offering, [cell], by=scene.ivo)
    page = login_as(scene.cast.ivo).get(f"{scene.url}/close").text
    assert "Checked in and not out: Otto Sample." in page
    assert f'<a class="button main" href="{scene.url}">Back to the sheet</a>' in page
    assert 'action="' + f'{scene.url}/close"' not in page


@pytest.fixture
def own_pace(scene: Scene) -> Scene:
    """The same session as work at one's own pace, due in a week, which Ana has finished."""
    with sheets.inside(scene.app):
        offering, work = scene.offering, scene.offering.meetings[0]
        offering.starts_at = offering.ends_at = None
        work.kind, work.ends_at = MeetingKind.HOMEWORK, clock.now() + timedelta(days=7)
    scene.mark(scene.ana_id, 180)
    return scene


def test_hours_are_given_to_those_who_have_finished(own_pace: Scene, login_as: LoginAs) -> None:
    browser = login_as(own_pace.cast.ivo)
    page = browser.get(f"{own_pace.url}/close").text
    assert "Give the hours to those who have finished" in page
    answer = browser.post(f"{own_pace.url}/hours", follow_redirects=True)
    assert "1 person has their hours now." in answer.text


def test_with_nobody_new_it_is_refused(own_pace: Scene, login_as: LoginAs) -> None:
    browser = login_as(own_pace.cast.ivo)
    browser.post(f"{own_pace.url}/hours")
    assert browser.post(f"{own_pace.url}/hours").status_code == 409


def test_giving_hours_asks_for_a_sign_in(own_pace: Scene, client: FlaskClient) -> None:
    assert client.post(f"{own_pace.url}/hours").headers["Location"].startswith("/sign-in")


def test_giving_hours_is_for_those_who_run_it(own_pace: Scene, login_as: LoginAs) -> None:
    assert login_as(own_pace.cast.ana).post(f"{own_pace.url}/hours").status_code == 403
    assert login_as(own_pace.cast.mira).post("/offerings/999999/attendance/hours").status_code == 404
    assert login_as(own_pace.cast.ivo).get(f"{own_pace.url}/hours").status_code == 405


def test_the_sheet_says_what_was_changed_by_whom_and_why(scene: Scene, login_as: LoginAs) -> None:
    scene.close()
    with sheets.inside(scene.app):
        cell = Cell(scene.offering.meetings[0], scene.enrolled(scene.ana_id), 60)
        services.correct(scene.offering, [cell], by=scene.ivo, reason="the paper says so")
    page = " ".join(login_as(scene.cast.ivo).get(scene.url).text.split())
    assert "Ana Sample: 3 h → 0 h training, was there for 3 h → 1 h. Ivo Sample" in page
    assert "“the paper says so”" in page
