"""Posting a term: what a group usually is stands in the form already, and what it must not be is refused."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from catalog.accounts.models import Person
from catalog.competencies.models import Ledger
from catalog.courses.models import Course, CreditRule, Offering
from catalog.extensions import db
from tests import factories as make
from tests.courses.desk import course_fields, in_days, meeting_fields, offering_fields
from tests.factories import Cast
from tests.groups.circles import course, inside

Login = Callable[[Person], FlaskClient]


@pytest.fixture
def course_id(app: Flask, cast: Cast) -> int:
    with inside(app):
        return course().id


def posted(app: Flask) -> list[Offering]:
    return list(db.session.scalars(sa.select(Offering)))


def fields(**typed: Any) -> dict[str, Any]:
    months = [
        meeting_fields(row, in_days(35 + 28 * row), starts="09:00", ends="11:00", ledger="rsc")
        for row in range(3)
    ]
    rows = {name: value for row in months for name, value in row.items()}
    return offering_fields(**{**rows, "needs_approval": "y", "joins_until": "2", **typed})


def test_the_form_begins_with_what_groups_usually_are(course_id: int, cast: Cast, login_as: Login) -> None:
    page = login_as(cast.ivo).get(f"/courses/{course_id}/offerings/new").text
    assert 'name="capacity" type="text" value="8"' in page
    assert '<input checked id="needs_approval"' in page
    assert '<option selected value="rsc">' in page
    assert "Questions of the application, one on each line" in page
    assert "Topic of this meeting" not in page


def test_other_courses_are_not_asked_until_when_vacancies_are_filled(
    app: Flask, cast: Cast, login_as: Login
) -> None:
    with inside(app):
        other = make.course().id
    page = login_as(cast.ivo).get(f"/courses/{other}/offerings/new").text
    assert ("joins_until" in page, "Topic of this meeting" in page) == (False, True)


def test_a_term_is_posted(app: Flask, course_id: int, cast: Cast, login_as: Login) -> None:
    answer = login_as(cast.ivo).post(f"/courses/{course_id}/offerings", data=fields())
    assert answer.status_code == 303
    with app.app_context():
        [term] = posted(app)
        assert (term.capacity, term.joins_until, term.needs_approval) == (8, 2, True)
        assert {meeting.ledger for meeting in term.meetings} == {Ledger.RSC}
        assert term.rests_at == term.sittings[1].starts_at


BAD = {
    "6 to 12 seats": [{"capacity": "5"}, {"capacity": "13"}, {"capacity": ""}],
    "There are only 3 meetings": [{"joins_until": "4"}],
    "Ask at most 8 questions": [{"question": "Why?\n" * 9}],
}


@pytest.mark.parametrize(
    ("sentence", "typed"), [(sentence, one) for sentence, typed in BAD.items() for one in typed]
)
def test_what_a_group_must_not_be_is_said(
    app: Flask, course_id: int, cast: Cast, login_as: Login, sentence: str, typed: dict[str, str]
) -> None:
    answer = login_as(cast.ivo).post(f"/courses/{course_id}/offerings", data=fields(**typed))
    assert (answer.status_code, sentence in answer.text) == (422, True)
    with app.app_context():
        assert posted(app) == []


def test_until_when_vacancies_are_filled_can_be_changed(
    app: Flask, course_id: int, cast: Cast, login_as: Login
) -> None:
    login_as(cast.ivo).post(f"/courses/{course_id}/offerings", data=fields())
    with app.app_context():
        [term] = posted(app)
        rows = {f"meetings-{row}-meeting_id": str(one.id) for row, one in enumerate(term.meetings)}
        url = f"/offerings/{term.id}"
    answer = login_as(cast.ivo).post(url, data=fields(**rows, joins_until="", version="1"))
    assert answer.status_code == 303
    with app.app_context():
        assert posted(app)[0].joins_until is None


def test_a_group_course_gives_hours_for_each_meeting(app: Flask, cast: Cast, login_as: Login) -> None:
    page = login_as(cast.ivo).get("/courses/new?kind=reflective_group").text
    assert '<option selected value="reflective_group">' in page
    assert 'checked id="credit_rule-3"' in page
    typed = course_fields(kind="reflective_group", title="A group")
    refused = login_as(cast.ivo).post("/courses", data=typed)
    assert (refused.status_code, "hours for each meeting attended" in refused.text) == (422, True)
    login_as(cast.ivo).post("/courses", data={**typed, "credit_rule": "per_meeting"})
    with app.app_context():
        assert db.session.scalars(sa.select(Course.credit_rule)).one() == CreditRule.PER_MEETING
