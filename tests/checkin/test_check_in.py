"""Coming and leaving with a code: the one button behind it, and what it writes down."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from catalog import clock
from catalog.accounts import passwords
from catalog.accounts.models import Person
from catalog.attendance import services as attendance
from catalog.attendance.models import Method
from catalog.attendance.sheet import Cell
from catalog.checkin import queries
from catalog.checkin.models import Door
from catalog.courses.models import OfferingState
from catalog.enrollment.models import Enrollment, State
from catalog.extensions import db
from tests.accounts import mails
from tests.attendance.sheets import inside
from tests.checkin.doors import NINE, LoginAs, Scene, at, scan_and, scene
from tests.factories import Cast


@pytest.fixture
def room(app: Flask, cast: Cast) -> Scene:
    return scene(app, cast)


@pytest.fixture
def ana(room: Scene, login_as: LoginAs) -> FlaskClient:
    with at(0):
        return login_as(room.cast.ana)


def test_a_scan_shows_one_button_and_changes_nothing(room: Scene, ana: FlaskClient) -> None:
    with at(2):
        ana.get(room.drawn())
        page = ana.get(room.url)
    assert ">Check in</button>" in page.text
    assert "9:00 am to 12:00 pm" in page.text
    assert room.marks() == {}


def test_the_button_writes_down_the_time_and_the_minutes(room: Scene, ana: FlaskClient) -> None:
    with at(2):
        assert scan_and("come", ana, room).status_code == 303
        page = ana.get(room.url)
    mark = room.marks()["Ana"]
    assert (mark.minutes, mark.came_at, mark.method) == (178, NINE + timedelta(minutes=2), Method.CODE)
    assert (mark.marked_by_id, mark.is_open) == (room.cast.ana.id, False)
    assert "You are checked in since 9:02 am" in page.text


def test_whoever_is_early_is_there_from_the_start(room: Scene, ana: FlaskClient) -> None:
    with at(-40):
        scan_and("come", ana, room)
    assert (room.marks()["Ana"].minutes, room.marks()["Ana"].came_at) == (180, NINE)


def test_checking_in_twice_keeps_the_first_time(room: Scene, ana: FlaskClient) -> None:
    with at(2):
        scan_and("come", ana, room)
    with at(20):
        scan_and("come", ana, room)
        assert "since 9:02 am" in ana.get(room.url).text
    assert room.marks()["Ana"].minutes == 178


def test_what_the_trainer_marked_before_stays(room: Scene, ana: FlaskClient) -> None:
    with at(5), inside(room.app):
        enrolled = queries.standing(room.person(room.cast.ana), room.meeting(), clock.now()).enrollment
        assert enrolled
        attendance.mark(room.offering(), [Cell(room.meeting(), enrolled, 180)], by=room.person(room.cast.ivo))
    with at(30):
        scan_and("come", ana, room)
        assert "You are marked as here" in ana.get(room.url).text
    assert (room.marks()["Ana"].minutes, room.marks()["Ana"].method) == (180, Method.ROLL)


def test_whoever_was_marked_absent_and_comes_is_there_from_then(room: Scene, ana: FlaskClient) -> None:
    with at(5), inside(room.app):
        enrolled = queries.standing(room.person(room.cast.ana), room.meeting(), clock.now()).enrollment
        assert enrolled
        attendance.mark(room.offering(), [Cell(room.meeting(), enrolled, 0)], by=room.person(room.cast.ivo))
    with at(60):
        scan_and("come", ana, room)
    assert room.marks()["Ana"].minutes == 120


def test_checking_out_makes_the_minutes_known(room: Scene, ana: FlaskClient) -> None:
    room.change(checks_out=True)
    with at(10):
        scan_and("come", ana, room)
        assert room.marks()["Ana"].is_open
        assert "Scan the code on the screen again when you leave" in ana.get(room.url).text
    with at(100):
        scan_and("leave", ana, room)
        assert "You are checked out" in ana.get(room.url).text
    mark = room.marks()["Ana"]
    assert (mark.minutes, mark.is_open) == (90, False)
    assert (mark.came_at, mark.left_at) == (NINE + timedelta(minutes=10), NINE + timedelta(minutes=100))


def test_checking_out_after_the_end_counts_to_the_end(room: Scene, ana: FlaskClient) -> None:
    room.change(checks_out=True)
    with at(0):
        scan_and("come", ana, room)
    with at(180 + 50):
        scan_and("leave", ana, room)
    mark = room.marks()["Ana"]
    assert (mark.minutes, mark.left_at) == (180, NINE + timedelta(hours=3))


def test_an_hour_after_the_end_nobody_checks_out(room: Scene, ana: FlaskClient) -> None:
    room.change(checks_out=True)
    with at(0):
        scan_and("come", ana, room)
    with at(180 + 60):
        assert ana.get(room.drawn()).status_code == 410
    assert room.marks()["Ana"].is_open


def test_leaving_asks_for_a_scan_of_its_own(room: Scene, ana: FlaskClient) -> None:
    room.change(checks_out=True)
    with at(0):
        scan_and("come", ana, room)
    with at(5):
        assert ana.post(room.url, data={"do": "leave"}).status_code == 422
    assert room.marks()["Ana"].is_open


def test_one_press_too_many_does_not_check_out(room: Scene, ana: FlaskClient) -> None:
    room.change(checks_out=True)
    with at(0):
        ana.get(room.drawn())
        kept = ana.get_cookie("scan")
        assert kept
        for _ in range(2):
            ana.set_cookie("scan", kept.value)
            assert ana.post(room.url, data={"do": "come"}).status_code == 303
    assert room.marks()["Ana"].is_open


def test_somebody_the_trainer_marked_can_check_out_too(room: Scene, ana: FlaskClient) -> None:
    room.change(checks_out=True)
    with at(5), inside(room.app):
        enrolled = queries.standing(room.person(room.cast.ana), room.meeting(), clock.now()).enrollment
        assert enrolled
        attendance.mark(room.offering(), [Cell(room.meeting(), enrolled, 180)], by=room.person(room.cast.ivo))
    with at(90):
        scan_and("leave", ana, room)
    assert (room.marks()["Ana"].minutes, room.marks()["Ana"].came_at) == (90, NINE)


def test_a_break_is_not_counted_twice(room: Scene, ana: FlaskClient) -> None:
    """Three hours with half an hour of break count 150 minutes; what is missed is taken off those."""
    room.change(checks_out=True)
    with inside(room.app):
        room.meeting().break_minutes, room.meeting().minutes = 30, 150
    with at(0):
        scan_and("come", ana, room)
    with at(170):
        scan_and("leave", ana, room)
    assert room.marks()["Ana"].minutes == 140


def test_too_little_left_counts_nothing_and_says_so(room: Scene, ana: FlaskClient) -> None:
    with at(179.9):
        answer = scan_and("come", ana, room)
    assert answer.status_code == 409
    assert "Too little is left" in answer.text
    assert room.marks() == {}


@pytest.mark.parametrize(
    ("minutes", "said"), [(-61, "Check-in opens at 8:00 am"), (-59, ">Check in</button>")]
)
def test_check_in_opens_an_hour_before(
    app: Flask, cast: Cast, login_as: LoginAs, minutes: int, said: str
) -> None:
    room = scene(app, cast)
    with at(minutes):
        browser = login_as(cast.ana)
        browser.get(room.drawn())
        assert said in browser.get(room.url).text


def test_after_the_end_the_code_opens_nothing(room: Scene, ana: FlaskClient) -> None:
    with at(180):
        assert ana.get(room.drawn()).status_code == 410


def test_the_scan_survives_signing_in(room: Scene, client: FlaskClient) -> None:
    """The code is long gone by the time the password is typed."""
    with inside(room.app):
        room.person(room.cast.ana).password_hash = passwords.hash_of("four plain words here")
        email = room.person(room.cast.ana).email
    with at(1):
        client.get(room.drawn())
        to_sign_in = client.get(room.url)
        assert to_sign_in.location == f"/sign-in?next={room.url}"
    with at(6):
        form = {"email": email, "password": "four plain words here", "next": room.url}
        assert client.post("/sign-in", data=form).location == room.url
        assert ">Check in</button>" in client.get(room.url).text
        client.post(room.url, data={"do": "come"})
    assert room.marks()["Ana"].minutes == 174


def test_the_scan_survives_making_an_account(room: Scene, client: FlaskClient) -> None:
    room.change(allows_walk_ins=True)
    with at(1):
        client.get(room.drawn())
    with at(5):
        client.post("/sign-up", data={"email": "nia@example.org", "next": room.url})
        form = {"name": "Nia Sample", "password": "four plain words here"}
        assert client.post(mails.link(client.application, "sign_up"), data=form).location == room.url
        client.post(room.url, data={"do": "walk_in"})
    assert room.marks()["Nia"].minutes == 175


def test_a_scan_is_forgotten_after_ten_minutes(room: Scene, ana: FlaskClient) -> None:
    with at(0):
        ana.get(room.drawn())
        kept = ana.get_cookie("scan")
    with at(10.1):
        ana.set_cookie("scan", kept.value if kept else "")
        assert ana.post(room.url, data={"do": "come"}).status_code == 422
    assert room.marks() == {}


def test_a_scan_is_of_no_use_to_somebody_else(room: Scene, ana: FlaskClient, login_as: LoginAs) -> None:
    """Otto sits on it too, but at home; Ana sends him what her browser remembers."""
    room.seat(room.cast.otto)
    with at(1):
        ana.get(room.drawn())
        kept = ana.get_cookie("scan")
        otto = login_as(room.cast.otto)
        otto.set_cookie("scan", kept.value if kept else "")
        assert otto.post(room.url, data={"do": "come"}).status_code == 422
    assert room.marks() == {}


def test_a_scan_is_for_its_own_meeting(app: Flask, room: Scene, ana: FlaskClient) -> None:
    other = scene(app, room.cast)
    with at(1):
        ana.get(other.drawn())
        assert ana.post(room.url, data={"do": "come"}).status_code == 422


@pytest.mark.parametrize("forged", ["", "x", "WzEsMSwiY29kZSJd.abc.def"])
def test_a_forged_scan_is_none(room: Scene, ana: FlaskClient, forged: str) -> None:
    ana.set_cookie("scan", forged)
    with at(1):
        assert ana.post(room.url, data={"do": "come"}).status_code == 422


def test_without_a_scan_the_page_says_what_to_do_and_names_nothing(room: Scene, login_as: LoginAs) -> None:
    with at(1):
        page = login_as(room.cast.otto).get(room.url)
    assert "You are not on the roster" in page.text
    assert "Sample hall" not in page.text


def test_somebody_not_on_the_roster_is_told_whom_to_ask(room: Scene, login_as: LoginAs) -> None:
    with at(1):
        otto = login_as(room.cast.otto)
        otto.get(room.drawn())
        page = otto.get(room.url)
        assert "You are not on the roster of this session. Speak to Ivo Sample." in page.text
        assert otto.post(room.url, data={"do": "walk_in"}).status_code == 409
    assert room.marks() == {}


def test_where_it_is_allowed_a_free_seat_is_taken(room: Scene, login_as: LoginAs) -> None:
    room.change(allows_walk_ins=True)
    with at(1):
        otto = login_as(room.cast.otto)
        otto.get(room.drawn())
        assert "Take a seat and check in" in otto.get(room.url).text
        otto.post(room.url, data={"do": "walk_in"})
        assert "You are checked in since 9:01 am" in otto.get(room.url).text
    assert room.marks()["Otto"].minutes == 179


def test_a_full_session_takes_nobody_at_the_door(room: Scene, login_as: LoginAs) -> None:
    room.change(allows_walk_ins=True)
    for person in (room.cast.mira, room.cast.ada):
        room.seat(person)
    with at(1):
        answer = scan_and("walk_in", login_as(room.cast.otto), room)
    assert answer.status_code == 409
    assert "Every seat is taken. Speak to the trainer" in answer.text
    assert room.marks() == {}


@pytest.mark.parametrize(
    ("state", "said"),
    [(State.WAITING, "on the waitlist"), (State.REQUESTED, "nobody has decided")],
)
def test_whoever_has_no_seat_yet_is_told_how_it_stands(
    room: Scene, login_as: LoginAs, state: State, said: str
) -> None:
    room.change(allows_walk_ins=True)
    with inside(room.app):
        queued = NINE if state == State.WAITING else None
        of = {"offering_id": room.offering_id, "person_id": room.cast.otto.id}
        db.session.add(Enrollment(**of, joined_at=NINE, state=state, queued_at=queued))
    with at(1):
        answer = scan_and("walk_in", login_as(room.cast.otto), room)
    assert answer.status_code == 409
    assert said in answer.text
    assert room.marks() == {}


def test_a_cancelled_session_says_so(room: Scene, ana: FlaskClient) -> None:
    with inside(room.app):
        room.offering().state = OfferingState.CANCELLED
    with at(1):
        answer = scan_and("come", ana, room)
    assert answer.status_code == 409
    assert "was cancelled" in answer.text


def test_a_closed_roster_says_so(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    room = scene(app, cast, checks_out=True)
    with at(0):
        browser = login_as(cast.ana)
        scan_and("come", browser, room)
    with at(190), inside(app):
        enrolled = queries.standing(room.person(cast.ana), room.meeting(), clock.now()).enrollment
        assert enrolled
        ivo = room.person(cast.ivo)
        attendance.mark(room.offering(), [Cell(room.meeting(), enrolled, 180)], by=ivo)
        attendance.close(room.offering(), by=ivo)
    with at(191):
        answer = scan_and("leave", browser, room)
    assert "The roster of this session is closed" in answer.text


def test_both_clocks_are_shown_where_they_differ(room: Scene, ana: FlaskClient) -> None:
    with inside(room.app):
        room.person(room.cast.ana).zone = "America/New_York"
    with at(2):
        scan_and("come", ana, room)
        page = ana.get(room.url)
    assert "since 9:02 am (10:02 am, Eastern time)" in page.text
    assert "For you: Tue 12 Jan 2027, 10:00 am" in page.text


def test_login_is_required_to_come(room: Scene, client: FlaskClient) -> None:
    assert client.get(room.url).location.startswith("/sign-in")
    assert client.post(room.url, data={"do": "come"}).location.startswith("/sign-in")


def test_an_unknown_meeting_is_not_found(room: Scene, ana: FlaskClient) -> None:
    with at(1):
        assert ana.get("/check-in/999999").status_code == 404
        assert ana.post("/check-in/999999", data={"do": "come"}).status_code == 404
        assert ana.post(room.url, data={"do": "dance"}).status_code == 400


def test_a_spoken_code_is_typed(room: Scene, ana: FlaskClient) -> None:
    with at(2):
        code = room.spoken()
        answer = ana.post("/check-in", data={"code": f"{code[:3]} {code[3:]}".lower()})
        assert (answer.status_code, answer.location) == (303, room.url)
        ana.post(room.url, data={"do": "come"})
    assert room.marks()["Ana"].method == Method.SPOKEN


def test_a_printed_code_is_labelled_so(room: Scene, ana: FlaskClient) -> None:
    room.change(prints=True)
    with at(2):
        scan_and("come", ana, room, room.printed())
    assert room.marks()["Ana"].method == Method.PRINTED


def test_a_printed_code_opens_nothing_once_it_is_withdrawn(room: Scene, ana: FlaskClient) -> None:
    room.change(prints=True)
    url = room.printed()
    room.change(prints=False)
    with at(2):
        assert ana.get(url).status_code == 410
    room.change(prints=True)
    with at(2):
        assert ana.get(url).status_code == 410


def test_on_ones_own_pages_stands_what_is_open_now(room: Scene, app: Flask) -> None:
    def seen(minutes: float) -> list[int]:
        with at(minutes), inside(app):
            person = room.person(room.cast.ana)
            return [meeting.id for meeting in queries.open_now(person, clock.now())]

    assert (seen(-61), seen(-59), seen(179), seen(181)) == ([], [room.meeting_id], [room.meeting_id], [])
    room.change(checks_out=True)
    assert seen(181) == [room.meeting_id]
    with inside(app):
        db.session.get_one(Door, room.meeting_id).is_open = False
    assert seen(0) == []


def test_nobody_is_told_of_doors_they_do_not_pass(room: Scene, app: Flask) -> None:
    with at(1), inside(app):
        assert queries.open_now(db.session.get_one(Person, room.cast.otto.id), clock.now()) == []
