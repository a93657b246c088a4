"""A form that is sent twice makes one thing."""

from collections.abc import Callable
from datetime import timedelta

import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from catalog import clock
from catalog.accounts.models import Person
from catalog.courses.models import Course, Offering
from catalog.extensions import db
from tests import factories as make
from tests.courses.desk import course_fields, in_days, inside, meeting_fields, offering_fields
from tests.factories import Cast

LoginAs = Callable[[Person], FlaskClient]


def count(app: Flask, kind: type[Course | Offering]) -> int:
    with inside(app):
        return db.session.scalar(sa.select(sa.func.count()).select_from(kind)) or 0


def test_a_double_tap_writes_one_course(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    browser = login_as(cast.ivo)
    answers = [browser.post("/courses", data=course_fields(title="Attachment")) for _ in range(2)]
    assert answers[0].location == answers[1].location
    assert count(app, Course) == 1


def test_another_title_is_another_course(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    browser = login_as(cast.ivo)
    for title in ("Attachment", "Observation"):
        browser.post("/courses", data=course_fields(title=title))
    assert count(app, Course) == 2


def test_a_double_tap_posts_one_session(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    with inside(app):
        course = make.course()
    browser = login_as(cast.ivo)
    answers = [browser.post(f"/courses/{course.id}/offerings", data=offering_fields()) for _ in range(2)]
    assert answers[0].location == answers[1].location
    assert count(app, Offering) == 1


def test_another_day_or_another_place_is_another_session(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    with inside(app):
        course = make.course()
    browser = login_as(cast.ivo)
    for typed in ({}, {"place": "Library"}, meeting_fields(0, in_days(36)), meeting_fields(1, in_days(36))):
        browser.post(f"/courses/{course.id}/offerings", data=offering_fields(**typed))
    assert count(app, Offering) == 4


def test_a_parallel_group_can_be_posted_a_little_later(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    with inside(app):
        course = make.course()
    browser = login_as(cast.ivo)
    browser.post(f"/courses/{course.id}/offerings", data=offering_fields())
    with time_machine.travel(clock.now() + timedelta(minutes=2), tick=False):
        browser.post(f"/courses/{course.id}/offerings", data=offering_fields())
    assert count(app, Offering) == 2
