"""Looking for somebody at the door, and taking them in."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from catalog import clock
from catalog.accounts import queries as accounts
from catalog.accounts.models import Person
from catalog.attendance import finding, queries
from catalog.courses.models import MeetingKind, Offering
from catalog.enrollment import services as enrollment
from catalog.extensions import db
from tests import factories as make
from tests.attendance import sheets
from tests.attendance.sheets import inside
from tests.factories import Cast
from tests.statements import counted

LoginAs = Callable[[Person], FlaskClient]
NEW = {"name": "Nia Sample", "email": "nia@example.org"}


@dataclass(frozen=True)
class Door:
    """Ivo's session with two seats, which began ten minutes ago; nobody sits on it."""

    offering_id: int
    meeting_id: int
    cast: Cast

    @property
    def url(self) -> str:
        return f"/offerings/{self.offering_id}/walk-ins"


@pytest.fixture
def door(app: Flask, cast: Cast) -> Door:
    with inside(app):
        offering = make.offering(seats=2, starts=clock.now() - timedelta(minutes=10), trainer_id=cast.ivo.id)
        return Door(offering.id, offering.meetings[0].id, cast)


def roster(app: Flask, door: Door) -> dict[str, int | None]:
    """Who sits there, and the minutes they are marked with."""
    with inside(app):
        from_sheet = db.session.get_one(Offering, door.offering_id)
        found = queries.sheet(from_sheet, clock.now())
        return {cell.enrollment.person.name: cell.minutes for cell in found.cells}


def fill(app: Flask, door: Door, count: int = 2) -> None:
    with inside(app):
        offering = db.session.get_one(Offering, door.offering_id)
        ivo = db.session.get_one(Person, door.cast.ivo.id)
        for number in range(count):
            enrollment.add(make.person(f"Seated{number} Sample"), offering, by=ivo)


def test_somebody_is_found_and_taken_in(app: Flask, door: Door, login_as: LoginAs) -> None:
    ivo = login_as(door.cast.ivo)
    page = ivo.get(door.url, query_string={"q": "otto"})
    assert "Otto Sample" in page.text
    assert door.cast.otto.email not in page.text
    answer = ivo.post(door.url, data={"person": door.cast.otto.id, "meeting": door.meeting_id})
    assert (answer.status_code, answer.location) == (303, f"/offerings/{door.offering_id}/attendance")
    assert roster(app, door) == {"Otto Sample": 180}


def test_somebody_new_is_taken_in_and_written_to(app: Flask, door: Door, login_as: LoginAs) -> None:
    ivo = login_as(door.cast.ivo)
    assert ivo.post(f"{door.url}/new", data=NEW).status_code == 303
    assert roster(app, door) == {"Nia Sample": 180}
    assert "A letter is on its way" in ivo.get("/account").text


def test_a_known_address_is_said_to_be_known(app: Flask, door: Door, login_as: LoginAs) -> None:
    ivo = login_as(door.cast.ivo)
    ivo.post(f"{door.url}/new", data={"name": "Another Name", "email": door.cast.otto.email})
    assert roster(app, door) == {"Otto Sample": 180}
    assert "had an account already" in ivo.get("/account").text


def test_login_is_required(client: FlaskClient, door: Door) -> None:
    assert client.get(door.url).location == f"/sign-in?next={door.url}"
    assert client.post(door.url).status_code == 303
    assert client.post(f"{door.url}/new", data=NEW).status_code == 303


def test_only_those_who_run_the_session_look_people_up(app: Flask, door: Door, login_as: LoginAs) -> None:
    with inside(app):
        other = make.person("Other Sample", is_trainer=True)
    for person in (door.cast.ana, other):
        browser = login_as(person)
        assert browser.get(door.url, query_string={"q": "otto"}).status_code == 403
        assert browser.post(door.url, data={"person": door.cast.otto.id}).status_code == 403
        assert browser.post(f"{door.url}/new", data=NEW).status_code == 403
    assert login_as(door.cast.mira).get(door.url).status_code == 200


def test_an_unknown_session_or_person_is_not_found(door: Door, login_as: LoginAs) -> None:
    ivo = login_as(door.cast.ivo)
    assert ivo.get("/offerings/999999/walk-ins").status_code == 404
    assert ivo.post(door.url, data={"person": "999999"}).status_code == 404
    assert ivo.post(door.url, data={"person": "x"}).status_code == 404


def test_nobody_is_taken_in_by_looking(app: Flask, door: Door, login_as: LoginAs) -> None:
    login_as(door.cast.ivo).get(door.url, query_string={"person": door.cast.otto.id, "q": "otto"})
    assert roster(app, door) == {}
    assert login_as(door.cast.ivo).get(f"{door.url}/new").status_code == 405


def test_bad_input_is_said_and_stays(app: Flask, door: Door, login_as: LoginAs) -> None:
    answer = login_as(door.cast.ivo).post(f"{door.url}/new", data=NEW | {"email": "nia at home"})
    assert answer.status_code == 422
    assert "Enter an address like" in answer.text
    assert "nia at home" in answer.text
    assert "Nia Sample" in answer.text
    assert roster(app, door) == {}


