"""The attendance sheet as a page: who may keep it, and what saving all of it at once does."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from catalog.accounts.models import Person
from catalog.courses.models import Meeting
from catalog.extensions import db
from tests import factories as make
from tests.attendance import sheets
from tests.attendance.sheets import Scene
from tests.factories import Cast
from tests.statements import counted

LoginAs = Callable[[Person], FlaskClient]


@pytest.fixture
def scene(app: Flask, cast: Cast) -> Scene:
    return sheets.scene(app, cast)


def test_the_sheet_shows_everyone_with_a_seat(scene: Scene, login_as: LoginAs) -> None:
    page = login_as(scene.cast.ivo).get(scene.url).text
    assert "Ana Sample" in page
    assert "Otto Sample" in page
    assert "0 of 2 marked" in page


def test_one_form_saves_everyone(scene: Scene, login_as: LoginAs) -> None:
    typed = {
        f"mark-{scene.ana}": "present",
        f"mark-{scene.otto}": "minutes",
        f"minutes-{scene.otto}": " 45 ",
    }
    answer = login_as(scene.cast.ivo).post(scene.url, data=typed)
    assert (answer.status_code, answer.headers["Location"]) == (303, scene.url)
    assert scene.saved() == {"Ana": 180, "Otto": 45}


def test_a_saved_sheet_shows_what_was_saved(scene: Scene, login_as: LoginAs) -> None:
    scene.mark(scene.ana_id, 180)
    scene.mark(scene.otto_id, 45)
    page = login_as(scene.cast.ivo).get(scene.url).text
    assert f'id="mark-{scene.ana}-present" name="mark-{scene.ana}" value="present" checked' in page
    assert f'name="minutes-{scene.otto}" value="45"' in page
    assert "2 of 2 marked" in page


def test_the_sheet_asks_for_a_sign_in(scene: Scene, client: FlaskClient) -> None:
    assert client.get(scene.url).headers["Location"].startswith("/sign-in")


def test_an_unknown_session_has_no_sheet(scene: Scene, login_as: LoginAs) -> None:
    assert login_as(scene.cast.mira).get("/offerings/999999/attendance").status_code == 404


@pytest.mark.parametrize("who", ["ana", "otto"])
def test_those_who_only_learn_may_not_see_it(scene: Scene, login_as: LoginAs, who: str) -> None:
    browser = login_as(getattr(scene.cast, who))
    assert browser.get(scene.url).status_code == 403
    assert browser.post(scene.url, data={}).status_code == 403


def test_another_trainer_may_not_see_it(scene: Scene, login_as: LoginAs) -> None:
    with sheets.inside(scene.app):
        eva = make.person("Eva Sample", is_trainer=True)
    assert login_as(eva).get(scene.url).status_code == 403


@pytest.mark.parametrize("who", ["mira", "ada"])
def test_coordinators_and_administrators_keep_every_sheet(scene: Scene, login_as: LoginAs, who: str) -> None:
    assert login_as(getattr(scene.cast, who)).get(scene.url).status_code == 200


def test_a_co_trainer_of_one_meeting_keeps_the_sheet(scene: Scene, login_as: LoginAs) -> None:
    with sheets.inside(scene.app):
        eva = make.person("Eva Sample", is_trainer=True)
        meeting = db.session.get_one(Meeting, scene.meeting_id)
        meeting.co_trainers.append(eva)
    assert login_as(eva).get(scene.url).status_code == 200


@pytest.mark.parametrize(
    ("minutes", "sentence"),
    [
        ("181", "This meeting has 180 minutes; type no more than that."),
        ("-5", "Type whole minutes, from 0 to 180."),
        ("an hour", "Type whole minutes, from 0 to 180."),
        ("1.5", "Type whole minutes, from 0 to 180."),
        ("٤٥", "Type whole minutes, from 0 to 180."),
        ("9" * 40, "Type whole minutes, from 0 to 180."),
        ("", "Type the minutes late, left early, or there."),
    ],
)
def test_minutes_that_cannot_be_are_refused_and_everything_typed_is_kept(
    scene: Scene, login_as: LoginAs, minutes: str, sentence: str
) -> None:
    ana, otto = scene.ana, scene.otto
    typed = {f"mark-{ana}": "minutes", f"minutes-{ana}": minutes, f"mark-{otto}": "absent"}
    answer = login_as(scene.cast.ivo).post(scene.url, data=typed)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert f'name="minutes-{ana}" value="{minutes}"' in answer.text
    assert f'id="mark-{otto}-absent" name="mark-{otto}" value="absent" checked' in answer.text
    assert scene.saved() == {}


def test_everyone_is_marked_as_here_with_one_button(scene: Scene, login_as: LoginAs) -> None:
    login_as(scene.cast.ivo).post(scene.url, data={"everyone": scene.meeting_id})
    assert scene.saved() == {"Ana": 180, "Otto": 180}


def test_marking_everyone_leaves_those_alone_who_are_marked(scene: Scene, login_as: LoginAs) -> None:
    scene.mark(scene.otto_id, 0)
    login_as(scene.cast.ivo).post(scene.url, data={"everyone": scene.meeting_id})
    assert scene.saved() == {"Ana": 180, "Otto": 0}


def test_marking_everyone_saves_what_was_typed_beside_it(scene: Scene, login_as: LoginAs) -> None:
    typed = {"everyone": scene.meeting_id, f"mark-{scene.otto}": "absent"}
    login_as(scene.cast.ivo).post(scene.url, data=typed)
    assert scene.saved() == {"Ana": 180, "Otto": 0}


def test_an_old_page_takes_nothing_back_that_it_did_not_change(scene: Scene, login_as: LoginAs) -> None:
    """Ivo's page still shows Ana as absent; Mira has marked her as here since."""
    scene.mark(scene.ana_id, 180)
    ana, otto = scene.ana, scene.otto
    old = {f"mark-{ana}": "absent", f"was-{ana}": "0", f"mark-{otto}": "present", f"was-{otto}": ""}
    assert login_as(scene.cast.ivo).post(scene.url, data=old).status_code == 303
    assert scene.saved() == {"Ana": 180, "Otto": 180}


