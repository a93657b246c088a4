"""My learning, as a page; and what a coordinator sees of a person."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from catalog import clock
from catalog.accounts.models import Person
from catalog.courses.models import Offering
from catalog.enrollment import services as enrollment
from catalog.extensions import db
from tests import factories as make
from tests.attendance import sheets
from tests.attendance.sheets import inside
from tests.factories import Cast
from tests.statements import counted

LoginAs = Callable[[Person], FlaskClient]


def joined(app: Flask, who: Person, title: str = "Little listeners", **fields: Any) -> Offering:
    with inside(app):
        person = db.session.get_one(Person, who.id)
        offering = make.offering(make.course(title), **fields)
        enrollment.enroll(person, offering, by=person, access_request="an interpreter")
        return offering


def page(browser: FlaskClient, url: str = "/learning") -> str:
    answer = browser.get(url)
    assert answer.status_code == 200
    return " ".join(answer.text.split())


def test_a_seat_shows_the_session_its_place_and_its_link(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    joined(app, cast.ana, format="virtual", online_link="https://meet.example.org/room")
    text = page(login_as(cast.ana))
    assert "Little listeners" in text
    assert 'href="https://meet.example.org/room"' in text


def test_the_link_is_only_for_those_with_a_seat(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    joined(app, cast.ana, format="virtual", online_link="https://meet.example.org/room", needs_approval=True)
    text = page(login_as(cast.ana))
    assert "Asked for" in text
    assert "meet.example.org" not in text


def test_a_link_that_is_no_web_address_is_no_link(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    joined(app, cast.ana, format="virtual", online_link="javascript:alert(1)")
    assert 'href="javascript' not in page(login_as(cast.ana))


def test_my_learning_asks_for_a_sign_in(cast: Cast, client: FlaskClient) -> None:
    assert client.get("/learning").headers["Location"] == "/sign-in?next=/learning"


def test_with_nothing_booked_the_page_offers_the_next_step(cast: Cast, login_as: LoginAs) -> None:
    text = page(login_as(cast.ana))
    assert "Nothing is booked" in text
    assert "Find a training" in text
    assert "No hours yet" in text


def test_an_offer_can_be_accepted_and_leads_back_here(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    offering = joined(app, cast.otto, seats=1)
    with inside(app):
        ana, otto = (db.session.get_one(Person, person.id) for person in (cast.ana, cast.otto))
        again = db.session.get_one(Offering, offering.id)
        waiting = enrollment.enroll(ana, again, by=ana)
        [seated] = [row for row in sheets.enrollments(again) if row.person_id == otto.id]
        enrollment.withdraw(seated, by=otto)
    browser = login_as(cast.ana)
    assert "A seat is kept for you" in page(browser)
    answer = browser.post(f"/enrollments/{waiting.id}/accept", data={"next": "/learning"})
    assert answer.headers["Location"] == "/learning"
    assert "A seat is kept for you" not in page(browser)


def test_a_waiting_person_reads_place_movement_and_reason(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    offering = joined(app, cast.otto, seats=1)
    with inside(app):
        ana = db.session.get_one(Person, cast.ana.id)
        enrollment.enroll(ana, db.session.get_one(Offering, offering.id), by=ana)
    text = page(login_as(cast.ana))
    assert "Place 1 of 1" in text
    assert "The queue has not moved yet." in text
    assert "Why not yet: the one seat is taken or offered" in text


def waits(app: Flask, cast: Cast, is_offered: bool = False) -> Offering:
    """Ana waits for Otto's seat, or is offered it."""
    offering = joined(app, cast.otto, seats=1)
    with inside(app):
        again = db.session.get_one(Offering, offering.id)
        ana, otto = (db.session.get_one(Person, person.id) for person in (cast.ana, cast.otto))
        enrollment.enroll(ana, again, by=ana)
        if is_offered:
            [seated] = [row for row in sheets.enrollments(again) if row.person_id == otto.id]
            enrollment.withdraw(seated, by=otto)
        return again


@pytest.mark.parametrize("is_offered", [True, False])
def test_once_the_session_has_begun_the_queue_rests(
    app: Flask, cast: Cast, login_as: LoginAs, is_offered: bool
) -> None:
    offering = waits(app, cast, is_offered)
    with inside(app):
        db.session.get_one(Offering, offering.id).starts_at = clock.now() - timedelta(minutes=5)
    text = page(login_as(cast.ana))
    assert "The session has begun, so the queue rests" in text
    assert "Take the seat" not in text
    assert "Why not yet" not in text


