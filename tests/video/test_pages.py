"""Uploading a report and settling it: who may, what the pages show, what is refused."""

from collections.abc import Callable
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient

from catalog import clock
from catalog.accounts.models import Person
from catalog.attendance import services as attendance
from catalog.courses.models import MeetingKind
from catalog.enrollment import services as enrollment
from catalog.extensions import db
from tests import factories as make
from tests.attendance.sheets import inside, mark_all
from tests.factories import Cast
from tests.statements import counted
from tests.video import scenes
from tests.video.samples import CHICAGO, ZOOM_HEAD, zoom, zoom_row
from tests.video.scenes import Scene, send

LoginAs = Callable[[Person], FlaskClient]


@pytest.fixture
def scene(app: Flask, cast: Cast) -> Scene:
    return scenes.scene(app, cast)


def test_the_page_says_where_each_product_keeps_its_report(scene: Scene, login_as: LoginAs) -> None:
    page = login_as(scene.cast.ivo).get(scene.url).text
    assert all(name in page for name in ("Zoom", "Teams", "Google Meet", "Central time, as the session"))


def test_a_report_is_read_and_shown_and_nobody_is_marked(scene: Scene, login_as: LoginAs) -> None:
    browser = login_as(scene.cast.ivo)
    answer = send(browser, scene)
    assert answer.status_code == 303
    page = browser.get(answer.headers["Location"]).text
    assert "4 people in the meeting: 1 matched, 1 in doubt, 1 unknown, 1 leading it" in page
    assert "On the roster, not in the report: 1" in page
    assert (scene.saved(), scene.recordings()) == ({}, 0)


def test_the_pages_ask_for_a_sign_in(scene: Scene, client: FlaskClient) -> None:
    assert client.get(scene.url).headers["Location"].startswith("/sign-in")
    assert client.get("/video-reports/1").headers["Location"].startswith("/sign-in")


def test_what_is_not_there_is_not_found(scene: Scene, login_as: LoginAs) -> None:
    browser = login_as(scene.cast.mira)
    assert browser.get("/meetings/999999/video-report").status_code == 404
    assert browser.get("/video-reports/999999").status_code == 404


@pytest.mark.parametrize("who", ["ana", "otto", "eva"])
def test_learners_and_other_trainers_may_do_none_of_it(scene: Scene, login_as: LoginAs, who: str) -> None:
    report = send(login_as(scene.cast.ivo), scene).headers["Location"]
    with inside(scene.app):
        eva = make.person("Eva Sample", is_trainer=True)
    browser = login_as(eva if who == "eva" else getattr(scene.cast, who))
    assert browser.get(scene.url).status_code == 403
    assert send(browser, scene).status_code == 403
    assert browser.get(report).status_code == 404
    for url in (report, f"{report}/zone", f"{report}/discard"):
        assert browser.post(url, data={}).status_code == 404
    assert len(scene.kept()) == 1


def test_a_coordinator_may(scene: Scene, login_as: LoginAs) -> None:
    assert send(login_as(scene.cast.mira), scene).status_code == 303


def test_what_changes_something_is_no_link(scene: Scene, login_as: LoginAs) -> None:
    browser = login_as(scene.cast.ivo)
    report = send(browser, scene).headers["Location"]
    assert browser.get(f"{report}/zone").status_code == 405
    assert browser.get(f"{report}/discard").status_code == 405


def test_a_form_without_a_file_comes_back(scene: Scene, login_as: LoginAs) -> None:
    answer = login_as(scene.cast.ivo).post(scene.url, data={"zone": "America/New_York"})
    assert answer.status_code == 422
    assert "Choose the file of the report." in answer.text
    assert 'selected value="America/New_York"' in answer.text


def test_a_refused_report_is_explained_and_nothing_is_kept(scene: Scene, login_as: LoginAs) -> None:
    answer = send(login_as(scene.cast.ivo), scene, zoom("Otto Sample,half"))
    assert answer.status_code == 422
    assert "Line 5 is only half there: “Otto Sample, half”." in answer.text
    assert scene.kept() == []


def test_a_report_of_another_day_is_refused_with_both_dates(scene: Scene, login_as: LoginAs) -> None:
    row = zoom_row("Ana Sample").replace("02/02/2026", "03/02/2026")
    answer = send(login_as(scene.cast.ivo), scene, zoom(row))
    assert answer.status_code == 422
    assert "another meeting: it runs from Mon 2 Mar 2026, 9:00 am to Mon 2 Mar 2026, 12:00 pm" in answer.text
    assert "this meeting is Mon 2 Feb 2026, 9:00 am to 12:00 pm, Central time" in answer.text
    assert scene.kept() == []


def test_totals_of_another_day_are_told_by_their_summary(scene: Scene, login_as: LoginAs) -> None:
    users = "Name (Original Name),User Email,Total Duration (Minutes),Guest\nAna Sample,,180,Yes\n"
    dated = "Meeting ID,Topic,Start Time,End Time\n812,Sample,{0} 08:55:00 AM,{0} 12:01:00 PM\n\n" + users
    browser = login_as(scene.cast.ivo)
    assert "another meeting" in send(browser, scene, dated.format("03/02/2026").encode()).text
    answer = send(browser, scene, dated.format("02/02/2026").encode())
    assert "gives minutes and no times" in browser.get(answer.headers["Location"]).text


