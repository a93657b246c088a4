"""Who sees what of a group: members and those who lead it see each other; nobody else sees who is in it."""

from collections.abc import Callable
from typing import NamedTuple

import pytest
from flask import Flask
from flask.testing import FlaskClient

from catalog.accounts.models import Person
from catalog.courses.models import Meeting
from catalog.enrollment import services as enrollment
from catalog.enrollment.models import Enrollment
from catalog.extensions import db
from catalog.groups.models import Absence
from tests import factories as make
from tests.attendance.sheets import mark_all
from tests.factories import Cast
from tests.groups.circles import Circle, begun, circle, inside, seated, term

Login = Callable[[Person], FlaskClient]
NAMES = ("Ana Sample", "Bea Sample")


class Scene(NamedTuple):
    it: Circle
    who: dict[str, Person | None]


@pytest.fixture
def scene(app: Flask, cast: Cast) -> Scene:
    """A term that is on, Ana and Bea in it, and Bea cannot come to the last meeting."""
    it = circle(app, cast, starts=begun(), joins_until=4, needs_approval=False)
    with inside(app):
        ivo, group = db.session.get_one(Person, cast.ivo.id), it.group
        others = {
            "of_another_group": make.person("Nia Other"),
            "waiting": make.person("Wil Waits"),
            "asking": make.person("Asa Asks"),
            "former": make.person("Fay Former"),
            "co_trainer": make.person("Cor Helps", is_trainer=True),
            "substitute": make.person("Sol StandsIn", is_trainer=True),
            "other_trainer": make.person("Tia Teaches", is_trainer=True),
            "course_owner": make.person("Owa Owns", is_trainer=True),
        }
        seated(others["of_another_group"], term(ivo), ivo)
        group.course.owner_id = others["course_owner"].id
        last = db.session.get_one(Meeting, it.meeting_ids[3])
        last.substitute = others["substitute"]
        db.session.get_one(Meeting, it.meeting_ids[2]).co_trainers = [others["co_trainer"]]
        seat = seated(others["former"], group, ivo)
        enrollment.withdraw(seat, by=seat.person)
        for number in range(6):
            seated(make.person(f"Filler {number}"), group, ivo)
        seated(others["waiting"], group, ivo)
        group.needs_approval = True
        enrollment.enroll(others["asking"], group, by=others["asking"])
        db.session.add(Absence(enrollment_id=it.bea_seat, meeting_id=last.id, said_at=last.starts_at))
        mark_all(group, by=ivo)
    who: dict[str, Person | None] = {
        "visitor": None,
        "stranger": cast.otto,
        "member": cast.ana,
        "facilitator": cast.ivo,
        "coordinator": cast.mira,
        "administrator": cast.ada,
        **others,
    }
    return Scene(it, who)


def browser(scene: Scene, name: str, login_as: Login, client: FlaskClient) -> FlaskClient:
    person = scene.who[name]
    return login_as(person) if person else client


# By person: what the page of the group answers, whether it names members, and whether it says who cannot come.
GROUP_PAGE = {
    "visitor": (303, False, False),
    "stranger": (404, False, False),
    "of_another_group": (404, False, False),
    "waiting": (404, False, False),
    "asking": (404, False, False),
    "former": (404, False, False),
    "other_trainer": (404, False, False),
    "course_owner": (404, False, False),
    "member": (200, True, True),
    "facilitator": (200, True, True),
    "co_trainer": (200, True, True),
    "substitute": (200, True, True),
    "coordinator": (200, False, False),
    "administrator": (200, False, False),
}


@pytest.mark.parametrize("name", GROUP_PAGE)
def test_the_page_of_the_group(scene: Scene, login_as: Login, client: FlaskClient, name: str) -> None:
    answer = browser(scene, name, login_as, client).get(scene.it.url)
    status, names, absences = GROUP_PAGE[name]
    assert answer.status_code == status
    main = answer.text.split("<main")[-1]
    assert all((one in main) == names for one in NAMES), name
    assert ("Cannot come: Bea Sample" in main) == absences, name


def url(scene: Scene, place: str) -> str:
    meetings = scene.it.meeting_ids
    return place.format(of=scene.it.id, seat=scene.it.bea_seat, first=meetings[0], last=meetings[3])


