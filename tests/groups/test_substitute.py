"""Somebody leads one meeting instead of the facilitator: they keep its attendance, and nothing else."""

from collections.abc import Callable
from typing import NamedTuple

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from catalog.accounts.models import Person
from catalog.attendance.models import Mark
from catalog.courses.models import Meeting
from catalog.extensions import db
from tests import factories as make
from tests.factories import Cast
from tests.groups.circles import Circle, begun, circle, inside, qualified

Login = Callable[[Person], FlaskClient]


class Stand(NamedTuple):
    it: Circle
    sol: Person
    """Stands in for Ivo at meeting 2."""


@pytest.fixture
def stand(app: Flask, cast: Cast) -> Stand:
    it = circle(app, cast, starts=begun(weeks=2))
    with inside(app):
        sol = make.person("Sol Sample", is_trainer=True)
        db.session.get_one(Meeting, it.meeting_ids[1]).substitute = sol
    return Stand(it, sol)


def sheet(stand: Stand) -> str:
    return f"/offerings/{stand.it.id}/attendance"


def mark(stand: Stand, number: int) -> str:
    return f"/meetings/{stand.it.meeting_ids[number - 1]}/marks/{stand.it.ana_seat}"


def marked(app: Flask) -> list[int]:
    with app.app_context():
        return list(db.session.scalars(sa.select(Mark.meeting_id)))


def test_the_sheet_of_a_substitute_has_that_meeting_only(stand: Stand, login_as: Login) -> None:
    page = login_as(stand.sol).get(sheet(stand)).text
    has = [f'id="meeting-{meeting_id}"' in page for meeting_id in stand.it.meeting_ids]
    assert has == [False, True, False, False]


def test_the_facilitator_still_has_all_of_them(stand: Stand, cast: Cast, login_as: Login) -> None:
    page = login_as(cast.ivo).get(sheet(stand)).text
    has = [f'id="meeting-{meeting_id}"' in page for meeting_id in stand.it.meeting_ids]
    assert has == [True, True, True, False]


def test_a_substitute_marks_people_there(app: Flask, stand: Stand, login_as: Login) -> None:
    name = f"{stand.it.meeting_ids[1]}-{stand.it.ana_seat}"
    answer = login_as(stand.sol).post(mark(stand, 2), data={f"mark-{name}": "present"})
    assert (answer.status_code, marked(app)) == (303, [stand.it.meeting_ids[1]])


def test_and_at_no_other_meeting(app: Flask, stand: Stand, login_as: Login) -> None:
    name = f"{stand.it.meeting_ids[0]}-{stand.it.ana_seat}"
    answer = login_as(stand.sol).post(mark(stand, 1), data={f"mark-{name}": "present"})
    assert (answer.status_code, marked(app)) == (403, [])


def test_nor_by_the_whole_sheet(app: Flask, stand: Stand, login_as: Login) -> None:
    data = {f"mark-{meeting_id}-{stand.it.ana_seat}": "present" for meeting_id in stand.it.meeting_ids[:2]}
    login_as(stand.sol).post(sheet(stand), data=data)
    assert stand.it.meeting_ids[0] not in marked(app)
    login_as(stand.sol).post(sheet(stand), data={"rest": "absent"})
    assert marked(app) == [stand.it.meeting_ids[1]] * 2


PLACES = (
    "/offerings/{of}/roster",
    "/offerings/{of}/attendance/close",
    "/offerings/{of}/edit",
    "/offerings/{of}/walk-ins",
    "/enrollments/{seat}",
    "/meetings/{first}/paper",
    "/meetings/{first}/door",
    "/meetings/{first}/sign-in-sheet.pdf",
    "/meetings/{first}/marks/{seat}/recordings",
    "/meetings/{second}/video-report",
)


@pytest.mark.parametrize("place", PLACES)
def test_everything_else_of_the_group_stays_shut(stand: Stand, login_as: Login, place: str) -> None:
    first, second = stand.it.meeting_ids[:2]
    url = place.format(of=stand.it.id, seat=stand.it.ana_seat, first=first, second=second)
    assert login_as(stand.sol).get(url).status_code in (403, 404)


@pytest.mark.parametrize("place", ["paper", "door", "sign-in-sheet.pdf"])
def test_the_other_ways_to_take_attendance_there_are_theirs(
    stand: Stand, login_as: Login, place: str
) -> None:
    url = f"/meetings/{stand.it.meeting_ids[1]}/{place}"
    assert login_as(stand.sol).get(url).status_code == 200


def test_a_substitute_sees_who_cannot_come_to_that_meeting_only(
    stand: Stand, cast: Cast, app: Flask, login_as: Login
) -> None:
    with inside(app):
        db.session.get_one(Meeting, stand.it.meeting_ids[3]).substitute = stand.sol
    login_as(stand.it.bea).post(stand.it.meeting_url(4, "cannot-come"))
    page = login_as(stand.sol).get(stand.it.url).text
    assert "Cannot come: Bea Sample" in page
    assert (f'id="meeting-{stand.it.meeting_ids[0]}"' in page, "Meeting 2" in page) == (False, True)


def test_whoever_teaches_no_more_stands_in_no_more(stand: Stand, app: Flask, login_as: Login) -> None:
    with inside(app):
        db.session.get_one(Person, stand.sol.id).is_trainer = False
    answers = [login_as(stand.sol).get(url).status_code for url in (sheet(stand), stand.it.url)]
    assert answers == [403, 404]


def test_the_session_stands_on_their_desk_without_its_roster(stand: Stand, login_as: Login) -> None:
    page = login_as(stand.sol).get("/teaching").text
    assert "You stand in" in page
    assert f"/offerings/{stand.it.id}/roster" not in page


def test_the_public_page_says_what_they_hold_on_the_day_they_stand_in(
    app: Flask, stand: Stand, client: FlaskClient
) -> None:
    with inside(app):
        meeting = db.session.get_one(Meeting, stand.it.meeting_ids[1])
        qualified(db.session.get_one(Person, stand.sol.id), held_from=meeting.starts_wall.date())
    page = client.get(f"/offerings/{stand.it.id}").text
    assert "led by Sol Sample" in page
    assert "Sample reflective supervisor" in page.split("Sol Sample</b>")[1]