def test_a_mark_for_somebody_no_longer_seated_is_left_out_and_the_rest_kept(
    scene: Scene, login_as: LoginAs
) -> None:
    ana, otto = scene.ana, scene.otto
    scene.remove(scene.otto_id)
    answer = login_as(scene.cast.ivo).post(
        scene.url, data={f"mark-{ana}": "present", f"mark-{otto}": "present"}
    )
    assert answer.status_code == 409
    assert "Otto Sample has no seat on this session now" in answer.text
    assert f'id="mark-{ana}-present" name="mark-{ana}" value="present" checked' in answer.text
    assert scene.saved() == {}


def test_an_untouched_mark_of_somebody_who_left_is_no_matter(scene: Scene, login_as: LoginAs) -> None:
    ana, otto = scene.ana, scene.otto
    scene.mark(scene.otto_id, 180)
    scene.remove(scene.otto_id)
    old = {f"mark-{ana}": "present", f"mark-{otto}": "present", f"was-{otto}": "180"}
    assert login_as(scene.cast.ivo).post(scene.url, data=old).status_code == 303
    assert scene.saved() == {"Ana": 180, "Otto": 180}


def test_a_closed_roster_refuses_with_the_sheet_as_it_is(scene: Scene, login_as: LoginAs) -> None:
    scene.close()
    typed = {f"mark-{scene.ana}": "absent"}
    answer = login_as(scene.cast.ivo).post(scene.url, data=typed)
    assert answer.status_code == 409
    assert "This roster is closed" in answer.text
    assert "Open the roster again" in answer.text


def test_before_the_first_meeting_there_is_nobody_to_mark_yet(scene: Scene, login_as: LoginAs) -> None:
    with sheets.inside(scene.app):
        coming = make.offering(trainer_id=scene.cast.ivo.id)
        sheets.seat(coming, "Ben Sample", by=scene.ivo)
        url = f"/offerings/{coming.id}/attendance"
    page = login_as(scene.cast.ivo).get(url).text
    assert "can be marked from an hour before" in page
    assert 'type="radio"' not in page


def test_without_people_the_sheet_says_so(scene: Scene, login_as: LoginAs) -> None:
    with sheets.inside(scene.app):
        url = f"/offerings/{sheets.held().id}/attendance"
    assert "nobody to mark" in login_as(scene.cast.mira).get(url).text


def large(app: Flask, people: int, meetings: int) -> str:
    with sheets.inside(app):
        offering = sheets.held(seats=people, meetings=meetings)
        names = [f"Person{number} Sample" for number in range(people)]
        sheets.seat(offering, *names, by=make.person("Ivo Sample"))
        return f"/offerings/{offering.id}/attendance"


def test_the_sheet_asks_the_database_as_often_for_thirty_people_as_for_one(
    scene: Scene, login_as: LoginAs
) -> None:
    small, big = large(scene.app, 1, 1), large(scene.app, 30, 4)
    browser = login_as(scene.cast.mira)
    with counted() as few:
        browser.get(small)
    with counted() as many:
        browser.get(big)
    assert len(few) == len(many) <= 12
