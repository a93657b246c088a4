"""A sign-in sheet that was filled in by hand, typed in on one screen."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from catalog.accounts.models import Person
from catalog.attendance.models import Mark, Method, Recording
from catalog.attendance.refusals import NoRoom
from catalog.enrollment import services as seating
from catalog.enrollment.models import Enrollment
from catalog.extensions import db
from tests import factories as make
from tests.attendance import sheets
from tests.attendance.sheets import Scene
from tests.factories import Cast
from tests.statements import counted

LoginAs = Callable[[Person], FlaskClient]
NINE = datetime(2025, 3, 11, 14, tzinfo=UTC)
"""In Alabama."""


@pytest.fixture
def scene(app: Flask, cast: Cast) -> Scene:
    """Ivo's session of nine to twelve, with room for five, which Ana and Otto sit on."""
    made = sheets.scene(app, cast)
    with sheets.inside(app):
        offering = sheets.held(starts=NINE, trainer_id=cast.ivo.id)
        seats = [
            seating.add(db.session.get_one(Person, person.id), offering, by=made.ivo)
            for person in (cast.ana, cast.otto)
        ]
        return replace(
            made,
            offering_id=offering.id,
            meeting_id=offering.meetings[0].id,
            ana_id=seats[0].id,
            otto_id=seats[1].id,
        )


def url(scene: Scene) -> str:
    return f"/meetings/{scene.meeting_id}/paper"


def marks(scene: Scene) -> dict[str, tuple[int, datetime | None, datetime | None, Method]]:
    with sheets.inside(scene.app):
        found = sa.select(Person.name, Mark).select_from(Mark).join(Mark.enrollment).join(Enrollment.person)
        return {
            name.split()[0]: (mark.minutes, mark.came_at, mark.left_at, mark.method)
            for name, mark in db.session.execute(found)
        }


def test_the_page_has_a_line_for_everybody_in_the_order_of_the_sheet(scene: Scene, login_as: LoginAs) -> None:
    page = login_as(scene.cast.ivo).get(url(scene)).text
    assert page.index(f'name="signed-{scene.ana_id}"') < page.index(f'name="signed-{scene.otto_id}"')
    assert 'name="email-new8"' in page


def test_who_signed_is_marked_from_the_paper_sheet(scene: Scene, login_as: LoginAs) -> None:
    typed = {f"signed-{scene.ana_id}": "on", f"signed-{scene.otto_id}": "on", f"in-{scene.otto_id}": "9:20"}
    answer = login_as(scene.cast.ivo).post(url(scene), data=typed)
    assert (answer.status_code, answer.headers["Location"]) == (303, scene.url)
    assert marks(scene) == {
        "Ana": (180, None, None, Method.PAPER),
        "Otto": (160, NINE + timedelta(minutes=20), None, Method.PAPER),
    }


def test_a_time_is_a_signature_too_and_both_times_count(scene: Scene, login_as: LoginAs) -> None:
    typed = {f"in-{scene.ana_id}": "8:50 am", f"out-{scene.ana_id}": "11:30"}
    login_as(scene.cast.ivo).post(url(scene), data=typed)
    came, left = NINE - timedelta(minutes=10), NINE + timedelta(minutes=150)
    assert marks(scene) == {"Ana": (150, came, left, Method.PAPER)}


def test_whoever_did_not_sign_is_absent_only_where_that_was_ticked(scene: Scene, login_as: LoginAs) -> None:
    browser = login_as(scene.cast.ivo)
    browser.post(url(scene), data={f"signed-{scene.ana_id}": "on"})
    assert "Otto" not in marks(scene)
    browser.post(url(scene), data={f"signed-{scene.ana_id}": "on", "rest": "on"})
    assert marks(scene)["Otto"] == (0, None, None, Method.PAPER)


def test_a_missing_signature_takes_nothing_back(scene: Scene, login_as: LoginAs) -> None:
    scene.mark(scene.otto_id, 45)
    login_as(scene.cast.ivo).post(url(scene), data={f"signed-{scene.ana_id}": "on", "rest": "on"})
    assert marks(scene)["Otto"] == (45, None, None, Method.ROLL)


