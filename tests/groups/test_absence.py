"""A member says that they cannot make a meeting, and takes it back."""

from collections.abc import Callable
from datetime import timedelta

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from catalog import clock
from catalog.accounts.models import Person
from catalog.courses.models import Meeting
from catalog.enrollment import services as enrollment
from catalog.enrollment.models import Enrollment
from catalog.extensions import db
from catalog.groups.models import Absence
from catalog.notices.models import Job
from tests.factories import Cast
from tests.groups.circles import circle, inside

Login = Callable[[Person], FlaskClient]


def said(app: Flask) -> list[tuple[int, int]]:
    with app.app_context():
        rows = db.session.execute(sa.select(Absence.enrollment_id, Absence.meeting_id))
        return [(row[0], row[1]) for row in rows]


def test_a_member_says_that_they_cannot_make_a_meeting(app: Flask, cast: Cast, login_as: Login) -> None:
    it = circle(app, cast)
    answer = login_as(cast.ana).post(it.meeting_url(2, "cannot-come"))
    assert (answer.status_code, said(app)) == (303, [(it.ana_seat, it.meeting_ids[1])])


def test_the_others_of_the_group_see_who_it_is(app: Flask, cast: Cast, login_as: Login) -> None:
    it = circle(app, cast)
    login_as(cast.ana).post(it.meeting_url(2, "cannot-come"))
    assert "Cannot come: Ana Sample." in login_as(it.bea).get(it.url).text


def test_the_facilitator_sees_how_many_are_expected(app: Flask, cast: Cast, login_as: Login) -> None:
    it = circle(app, cast)
    login_as(cast.ana).post(it.meeting_url(2, "cannot-come"))
    page = login_as(cast.ivo).get(it.url).text
    assert (page.count("2 of 2 expected"), page.count("1 of 2 expected")) == (3, 1)


def test_said_twice_it_is_said_once_and_mailed_once(app: Flask, cast: Cast, login_as: Login) -> None:
    it = circle(app, cast)
    for _ in range(2):
        login_as(cast.ana).post(it.meeting_url(2, "cannot-come"))
    with app.app_context():
        mails = [
            job
            for job in db.session.scalars(sa.select(Job).order_by(Job.id))
            if "cannot make it" in str(job.payload)
        ]
    assert (len(said(app)), len(mails)) == (1, 1)
    assert "Ana Sample" not in str(mails[0].payload), "mail is forwarded"


def test_taken_back_the_row_is_gone(app: Flask, cast: Cast, login_as: Login) -> None:
    it = circle(app, cast)
    login_as(cast.ana).post(it.meeting_url(2, "cannot-come"))
    login_as(cast.ana).post(it.meeting_url(2, "can-come"))
    assert said(app) == []


def test_nothing_is_said_of_a_meeting_that_has_begun(app: Flask, cast: Cast, login_as: Login) -> None:
    it = circle(app, cast)
    with inside(app):
        db.session.get_one(Meeting, it.meeting_ids[0]).starts_at = clock.now() - timedelta(minutes=1)
    answer = login_as(cast.ana).post(it.meeting_url(1, "cannot-come"))
    assert (answer.status_code, said(app)) == (409, [])


def test_nobody_says_it_for_a_member(app: Flask, cast: Cast, login_as: Login) -> None:
    it = circle(app, cast)
    answers = [
        login_as(one).post(it.meeting_url(2, "cannot-come")) for one in (cast.ivo, cast.mira, cast.otto)
    ]
    assert ([answer.status_code for answer in answers], said(app)) == ([403, 403, 404], [])


def test_a_meeting_of_another_group_is_not_there(app: Flask, cast: Cast, login_as: Login) -> None:
    it, other = circle(app, cast), circle(app, cast)
    answer = login_as(it.bea).post(f"{it.url}/meetings/{other.meeting_ids[0]}/cannot-come")
    assert (answer.status_code, said(app)) == (404, [])


def test_it_asks_for_a_sign_in(app: Flask, cast: Cast, client: FlaskClient) -> None:
    it = circle(app, cast)
    answer = client.post(it.meeting_url(2, "cannot-come"))
    assert answer.location.startswith("/sign-in")


def test_reading_says_nothing(app: Flask, cast: Cast, login_as: Login) -> None:
    it = circle(app, cast)
    assert login_as(cast.ana).get(it.meeting_url(2, "cannot-come")).status_code == 405


def test_what_somebody_said_who_left_is_shown_no_more(app: Flask, cast: Cast, login_as: Login) -> None:
    it = circle(app, cast)
    login_as(cast.ana).post(it.meeting_url(2, "cannot-come"))
    with inside(app):
        seat = db.session.get_one(Enrollment, it.ana_seat)
        enrollment.withdraw(seat, by=seat.person)
    assert "Ana Sample" not in login_as(it.bea).get(it.url).text
