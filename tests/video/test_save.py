"""A report into marks: what is asked first, what is saved, and that saving again changes nothing."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from catalog import clock
from catalog.accounts.models import Person
from catalog.attendance.models import Mark, Method
from catalog.attendance.presence import after_missing
from catalog.extensions import db
from catalog.notices.models import AuditEntry
from catalog.video import reading, services
from tests.attendance.sheets import inside
from tests.factories import Cast
from tests.video import scenes
from tests.video.samples import CHICAGO, meet, meeting, zoom, zoom_row
from tests.video.scenes import Scene, send

LoginAs = Callable[[Person], FlaskClient]
OTTO, NINA = "who-2", "who-3"
"""The places of the two who have to be settled in the scene's report."""


@pytest.fixture
def scene(app: Flask, cast: Cast) -> Scene:
    return scenes.scene(app, cast)


@pytest.fixture
def browser(scene: Scene, login_as: LoginAs) -> FlaskClient:
    return login_as(scene.cast.ivo)


@pytest.fixture
def report(scene: Scene, browser: FlaskClient) -> str:
    return send(browser, scene).headers["Location"]


def form(scene: Scene, **more: str) -> dict[str, str]:
    """Otto is Otto and Nina is nobody of ours."""
    return {"zone": CHICAGO, OTTO: str(scene.ids["Otto"]), NINA: "out", **more}


def marks(scene: Scene) -> dict[str, Mark]:
    with inside(scene.app):
        rows = db.session.scalars(sa.select(Mark)).all()
        return {row.enrollment.person.name.split()[0]: row for row in rows}


def test_settled_people_are_marked_by_the_report(scene: Scene, browser: FlaskClient, report: str) -> None:
    answer = browser.post(report, data=form(scene))
    assert (answer.status_code, answer.headers["Location"]) == (303, report)
    assert scene.saved() == {"Ana": 171, "Otto": 120}
    ana = marks(scene)["Ana"]
    assert (ana.method, ana.marked_by_id) == (Method.VIDEO, scene.cast.ivo.id)
    assert (ana.came_at, ana.left_at) == (
        datetime(2026, 2, 2, 15, 9, tzinfo=UTC),
        datetime(2026, 2, 2, 18, tzinfo=UTC),
    )


def test_nothing_is_saved_while_somebody_is_not_settled(
    scene: Scene, browser: FlaskClient, report: str
) -> None:
    answer = browser.post(report, data=form(scene, **{NINA: ""}))
    assert answer.status_code == 422
    assert "1 question is still open. Nothing was saved." in answer.text
    assert "Nina New: choose who this is" in answer.text
    assert f'<option value="{scene.ids["Otto"]}" selected>' in answer.text
    assert (scene.saved(), scene.recordings()) == ({}, 0)


def test_one_tick_leaves_out_everybody_else(scene: Scene, browser: FlaskClient, report: str) -> None:
    browser.post(report, data={"zone": CHICAGO, OTTO: "", NINA: "", "rest_is_out": "1"})
    assert scene.saved() == {"Ana": 171}


@pytest.mark.parametrize("answer", ["999999", "-1", "me", "9" * 5000, "²"])
def test_an_answer_that_is_nobody_on_the_roster_is_no_answer(
    scene: Scene, browser: FlaskClient, report: str, answer: str
) -> None:
    assert browser.post(report, data=form(scene, **{NINA: answer})).status_code == 422
    assert scene.saved() == {}


def test_two_devices_become_one_person(scene: Scene, browser: FlaskClient, report: str) -> None:
    """Otto was there until eleven by name; the unknown one, all of it, was his too."""
    browser.post(report, data=form(scene, **{NINA: str(scene.ids["Otto"])}))
    assert scene.saved()["Otto"] == 180


