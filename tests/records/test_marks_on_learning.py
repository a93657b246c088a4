"""Marks on My learning: seen the same day, with how and when they were taken, and the ways on from them."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from catalog import clock
from catalog.accounts.models import Person
from catalog.attendance import services as attendance
from catalog.attendance.models import Method
from catalog.attendance.sheet import Cell
from catalog.certificates import services as certificates
from catalog.checkin import services as checkin
from catalog.courses.models import Asking, Meeting, MeetingKind, Offering
from catalog.disputes import services as disputes
from catalog.enrollment import services as enrollment
from catalog.enrollment.models import Enrollment
from catalog.extensions import db
from tests import factories as make
from tests.attendance import sheets
from tests.attendance.sheets import inside
from tests.factories import Cast

LoginAs = Callable[[Person], FlaskClient]
NINE = datetime.fromisoformat("2027-01-12T15:00:00+00:00")
HOUR = timedelta(hours=1)


@pytest.fixture
def at_nine() -> Iterator[None]:
    """Nine in the morning in Montgomery, when the session begins; it lasts until noon."""
    with clock.at(NINE):
        yield


def seated(app: Flask, cast: Cast, meetings: int = 1) -> tuple[int, int, int]:
    """Ana's seat on Ivo's session that begins at nine: the numbers of the session, the meeting, the enrollment."""
    with inside(app), clock.at(NINE - 24 * HOUR):
        course = make.course("Little listeners", areas=("TF",), asking=Asking.NONE)
        offering = make.offering(course, starts=NINE, meetings=meetings, trainer_id=cast.ivo.id)
        seat = enrollment.add(
            db.session.get_one(Person, cast.ana.id),
            offering,
            by=db.session.get_one(Person, cast.ivo.id),
        )
        return offering.id, offering.meetings[0].id, seat.id


def mark(app: Flask, cast: Cast, ids: tuple[int, int, int], minutes: int, **how: object) -> None:
    with inside(app):
        offering, meeting, seat = (
            db.session.get_one(Offering, ids[0]),
            db.session.get_one(Meeting, ids[1]),
            db.session.get_one(Enrollment, ids[2]),
        )
        ivo = db.session.get_one(Person, cast.ivo.id)
        attendance.mark(offering, [Cell(meeting, seat, minutes)], by=ivo, **how)  # type: ignore[arg-type]


def page(browser: FlaskClient, url: str = "/learning") -> str:
    answer = browser.get(url)
    assert answer.status_code == 200
    return " ".join(answer.text.split())


@pytest.mark.parametrize(
    ("minutes", "method", "said"),
    [
        (180, Method.CODE, "Here · check-in code, 9:02 am"),
        (105, Method.PAPER, "1 h 45 min of 3 h · paper sheet, 9:02 am"),
        (0, Method.ROLL, "Absent · roll call, 9:02 am"),
    ],
)
def test_a_mark_is_seen_as_soon_as_it_is_written(
    app: Flask, cast: Cast, login_as: LoginAs, minutes: int, method: Method, said: str
) -> None:
    ids = seated(app, cast)
    with clock.at(NINE + timedelta(minutes=2)):
        mark(app, cast, ids, minutes, method=method)
        text = page(login_as(cast.ana))
    assert said in text
    assert f'href="/enrollments/{ids[2]}/meetings/{ids[1]}/dispute">That is not right' in text


@pytest.mark.usefixtures("at_nine")
def test_a_mark_of_before_the_beginning_is_seen_too(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    ids = seated(app, cast)
    with clock.at(NINE - timedelta(minutes=5)):
        mark(app, cast, ids, 180)
        assert "Here · roll call, 8:55 am" in page(login_as(cast.ana))


def test_a_mark_that_was_written_days_later_says_the_day(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    ids = seated(app, cast)
    with clock.at(NINE + 48 * HOUR):
        mark(app, cast, ids, 180, method=Method.PAPER)
        assert "Here · paper sheet, Thu 14 Jan 2027" in page(login_as(cast.ana))


def test_who_is_not_marked_can_say_that_they_were_there(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    ids = seated(app, cast)
    with clock.at(NINE - HOUR):
        assert "I was there" not in page(login_as(cast.ana))
    with clock.at(NINE + 4 * HOUR):
        text = page(login_as(cast.ana))
    assert "Not marked yet" in text
    assert f'href="/enrollments/{ids[2]}/meetings/{ids[1]}/dispute">I was there' in text


def test_a_disputed_mark_leads_to_its_thread(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    ids = seated(app, cast)
    with clock.at(NINE + HOUR):
        mark(app, cast, ids, 0)
        with inside(app):
            cell = Cell(db.session.get_one(Meeting, ids[1]), db.session.get_one(Enrollment, ids[2]), 0)
            made = disputes.dispute(cell, "I was there.", by=db.session.get_one(Person, cast.ana.id))
        text = page(login_as(cast.ana))
    assert f'href="/disputes/{made.id}">You asked about this' in text
    assert "That is not right" not in text


def test_a_coordinator_reads_the_marks_without_the_persons_own_links(
    app: Flask, cast: Cast, login_as: LoginAs
) -> None:
    scene = sheets.scene(app, cast)
    scene.close()
    text = page(login_as(cast.mira), f"/people/{cast.ana.id}")
    assert "Here · roll call" in text
    assert "That is not right" not in text


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(360, "Done · "), (120, "2 h of 6 h · "), (0, "Not done · "), (None, "Not marked yet")],
)
def test_work_of_ones_own_is_done_and_not_here(
    app: Flask, cast: Cast, login_as: LoginAs, minutes: int | None, said: str
) -> None:
    with inside(app):
        offering = sheets.held(meetings=2)
        homework = offering.meetings[1]
        homework.kind, homework.minutes = MeetingKind.HOMEWORK, 360
        seat = enrollment.add(
            db.session.get_one(Person, cast.ana.id), offering, by=db.session.get_one(Person, cast.ivo.id)
        )
        ids = (offering.id, homework.id, seat.id)
    if minutes is not None:
        mark(app, cast, ids, minutes)
    assert f"Homework:</span> {said}" in page(login_as(cast.ana))


def test_the_door_that_is_open_is_the_main_thing_to_do(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    ids = seated(app, cast)
    with clock.at(NINE):
        with inside(app):
            checkin.open_door(db.session.get_one(Meeting, ids[1]), by=db.session.get_one(Person, cast.ivo.id))
        text = page(login_as(cast.ana))
    assert '<a class="button main" href="/check-in">Check in<' in text
    assert "Check in with a code" not in text


def test_on_the_day_one_can_check_in_by_a_code(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    seated(app, cast)
    with clock.at(NINE):
        assert "Check in with a code" in page(login_as(cast.ana))
    with clock.at(NINE - 24 * HOUR):
        assert "Check in" not in page(login_as(cast.ana))


def test_the_certificate_and_the_evaluation_stand_beside_the_hours(
    app: Flask, cast: Cast, login_as: LoginAs
) -> None:
    scene = sheets.scene(app, cast)
    scene.close()
    with inside(app):
        [mine] = [
            one for one in certificates.issue_for_offering(scene.offering_id) if one.person_id == cast.ana.id
        ]
    text = page(login_as(cast.ana))
    assert f'href="/c/{mine.number}">Certificate<' in text
    assert f'href="/offerings/{scene.offering_id}/evaluation">Tell what you think<' in text
    assert "Tell what you think" not in page(login_as(cast.mira), f"/people/{cast.ana.id}")


def test_many_meetings_are_folded_into_one_line(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    with inside(app):
        offering = sheets.held(meetings=6)
        seat = enrollment.add(
            db.session.get_one(Person, cast.ana.id), offering, by=db.session.get_one(Person, cast.ivo.id)
        )
        ids = (offering.id, offering.meetings[0].id, seat.id)
    mark(app, cast, ids, 180)
    assert "<summary>1 of 6 meetings<" in page(login_as(cast.ana))


def test_what_is_long_past_is_folded(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    for number in range(6):
        with inside(app):
            offering = sheets.held(
                make.course(f"Session {number}", areas=("TF",)), starts=sheets.some_days_ago(60 + number)
            )
            enrollment.add(
                db.session.get_one(Person, cast.ana.id), offering, by=db.session.get_one(Person, cast.ivo.id)
            )
    shown, folded = page(login_as(cast.ana)).split("<summary>2 before</summary>")
    assert re.findall(r"Session \d</a>", shown) == [f"Session {number}</a>" for number in range(4)]
    assert re.findall(r"Session \d</a>", folded) == ["Session 4</a>", "Session 5</a>"]


def test_of_a_cancelled_session_what_came_before_stays(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    ids = seated(app, cast, meetings=2)
    with clock.at(NINE + 4 * HOUR):
        mark(app, cast, ids, 180)
        with inside(app):
            offering = db.session.get_one(Offering, ids[0])
            enrollment.cancel(offering, by=db.session.get_one(Person, cast.mira.id), reason="a flood")
    with clock.at(NINE + 24 * HOUR * 9):
        text = page(login_as(cast.ana))
    assert "Here · roll call, 1:00 pm" in text
    assert "Not marked yet" not in text