def test_a_full_session_offers_one_seat_more(app: Flask, door: Door, login_as: LoginAs) -> None:
    fill(app, door)
    ivo = login_as(door.cast.ivo)
    answer = ivo.post(f"{door.url}/new", data=NEW)
    assert answer.status_code == 409
    assert "no free seat" in answer.text
    assert "Add one seat and them" in answer.text
    assert ivo.post(f"{door.url}/new", data=NEW | {"more": "1"}).status_code == 303
    assert roster(app, door)["Nia Sample"] == 180


def test_nothing_of_a_refused_walk_in_is_kept(app: Flask, door: Door, login_as: LoginAs) -> None:
    fill(app, door)
    login_as(door.cast.ivo).post(f"{door.url}/new", data=NEW)
    with inside(app):
        assert accounts.person_with_email(NEW["email"]) is None


def test_a_helper_may_not_add_seats(app: Flask, door: Door, login_as: LoginAs) -> None:
    fill(app, door)
    with inside(app):
        helper = make.person("Helper Sample", is_trainer=True)
        offering = db.session.get_one(Offering, door.offering_id)
        offering.meetings[0].co_trainers.append(helper)
    browser = login_as(helper)
    answer = browser.post(door.url, data={"person": door.cast.otto.id})
    assert answer.status_code == 409
    assert "Add one seat" not in answer.text
    assert browser.post(door.url, data={"person": door.cast.otto.id, "more": "1"}).status_code == 403


def test_before_the_doors_open_nobody_is_taken_in(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    with inside(app):
        early = make.offering(starts=clock.now() + timedelta(hours=2), trainer_id=cast.ivo.id)
        url = f"/offerings/{early.id}/walk-ins"
    ivo = login_as(cast.ivo)
    assert "from an hour before" in ivo.get(url).text
    answer = ivo.post(url, data={"person": cast.otto.id})
    assert answer.status_code == 409


def test_nobody_walks_in_to_homework(app: Flask, door: Door, login_as: LoginAs) -> None:
    with inside(app):
        meeting = db.session.get_one(Offering, door.offering_id).meetings[0]
        meeting.kind = MeetingKind.HOMEWORK
    ivo = login_as(door.cast.ivo)
    assert "from an hour before" in ivo.get(door.url).text
    assert ivo.post(door.url, data={"person": door.cast.otto.id}).status_code == 409


def test_a_closed_roster_says_so(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    scene = sheets.scene(app, cast)
    scene.close()
    answer = login_as(cast.ivo).post(
        f"/offerings/{scene.offering_id}/walk-ins", data={"person": cast.mira.id}
    )
    assert answer.status_code == 409
    assert "roster of this session is closed" in answer.text


def test_the_search_field_is_answered_in_part(door: Door, login_as: LoginAs, htmx: dict[str, str]) -> None:
    answer = login_as(door.cast.ivo).get(door.url, query_string={"q": "otto"}, headers=htmx)
    assert answer.text.lstrip().startswith('<div id="walk-in-found"')


@pytest.mark.parametrize("words", ["", "ot", " o t "])
def test_fewer_than_three_letters_find_nobody(door: Door, login_as: LoginAs, words: str) -> None:
    assert "Otto Sample" not in login_as(door.cast.ivo).get(door.url, query_string={"q": words}).text


def test_an_address_is_found_whole_and_not_in_parts(door: Door, login_as: LoginAs) -> None:
    ivo, email = login_as(door.cast.ivo), door.cast.otto.email
    assert "Otto Sample" in ivo.get(door.url, query_string={"q": email.upper()}).text
    assert "Otto Sample" not in ivo.get(door.url, query_string={"q": email[:-2]}).text
    assert "Otto Sample" not in ivo.get(door.url, query_string={"q": "@example.org"}).text


def test_whoever_has_a_seat_is_not_offered_again(app: Flask, door: Door, login_as: LoginAs) -> None:
    ivo = login_as(door.cast.ivo)
    ivo.post(door.url, data={"person": door.cast.otto.id})
    assert "Nobody without a seat" in ivo.get(door.url, query_string={"q": "otto"}).text


def test_at_most_ten_are_shown_in_one_statement(app: Flask, door: Door) -> None:
    with inside(app):
        for number in range(12):
            make.person(f"Same{number} Name")
        offering = db.session.get_one(Offering, door.offering_id)
        with counted() as statements:
            assert len(finding.find(offering, "name")) == 10
        assert len(statements) == 1


@pytest.mark.parametrize(
    ("email", "shown"),
    [("ana@example.org", "a…@e….org"), ("x@a.b.example.com", "x…@a….com"), ("n@localhost", "n…@….localhost")],
)
def test_an_address_is_masked(email: str, shown: str) -> None:
    assert accounts.masked(email) == shown
