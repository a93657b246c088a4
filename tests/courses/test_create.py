"""A trainer or a coordinator writes a new course."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from catalog.accounts.models import Person
from catalog.courses import search
from catalog.courses.models import Course, CourseState
from catalog.extensions import db
from catalog.notices.models import AuditEntry
from tests.courses.desk import course_fields, inside
from tests.factories import Cast

LoginAs = Callable[[Person], FlaskClient]


def the_course() -> Course:
    return db.session.scalars(sa.select(Course)).one()


def test_a_title_is_enough_for_a_draft(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    answer = login_as(cast.ivo).post("/courses", data=course_fields(title="Attachment"))
    with inside(app):
        course = the_course()
        assert (course.title, course.state, course.owner_id) == ("Attachment", CourseState.DRAFT, cast.ivo.id)
    assert (answer.status_code, answer.location) == (303, f"/courses/{course.id}/mapping")


def test_every_field_is_kept_as_it_is_meant(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    fields = course_fields(
        minutes="1 h 30 min",
        minutes_most="2",
        rsc_minutes="45 min",
        price_cents="$12.50",
        member_price_cents="free",
    )
    login_as(cast.ivo).post("/courses", data=fields | {"kind": "certificate_course", "minutes_about": "y"})
    with inside(app):
        course = the_course()
        assert (course.minutes, course.minutes_most, course.rsc_minutes) == (90, 120, 45)
        assert (course.price_cents, course.member_price_cents, course.minutes_about) == (1250, 0, True)
        assert course.kind == "certificate_course"


def test_writing_is_noted_and_found_by_search(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    login_as(cast.ivo).post("/courses", data=course_fields(title="Attachment"))
    with inside(app):
        course = the_course()
        entry = db.session.scalars(sa.select(AuditEntry)).one()
        assert (entry.action, entry.about_id, entry.by_id) == ("course.created", course.id, cast.ivo.id)
        found = search.matching("attachment")
        assert found is not None
        assert db.session.execute(found).one().course_id == course.id


def test_a_coordinator_can_give_it_to_a_trainer(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    login_as(cast.mira).post("/courses", data=course_fields(owner_id=str(cast.ivo.id)))
    with inside(app):
        assert the_course().owner_id == cast.ivo.id


def test_a_trainer_cannot_give_it_to_somebody_else(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    login_as(cast.ivo).post("/courses", data=course_fields(owner_id=str(cast.mira.id)))
    with inside(app):
        assert the_course().owner_id == cast.ivo.id


def test_whoever_is_not_signed_in_is_asked_to(client: FlaskClient) -> None:
    assert client.get("/courses/new").location == "/sign-in?next=/courses/new"
    assert client.post("/courses", data=course_fields()).status_code == 303


def test_somebody_who_only_learns_may_not(cast: Cast, login_as: LoginAs) -> None:
    browser = login_as(cast.ana)
    assert browser.get("/courses/new").status_code == 403
    assert browser.post("/courses", data=course_fields()).status_code == 403


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("title", "  ", "Give the course a title."),
        ("title", "x" * 301, "Use at most 300 characters."),
        ("kind", "seminar", "Choose one from the list."),
        ("minutes", "1.51", "are not whole minutes"),
        ("minutes_most", "3", "Write the lower end of the range under Length first."),
        ("credit_percent", "101", "Write a whole number from 1 to 100."),
        ("credit_percent", "", "Write a whole number from 1 to 100"),
        ("price_cents", "cheap", "Write dollars, such as 25 or 12.50"),
        ("source_url", "javascript:alert(1)", "Write the whole address"),
        ("apply_url", "troy.edu", "Write the whole address"),
        ("language", "x" * 41, "Use at most 40 characters."),
        ("prerequisite_titles-0", "Nothing of that name", "No published course is called"),
    ],
)
def test_bad_input_says_why_and_keeps_everything_typed(
    app: Flask, cast: Cast, login_as: LoginAs, field: str, typed: str, sentence: str
) -> None:
    fields = course_fields(summary="Kept as it was typed.") | {field: typed}
    answer = login_as(cast.ivo).post("/courses", data=fields)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "Kept as it was typed." in answer.text
    assert f'href="#{field}' in answer.text, "the summary leads to the field"
    assert field == "kind" or typed.strip() in answer.text
    with inside(app):
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Course)) == 0


def test_control_characters_are_left_out(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    login_as(cast.ivo).post("/courses", data=course_fields(title="At\x0btachment\x07"))
    with inside(app):
        assert the_course().title == "Attachment"


def test_nothing_is_written_by_looking(cast: Cast, login_as: LoginAs) -> None:
    assert login_as(cast.ivo).get("/courses").status_code == 405