def test_a_walk_in_gets_a_seat_and_a_mark(scene: Scene, browser: FlaskClient, report: str) -> None:
    more = {NINA: "new", "new-3-name": "Nina New", "new-3-email": "nina@example.org"}
    assert browser.post(report, data=form(scene, **more)).status_code == 303
    assert scene.saved()["Nina"] == 180


def test_a_walk_in_needs_an_address(scene: Scene, browser: FlaskClient, report: str) -> None:
    more = {NINA: "new", "new-3-name": "Nina New", "new-3-email": "nina"}
    answer = browser.post(report, data=form(scene, **more))
    assert answer.status_code == 422
    assert "Enter an address like name@example.org." in answer.text
    assert 'value="nina"' in answer.text
    assert scene.saved() == {}


def test_without_a_free_seat_nothing_at_all_is_saved(scene: Scene, browser: FlaskClient, report: str) -> None:
    with inside(scene.app):
        scenes.fill(scene)
    more = {NINA: "new", "new-3-name": "Nina New", "new-3-email": "nina@example.org"}
    assert browser.post(report, data=form(scene, **more)).status_code == 409
    assert scene.saved() == {}
    assert not scene.kept()[0].saved_at


def test_the_absent_are_marked_where_the_trainer_says_so(
    scene: Scene, browser: FlaskClient, report: str
) -> None:
    browser.post(report, data=form(scene, **{f"absent-{scene.ids['José']}": "1"}))
    assert scene.saved() == {"Ana": 171, "Otto": 120, "José": 0}


def test_a_mark_that_differs_is_shown_and_the_trainer_chooses(
    scene: Scene, browser: FlaskClient, report: str
) -> None:
    scene.mark("Ana", 180)
    page = browser.get(report).text
    assert "Keep what the roster says: 3 h" in page
    assert "Take what the report says: 2 h 51 min" in page
    ana = scene.ids["Ana"]
    browser.post(report, data=form(scene, **{f"takes-{ana}": "roster", f"was-{ana}": "180"}))
    assert scene.saved() == {"Ana": 180, "Otto": 120}


def test_the_report_is_taken_where_the_trainer_says_so(
    scene: Scene, browser: FlaskClient, report: str
) -> None:
    scene.mark("Ana", 180)
    ana = scene.ids["Ana"]
    browser.post(report, data=form(scene, **{f"takes-{ana}": "report", f"was-{ana}": "180"}))
    assert scene.saved()["Ana"] == 171


def test_a_mark_made_meanwhile_is_not_written_over(scene: Scene, browser: FlaskClient, report: str) -> None:
    browser.get(report)
    scene.mark("Ana", 90)
    answer = browser.post(report, data=form(scene))
    assert answer.status_code == 422
    assert "Ana Sample: choose which minutes are right" in answer.text
    assert scene.saved() == {"Ana": 90}


def test_a_mark_changed_meanwhile_is_asked_about_again(
    scene: Scene, browser: FlaskClient, report: str
) -> None:
    scene.mark("Ana", 90)
    ana = scene.ids["Ana"]
    answer = browser.post(report, data=form(scene, **{f"takes-{ana}": "report", f"was-{ana}": "180"}))
    assert answer.status_code == 422
    assert scene.saved() == {"Ana": 90}


def test_roster_and_zoom_agree_on_who_came_nine_minutes_late(
    scene: Scene, browser: FlaskClient, report: str
) -> None:
    """By hand: 180 minutes, 9 of them missed, are 171; and so says the report of the same meeting."""
    by_hand = after_missing(meeting(), timedelta(minutes=9))
    scene.mark("Ana", by_hand)
    before, first = marks(scene)["Ana"].marked_at, scene.recordings()
    assert "For 1 the roster says the same minutes already" in browser.get(report).text
    browser.post(report, data=form(scene, **{OTTO: "out"}))
    ana = marks(scene)["Ana"]
    assert (ana.minutes, ana.method, ana.marked_at) == (171, Method.ROLL, before)
    assert scene.recordings() == first


