"""Waiting for a date of a course: one click, told once; coordinators see who, nobody else does."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from catalog.accounts.models import Person
from catalog.courses.models import Course, CourseState, OfferingState
from catalog.extensions import db
from catalog.following.models import HowOften, Interest
from tests import factories as make
from tests.factories import Cast
from tests.following.desk import inside, later, letters, posted, saved, work

LoginAs = Callable[[Person], FlaskClient]
TELL_ME = "Tell me when there is a date"


@pytest.fixture
def course_id(app: Flask, cast: Cast) -> int:
    with inside(app):
        return make.course("No date yet", owner_id=cast.ivo.id).id


def rows_course(course_id: int) -> Course:
    return db.session.get_one(Course, course_id)


def rows(app: Flask) -> list[Interest]:
    with inside(app):
        return list(db.session.scalars(sa.select(Interest)))


def test_one_click_and_another_to_take_it_back(
    app: Flask, course_id: int, cast: Cast, login_as: LoginAs
) -> None:
    browser = login_as(cast.ana)
    assert TELL_ME in browser.get(f"/courses/{course_id}").text
    page = browser.post(f"/courses/{course_id}/interest", follow_redirects=True).text
    assert "We write to you once, when this course has a date." in page
    assert TELL_ME not in page
    browser.post(f"/courses/{course_id}/interest")
    [one] = rows(app)
    assert one.ended_at is None
    page = browser.post(f"/courses/{course_id}/interest/end", follow_redirects=True).text
    assert TELL_ME in page
    assert rows(app)[0].ended_at is not None


def test_a_stranger_signs_in_and_finds_the_button(
    course_id: int, cast: Cast, client: FlaskClient, login_as: LoginAs
) -> None:
    assert f"/courses/{course_id}/interest/new" in client.get(f"/courses/{course_id}").text
    answer = client.get(f"/courses/{course_id}/interest/new")
    assert answer.location == f"/sign-in?next=/courses/{course_id}/interest/new"
    assert TELL_ME in login_as(cast.ana).get(f"/courses/{course_id}/interest/new").text
    assert client.post(f"/courses/{course_id}/interest").status_code == 303


def test_when_a_session_is_posted_they_are_told_once(
    app: Flask, course_id: int, cast: Cast, login_as: LoginAs
) -> None:
    for person in (cast.ana, cast.otto, cast.ivo):
        login_as(person).post(f"/courses/{course_id}/interest")
    login_as(cast.ivo).post(f"/courses/{course_id}/interest/end")
    with inside(app):
        offering = posted(rows_course(course_id))
    work(app)
    with inside(app):
        posted(rows_course(course_id))
    work(app)
    told = letters(app, "interest.dated")
    assert [letter["person_id"] for letter in told] == [cast.ana.id, cast.otto.id]
    assert f"/offerings/{offering.id}" in told[0]["text"]
    assert told[0]["subject"] == "There is a date: No date yet"


def test_a_saved_search_does_not_tell_it_again(
    app: Flask, course_id: int, cast: Cast, login_as: LoginAs
) -> None:
    login_as(cast.ana).post(f"/courses/{course_id}/interest")
    with inside(app):
        saved(cast.ana, "", HowOften.AT_ONCE)
    with inside(app):
        posted(rows_course(course_id))
    work(app)
    with later(timedelta(minutes=6)):
        work(app)
    assert len(letters(app)) == 1


def test_whoever_was_told_may_wait_for_the_next_date(
    app: Flask, course_id: int, cast: Cast, login_as: LoginAs
) -> None:
    browser = login_as(cast.ana)
    browser.post(f"/courses/{course_id}/interest")
    with inside(app):
        first = posted(rows_course(course_id))
    work(app)
    answer = browser.post(f"/courses/{course_id}/interest")
    assert answer.status_code == 409
    assert "This course has a session that you can join." in answer.text
    with inside(app):
        db.session.merge(first).state = OfferingState.CANCELLED
    assert TELL_ME in browser.get(f"/courses/{course_id}").text
    browser.post(f"/courses/{course_id}/interest")
    with inside(app):
        posted(rows_course(course_id))
    work(app)
    assert len(letters(app, "interest.dated")) == 2


def test_coordinators_see_who_by_county_and_nobody_else_does(
    app: Flask, course_id: int, cast: Cast, login_as: LoginAs, client: FlaskClient
) -> None:
    with inside(app):
        db.session.get_one(Person, cast.ana.id).county = "01109"
    for person in (cast.ana, cast.otto):
        login_as(person).post(f"/courses/{course_id}/interest")
    page = login_as(cast.mira).get(f"/courses/{course_id}/interest").text
    assert "2 people wait" in page
    assert "Pike County" in page
    assert "Ana Sample" in page
    for person in (cast.ana, cast.ivo):
        assert login_as(person).get(f"/courses/{course_id}/interest").status_code == 403
    assert client.get(f"/courses/{course_id}/interest").status_code == 303


def test_its_trainer_sees_how_many_on_the_page_of_the_course(
    course_id: int, cast: Cast, login_as: LoginAs
) -> None:
    login_as(cast.ana).post(f"/courses/{course_id}/interest")
    for person, sees_many, sees_who in (
        (cast.ivo, True, False),
        (cast.mira, True, True),
        (cast.otto, False, False),
    ):
        page = login_as(person).get(f"/courses/{course_id}").text
        assert ("1 person waits for a date." in page) == sees_many
        assert ("Who waits" in page) == sees_who


def test_courses_are_listed_by_how_many_wait(
    app: Flask, course_id: int, cast: Cast, login_as: LoginAs
) -> None:
    with inside(app):
        other = make.course("Wanted more").id
    for person in (cast.ana, cast.otto):
        login_as(person).post(f"/courses/{other}/interest")
    login_as(cast.ana).post(f"/courses/{course_id}/interest")
    page = login_as(cast.mira).get("/interest").text
    assert page.index("Wanted more") < page.index("No date yet")
    assert login_as(cast.ivo).get("/interest").status_code == 403


def test_what_cannot_be_waited_for(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    with inside(app):
        draft = make.course(state=CourseState.DRAFT).id
        elsewhere = make.course(apply_url="https://example.org").id
        dated = make.offering().course_id
    browser = login_as(cast.ana)
    assert browser.post(f"/courses/{draft}/interest").status_code == 404
    assert browser.get(f"/courses/{draft}/interest/new").status_code == 404
    assert browser.post("/courses/999999/interest").status_code == 404
    assert browser.post(f"/courses/{elsewhere}/interest").status_code == 409
    assert browser.post(f"/courses/{dated}/interest").status_code == 409
    for course_id in (elsewhere, dated):
        assert TELL_ME not in browser.get(f"/courses/{course_id}").text
    assert rows(app) == []


def test_nothing_happens_by_looking(app: Flask, course_id: int, cast: Cast, login_as: LoginAs) -> None:
    browser = login_as(cast.ana)
    browser.get(f"/courses/{course_id}/interest/new")
    assert browser.get(f"/courses/{course_id}/interest/end").status_code == 405
    assert rows(app) == []