RUN = {"facilitator", "co_trainer", "coordinator", "administrator"}
# Who may open what else has names of members in it.
OTHER_PLACES = {
    "/offerings/{of}/roster": RUN,
    "/enrollments/{seat}": RUN,
    "/offerings/{of}/attendance": RUN | {"substitute"},
    "/meetings/{first}/paper": RUN,
    "/meetings/{last}/paper": RUN | {"substitute"},
    "/meetings/{first}/sign-in-sheet.pdf": RUN,
    "/meetings/{first}/marks/{seat}/recordings": RUN,
    "/offerings/{of}/attendance/close": RUN,
    "/offerings/{of}/certificates": RUN,
    "/meetings/{first}/video-report": RUN,
    "/offerings/{of}/walk-ins": RUN,
}


@pytest.mark.parametrize("place", OTHER_PLACES)
def test_every_other_place_with_names(scene: Scene, login_as: Login, client: FlaskClient, place: str) -> None:
    answers = {
        name: browser(scene, name, login_as, client).get(url(scene, place)).status_code for name in scene.who
    }
    opened = {name for name, status in answers.items() if status == 200}
    assert opened == OTHER_PLACES[place]
    assert all(status in (303, 403, 404) for name, status in answers.items() if name not in opened)


PUBLIC = ("/offerings/{of}", "/offerings/{of}/calendar.ics", "/offerings/{of}/enrollments/new")


@pytest.mark.parametrize("place", PUBLIC)
def test_what_everybody_may_open_names_no_member(
    scene: Scene, login_as: Login, client: FlaskClient, place: str
) -> None:
    for name in scene.who:
        text = browser(scene, name, login_as, client).get(url(scene, place)).text.split("<main")[-1]
        assert "Bea Sample" not in text, name
        assert "Filler" not in text, name


def test_the_course_page_names_no_member(scene: Scene, client: FlaskClient) -> None:
    with scene.it.app.app_context():
        course_id = scene.it.group.course_id
    assert not any(name in client.get(f"/courses/{course_id}").text for name in NAMES)


def test_a_member_does_not_see_who_waits_or_left(scene: Scene, login_as: Login, cast: Cast) -> None:
    page = login_as(cast.ana).get(scene.it.url).text
    assert not any(name in page for name in ("Wil Waits", "Asa Asks", "Fay Former"))


def test_a_member_who_left_is_out_at_once(scene: Scene, login_as: Login, cast: Cast) -> None:
    browser = login_as(cast.ana)
    with inside(scene.it.app):
        seat = db.session.get_one(Enrollment, scene.it.ana_seat)
        enrollment.withdraw(seat, by=seat.person)
    assert browser.get(scene.it.url).status_code == 404


def test_an_ordinary_session_has_no_such_page(app: Flask, cast: Cast, login_as: Login) -> None:
    with inside(app):
        session = make.offering(trainer_id=cast.ivo.id)
        session_id = session.id
    assert {login_as(one).get(f"/groups/{session_id}").status_code for one in (cast.ivo, cast.mira)} == {404}


def test_the_page_is_not_kept_by_browsers(scene: Scene, login_as: Login, cast: Cast) -> None:
    assert login_as(cast.ana).get(scene.it.url).headers["Cache-Control"] == "no-store"


def test_no_place_where_attendance_is_taken_has_room_for_notes(
    scene: Scene, login_as: Login, cast: Cast
) -> None:
    browser = login_as(cast.ivo)
    for place in ("/offerings/{of}/attendance", "/groups/{of}", "/offerings/{of}/attendance/close"):
        assert "<textarea" not in browser.get(url(scene, place)).text, place


def test_a_title_that_was_written_before_is_shown_nowhere(
    scene: Scene, login_as: Login, client: FlaskClient, cast: Cast
) -> None:
    with inside(scene.it.app):
        for meeting_id in scene.it.meeting_ids:
            db.session.get_one(Meeting, meeting_id).title = "What Bea told us"
    places = (*PUBLIC, "/groups/{of}", "/offerings/{of}/attendance", "/offerings/{of}/roster")
    for place in places:
        assert "What Bea told us" not in login_as(cast.ivo).get(url(scene, place)).text, place
    assert "What Bea told us" not in client.get(url(scene, "/offerings/{of}")).text


def test_everybody_finds_the_groups_they_have_a_part_in(
    scene: Scene, login_as: Login, client: FlaskClient
) -> None:
    link = f'href="/groups/{scene.it.id}"'
    found = {name for name in scene.who if link in browser(scene, name, login_as, client).get("/groups").text}
    assert found == {"member", "facilitator", "co_trainer", "substitute"}