def test_a_signature_does_not_say_how_long_so_what_is_known_stays(scene: Scene, login_as: LoginAs) -> None:
    scene.mark(scene.ana_id, 45)
    login_as(scene.cast.ivo).post(url(scene), data={f"signed-{scene.ana_id}": "on"})
    assert marks(scene)["Ana"] == (45, None, None, Method.ROLL)
    with sheets.inside(scene.app):
        rows = db.session.scalars(sa.select(Recording).order_by(Recording.id))
        assert [(row.method, row.minutes, row.was_taken) for row in rows] == [
            (Method.ROLL, 45, True),
            (Method.PAPER, 45, True),
        ]


def test_a_signature_stands_against_absent(scene: Scene, login_as: LoginAs) -> None:
    scene.mark(scene.ana_id, 0)
    login_as(scene.cast.ivo).post(url(scene), data={f"signed-{scene.ana_id}": "on"})
    assert marks(scene)["Ana"][0] == 180


def test_the_same_sheet_typed_in_twice_changes_nothing(scene: Scene, login_as: LoginAs) -> None:
    typed = {f"signed-{scene.ana_id}": "on", f"out-{scene.otto_id}": "11"}
    for _ in range(2):
        login_as(scene.cast.ivo).post(url(scene), data=typed)
    with sheets.inside(scene.app):
        assert db.session.scalar(sa.select(sa.func.count(Recording.id))) == 2


@pytest.mark.parametrize(
    ("came", "left", "field", "sentence"),
    [
        ("soon", "", "in", "Type a time such as 9:05 or 9:05 am."),
        ("", "11:99", "out", "Type a time such as 9:05 or 9:05 am."),
        ("11", "9:30", "out", "Leaving is not after coming."),
        ("12:30", "", "in", "Leaving is not after coming."),
        ("8:00", "8:30", "out", "These times are outside of the meeting."),
        ("7 pm", "", "in", "7 pm is far from this meeting"),
    ],
)
def test_times_that_cannot_be_are_refused_and_everything_typed_is_kept(
    scene: Scene, login_as: LoginAs, came: str, left: str, field: str, sentence: str
) -> None:
    typed = {
        f"in-{scene.ana_id}": came,
        f"out-{scene.ana_id}": left,
        f"signed-{scene.otto_id}": "on",
        "rest": "on",
        "name-new1": "Eva Sample",
        "email-new1": "eva@example.org",
    }
    answer = login_as(scene.cast.ivo).post(url(scene), data=typed)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert f'href="#{field}-{scene.ana_id}"' in answer.text
    assert f'name="in-{scene.ana_id}" value="{came}"' in answer.text
    assert f'name="out-{scene.ana_id}" value="{left}"' in answer.text
    assert f'name="signed-{scene.otto_id}" checked' in answer.text
    assert 'name="rest" checked' in answer.text
    assert 'value="eva@example.org"' in answer.text
    assert marks(scene) == {}


# Those who wrote themselves in.


def written(line: int = 1, name: str = "Eva Sample", email: str = "eva@example.org") -> dict[str, str]:
    return {f"name-new{line}": name, f"email-new{line}": email}


def test_whoever_wrote_themselves_in_gets_an_account_a_seat_and_a_mark(
    scene: Scene, login_as: LoginAs
) -> None:
    login_as(scene.cast.ivo).post(url(scene), data=written() | {"in-new1": "9:30"})
    assert marks(scene) == {"Eva": (150, NINE + timedelta(minutes=30), None, Method.PAPER)}


def test_somebody_with_an_account_is_that_person(scene: Scene, login_as: LoginAs) -> None:
    login_as(scene.cast.ivo).post(url(scene), data=written(email=scene.cast.mira.email))
    with sheets.inside(scene.app):
        [enrolled] = db.session.scalars(sa.select(Mark.enrollment_id))
        assert db.session.get_one(Enrollment, enrolled).person_id == scene.cast.mira.id


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ({"name": "Eva Sample", "email": ""}, "Enter their email address, by which they get their hours."),
        ({"name": "", "email": "eva@example.org"}, "Enter their name."),
        ({"name": "Eva Sample", "email": "eva at home"}, "Enter an address like name@example.org."),
    ],
)
def test_a_line_needs_a_name_and_an_address(
    scene: Scene, login_as: LoginAs, line: dict[str, str], sentence: str
) -> None:
    answer = login_as(scene.cast.ivo).post(
        url(scene), data={f"signed-{scene.ana_id}": "on", **written(name=line["name"], email=line["email"])}
    )
    assert answer.status_code == 422
    assert sentence in answer.text
    assert marks(scene) == {}