@pytest.mark.parametrize("is_offered", [True, False])
def test_nothing_is_left_to_decide_about_a_cancelled_session(
    app: Flask, cast: Cast, login_as: LoginAs, is_offered: bool
) -> None:
    offering = waits(app, cast, is_offered)
    with inside(app):
        mira = db.session.get_one(Person, cast.mira.id)
        enrollment.cancel(db.session.get_one(Offering, offering.id), by=mira, reason="the hall is flooded")
    text = page(login_as(cast.ana))
    assert "Cancelled</span> the hall is flooded" in text
    assert "Take the seat" not in text
    assert "Why not yet" not in text


def test_a_request_for_a_cancelled_session_says_so(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    offering = joined(app, cast.ana, needs_approval=True)
    with inside(app):
        mira = db.session.get_one(Person, cast.mira.id)
        enrollment.cancel(db.session.get_one(Offering, offering.id), by=mira, reason="the hall is flooded")
    text = page(login_as(cast.ana))
    assert "Cancelled</span> the hall is flooded" in text
    assert "You asked on" not in text


def test_past_sessions_say_that_the_roster_is_not_closed(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    sheets.scene(app, cast)
    assert "The roster is not closed yet; hours follow." in page(login_as(cast.ana))


def test_a_closed_roster_shows_the_hours_and_how_they_are_known(
    app: Flask, cast: Cast, login_as: LoginAs
) -> None:
    sheets.scene(app, cast).close()
    text = page(login_as(cast.ana))
    assert "<b>3 h</b> from 1 session" in text
    assert "Attendance verified" in text
    assert "3 h training, earned " in text


def test_hours_that_do_not_count_say_why(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    scene = sheets.scene(app, cast)
    with inside(app):
        scene.offering.course.apply_url = "https://university.example.org"
    scene.close()
    text = page(login_as(cast.ana))
    assert "<b>0 h</b>" in text
    assert "It counts as education and not as in-service hours." in text


def test_times_are_shown_in_my_zone_too_when_it_is_another(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    with inside(app):
        db.session.get_one(Person, cast.ana.id).zone = "America/New_York"
    joined(app, cast.ana)
    text = page(login_as(cast.ana))
    assert "Central time" in text
    assert "For you: " in text
    assert "Eastern time" in text


def test_a_cancelled_session_says_so(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    offering = joined(app, cast.ana)
    with inside(app):
        mira = db.session.get_one(Person, cast.mira.id)
        enrollment.cancel(db.session.get_one(Offering, offering.id), by=mira, reason="the hall is flooded")
    text = page(login_as(cast.ana))
    assert "Cancelled" in text
    assert "the hall is flooded" in text


def test_a_coordinator_sees_a_persons_hours_and_history(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    sheets.scene(app, cast).close()
    joined(app, cast.ana)
    text = page(login_as(cast.mira), f"/people/{cast.ana.id}")
    assert "Little listeners" in text
    assert "<b>3 h</b> from 1 session" in text


def test_a_persons_page_asks_for_a_sign_in(cast: Cast, client: FlaskClient) -> None:
    assert client.get(f"/people/{cast.ana.id}").headers["Location"].startswith("/sign-in")


def test_an_unknown_person_is_not_found(cast: Cast, login_as: LoginAs) -> None:
    assert login_as(cast.mira).get("/people/999999").status_code == 404


@pytest.mark.parametrize("who", ["ana", "ivo", "otto"])
def test_nobody_but_coordinators_sees_a_person(cast: Cast, login_as: LoginAs, who: str) -> None:
    assert login_as(getattr(cast, who)).get(f"/people/{cast.ana.id}").status_code == 403


def test_what_a_person_needs_to_take_part_is_not_shown_across_everything(
    app: Flask, cast: Cast, login_as: LoginAs
) -> None:
    joined(app, cast.ana)
    assert "interpreter" not in page(login_as(cast.mira), f"/people/{cast.ana.id}")


@pytest.mark.parametrize("url", ["/learning", "/people/{id}"])
def test_the_page_asks_the_database_as_often_for_thirty_sessions_as_for_one(
    app: Flask, cast: Cast, login_as: LoginAs, url: str
) -> None:
    browser, counts = login_as(cast.ada), []
    for sessions in (1, 29):
        for number in range(sessions):
            joined(app, cast.ada, starts=clock.now() + timedelta(days=number + 1))
            sheets.scene(app, cast._replace(ana=cast.ada)).close()
        with counted() as statements:
            browser.get(url.format(id=cast.ada.id))
        counts.append(len(statements))
    # One of them for hours from elsewhere, one for materials; and on the page of a person one for what one can be
    # endorsed in.
    assert counts[0] == counts[1] <= 20