def test_a_report_in_utc_proposes_that_zone_and_takes_it(scene: Scene, login_as: LoginAs) -> None:
    browser = login_as(scene.cast.ivo)
    report = send(browser, scene, zoom(zoom_row("Ana Sample", "", "15:09:00", "18:00:00"))).headers[
        "Location"
    ]
    page = browser.get(report).text
    assert "They would fit if they were UTC." in page
    assert "Save the marks" not in page
    assert browser.post(f"{report}/zone", data={"zone": "UTC"}).status_code == 303
    page = browser.get(report).text
    assert "2 h 51 min" in page
    assert "9:09 am to 12:00 pm" in page


def test_a_zone_in_which_a_time_never_was_is_refused(scene: Scene, login_as: LoginAs) -> None:
    with inside(scene.app):
        starts = clock.now().replace(2026, 3, 8, 6, 0, 0, 0)
        night = make.offering(starts=starts, hours=4, trainer_id=scene.cast.ivo.id).meetings[0].id
    row = "Ana Sample,,2026-03-08 02:30:00,2026-03-08 03:30:00,0,Yes,,No"
    form = {"report": (BytesIO((ZOOM_HEAD + row).encode()), "r.csv"), "zone": CHICAGO}
    answer = login_as(scene.cast.ivo).post(f"/meetings/{night}/video-report", data=form)
    assert answer.status_code == 422
    assert "Line 2: there was no 2:30 am on Sun 8 Mar 2026" in answer.text


def test_an_unknown_zone_is_no_zone(scene: Scene, login_as: LoginAs) -> None:
    browser = login_as(scene.cast.ivo)
    report = send(browser, scene).headers["Location"]
    assert browser.post(f"{report}/zone", data={"zone": "Moon/Base"}).status_code == 400
    assert send(browser, scene, zone="Moon/Base").status_code == 422


def test_the_same_file_is_the_same_report(scene: Scene, login_as: LoginAs) -> None:
    browser = login_as(scene.cast.ivo)
    first, again = send(browser, scene), send(browser, scene, name="another name.csv")
    assert first.headers["Location"] == again.headers["Location"]
    assert len(scene.kept()) == 1


def test_the_same_file_in_another_zone_is_taken_in_that_zone(scene: Scene, login_as: LoginAs) -> None:
    browser = login_as(scene.cast.ivo)
    send(browser, scene)
    send(browser, scene, zone="America/New_York")
    assert [one.zone for one in scene.kept()] == ["America/New_York"]


def test_a_closed_roster_says_to_open_it_first(scene: Scene, login_as: LoginAs) -> None:
    browser = login_as(scene.cast.ivo)
    report = send(browser, scene).headers["Location"]
    with inside(scene.app):
        ivo = db.session.get_one(Person, scene.cast.ivo.id)
        mark_all(scenes.offering(scene), by=ivo)
        attendance.close(scenes.offering(scene), by=ivo)
    assert "This roster is closed" in browser.get(scene.url).text
    assert send(browser, scene).status_code == 422
    assert "This roster is closed" in browser.get(report).text
    form = {"zone": CHICAGO, "rest_is_out": "1", "who-2": str(scene.ids["Otto"])}
    for enrollment_id in scene.ids.values():
        form |= {f"takes-{enrollment_id}": "report", f"was-{enrollment_id}": "180"}
    assert browser.post(report, data=form).status_code == 409
    assert scene.saved() == {"Ana": 180, "Otto": 180, "José": 180}


def test_work_of_ones_own_has_no_report(scene: Scene, login_as: LoginAs) -> None:
    with inside(scene.app):
        scenes.offering(scene).meetings[0].kind = MeetingKind.HOMEWORK
    browser = login_as(scene.cast.ivo)
    assert "no video meeting and no report of one" in browser.get(scene.url).text
    assert send(browser, scene).status_code == 422
    assert scene.kept() == []


def test_somebody_of_another_session_is_nobody_here(scene: Scene, login_as: LoginAs) -> None:
    browser = login_as(scene.cast.ivo)
    report = send(browser, scene).headers["Location"]
    with inside(scene.app):
        other = make.offering(trainer_id=scene.cast.ivo.id)
        ivo = db.session.get_one(Person, scene.cast.ivo.id)
        elsewhere = enrollment.add(make.person("Elsa Sample"), other, by=ivo).id
    form = {"zone": CHICAGO, "who-2": "out", "who-3": str(elsewhere)}
    assert browser.post(report, data=form).status_code == 422
    assert scene.saved() == {}


def test_a_discarded_report_is_gone(scene: Scene, login_as: LoginAs) -> None:
    browser = login_as(scene.cast.ivo)
    report = send(browser, scene).headers["Location"]
    assert browser.post(f"{report}/discard").headers["Location"] == scene.url
    assert scene.kept() == []


def test_names_of_the_report_are_text_on_the_page(scene: Scene, login_as: LoginAs) -> None:
    browser = login_as(scene.cast.ivo)
    report = send(browser, scene, zoom(zoom_row("<b>=1+1</b>"))).headers["Location"]
    page = browser.get(report).text
    assert "&lt;b&gt;=1+1&lt;/b&gt;" in page
    assert "<b>=1+1" not in page


def test_more_people_cost_no_more_statements(scene: Scene, login_as: LoginAs) -> None:
    browser = login_as(scene.cast.ivo)
    few = send(browser, scene).headers["Location"]
    many = send(browser, scene, zoom(*[zoom_row(f"Sample {number}") for number in range(60)])).headers[
        "Location"
    ]
    with counted() as first:
        browser.get(few)
    with counted() as second:
        browser.get(many)
    assert len(first) == len(second) < 16