def test_when_the_room_is_full_nothing_of_the_sheet_is_saved(scene: Scene, login_as: LoginAs) -> None:
    lines = [written(n, f"Guest{n} Sample", f"guest{n}@example.org") for n in range(1, 5)]
    typed = {f"signed-{scene.ana_id}": "on"}
    for line in lines:
        typed |= line
    answer = login_as(scene.cast.ivo).post(url(scene), data=typed)
    assert answer.status_code == 409
    assert 'href="#name-new4"' in answer.text
    assert "Nothing was saved." in answer.text
    assert NoRoom.sentence in answer.text
    assert marks(scene) == {}
    with sheets.inside(scene.app):
        assert db.session.scalar(sa.select(sa.func.count()).where(Person.name.like("Guest%"))) == 0


def test_somebody_on_the_list_who_also_wrote_themselves_in_is_pointed_out(
    scene: Scene, login_as: LoginAs
) -> None:
    typed = {f"signed-{scene.ana_id}": "on", **written(email=scene.cast.ana.email)}
    answer = login_as(scene.cast.ivo).post(url(scene), data=typed)
    assert answer.status_code == 409
    assert "This person is on the sheet twice." in answer.text
    assert marks(scene) == {}


# Who may, and when.


def test_the_page_asks_for_a_sign_in(scene: Scene, client: FlaskClient) -> None:
    assert client.get(url(scene)).headers["Location"].startswith("/sign-in")
    assert client.post(url(scene), data={}).status_code == 303


def test_those_who_do_not_keep_the_sheet_may_not(scene: Scene, login_as: LoginAs) -> None:
    browser = login_as(scene.cast.ana)
    assert browser.get(url(scene)).status_code == 403
    assert browser.post(url(scene), data={f"signed-{scene.ana_id}": "on"}).status_code == 403
    assert marks(scene) == {}


def test_an_unknown_meeting_is_not_found(scene: Scene, login_as: LoginAs) -> None:
    assert login_as(scene.cast.mira).get("/meetings/999999/paper").status_code == 404


def test_a_closed_roster_refuses_a_sheet(scene: Scene, login_as: LoginAs) -> None:
    scene.close()
    browser = login_as(scene.cast.ivo)
    assert "This roster is closed" in browser.get(url(scene)).text
    assert browser.post(url(scene), data={f"in-{scene.ana_id}": "10"}).status_code == 409
    assert marks(scene)["Ana"][0] == 180


def test_before_the_doors_open_there_is_nothing_to_type_in(scene: Scene, login_as: LoginAs) -> None:
    with sheets.inside(scene.app):
        coming = make.offering(trainer_id=scene.cast.ivo.id)
        [ben] = sheets.seat(coming, "Ben Sample", by=scene.ivo)
        meeting_id, ben_id = coming.meetings[0].id, ben.id
    browser = login_as(scene.cast.ivo)
    assert "from an hour before the meeting" in browser.get(f"/meetings/{meeting_id}/paper").text
    assert browser.post(f"/meetings/{meeting_id}/paper", data={f"signed-{ben_id}": "on"}).status_code == 409


def test_the_page_asks_the_database_as_often_for_thirty_people_as_for_one(
    scene: Scene, login_as: LoginAs
) -> None:
    def sheet_of(people: int) -> str:
        with sheets.inside(scene.app):
            offering = sheets.held(seats=people)
            sheets.seat(offering, *(f"Person{n} Sample" for n in range(people)), by=scene.ivo)
            return f"/meetings/{offering.meetings[0].id}/paper"

    small, big = sheet_of(1), sheet_of(30)
    browser = login_as(scene.cast.mira)
    with counted() as few:
        browser.get(small)
    with counted() as many:
        browser.get(big)
    assert len(few) == len(many) <= 15