def test_saving_twice_changes_nothing(scene: Scene, browser: FlaskClient, report: str) -> None:
    browser.post(report, data=form(scene))
    first = scene.recordings()
    answer = browser.post(report, data=form(scene, **{NINA: str(scene.ids["José"])}))
    assert answer.status_code == 303
    assert scene.saved() == {"Ana": 171, "Otto": 120}
    assert scene.recordings() == first == 2
    assert "was saved already" in browser.get(report).text


def test_a_saved_report_is_not_changed_any_more(scene: Scene, browser: FlaskClient, report: str) -> None:
    browser.post(report, data=form(scene))
    assert browser.post(f"{report}/discard").status_code == 409
    assert browser.post(f"{report}/zone", data={"zone": "UTC"}).status_code == 409
    assert [(one.zone, len(one.participants)) for one in scene.kept()] == [(CHICAGO, 2)]


def test_importing_the_file_again_leads_to_what_was_saved(
    scene: Scene, browser: FlaskClient, report: str
) -> None:
    browser.post(report, data=form(scene))
    again = send(browser, scene).headers["Location"]
    assert again == report
    page = browser.get(again).text
    assert re.search(r"saved by Ivo Sample on \w{3} \d", page)
    assert "Uploading it again changes nothing." in page


def test_another_export_of_the_same_minutes_changes_nothing(
    scene: Scene, browser: FlaskClient, report: str
) -> None:
    browser.post(report, data=form(scene))
    first = scene.recordings()
    ana, otto = (scene.cast.ana.email, scene.cast.otto.email)
    data = meet(f"Ana,Sample,{ana},2 hr 51 min,9:09 AM,12:00 PM", f"Otto,Sample,{otto},2 hr,9:00 AM,11:00 AM")
    other = send(browser, scene, data).headers["Location"]
    assert other != report
    assert browser.post(other, data={"zone": CHICAGO}).status_code == 303
    assert scene.recordings() == first


def test_once_saved_nobody_who_is_not_on_the_roster_is_known(
    scene: Scene, browser: FlaskClient, report: str
) -> None:
    assert "nina@example.org" in str(scene.kept()[0].participants)
    browser.post(report, data=form(scene))
    kept = str(scene.kept()[0].participants)
    assert "@" not in kept
    assert "Nina" not in kept
    assert {row["enrollment_id"] for row in scene.kept()[0].participants} == {
        scene.ids["Ana"],
        scene.ids["Otto"],
    }


def test_the_trail_counts_and_names_nobody(scene: Scene, browser: FlaskClient, report: str) -> None:
    browser.post(report, data=form(scene))
    with inside(scene.app):
        entries = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action.like("video.%"))).all()
        said = {entry.action: entry.details for entry in entries}
    assert said["video.read"] == {"meeting": 1, "people": 4, "of": "zoom"}
    assert said["video.saved"] == {
        "meeting": 1,
        "people": 2,
        "marks": 2,
        "agreed": 0,
        "absent": 0,
        "left_out": 2,
    }


def test_a_page_that_is_older_than_the_zone_is_refused(
    scene: Scene, browser: FlaskClient, report: str
) -> None:
    assert browser.post(report, data=form(scene, zone="UTC")).status_code == 409
    assert scene.saved() == {}


def test_reports_that_nobody_saves_are_forgotten(scene: Scene, browser: FlaskClient, report: str) -> None:
    with inside(scene.app), clock.at(clock.now() + timedelta(days=31)):
        parsed = reading.read(zoom(zoom_row("Ana Sample")), scenes.NINE)
        upload = services.Upload("other", "other.csv", CHICAGO)
        ivo = db.session.get_one(Person, scene.cast.ivo.id)
        services.keep(scenes.offering(scene).meetings[0], upload, parsed, by=ivo)
    assert [one.file_name for one in scene.kept()] == ["other.csv"]
