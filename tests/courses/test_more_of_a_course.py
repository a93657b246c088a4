"""Objectives, the evaluation, the provider number, and the courses that a certificate course consists of."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from catalog.accounts.models import Person
from catalog.attendance.credit import Attended, credit_minutes
from catalog.courses.forms.choices import EXAMPLE_LENGTHS, EXAMPLE_PERCENT, EXAMPLE_THERE, EXAMPLES
from catalog.courses.models import Asking, Course, CourseState, CreditRule, Kind, course_component
from catalog.extensions import db
from catalog.notices.models import AuditEntry
from catalog.wording import hours
from tests import factories as make
from tests.courses.desk import course_fields, inside
from tests.factories import Cast

LoginAs = Callable[[Person], FlaskClient]


@pytest.fixture
def ids(app: Flask, cast: Cast) -> dict[str, int]:
    """A certificate course of Ivo's in draft, and three published courses."""
    with inside(app):
        made = [make.course(title) for title in ("One", "Two", "Three")]
        draft = make.course(
            "Whole", kind=Kind.CERTIFICATE_COURSE, state=CourseState.DRAFT, owner_id=cast.ivo.id
        )
        return {course.title: course.id for course in [*made, draft]}


def whole(*titles: str, **typed: Any) -> dict[str, Any]:
    parts = {f"component_titles-{number}": title for number, title in enumerate(titles)}
    return course_fields(title="Whole", kind="certificate_course", **parts, **typed)


def parts_of(app: Flask, ids: dict[str, int]) -> list[str]:
    with inside(app):
        return [part.title for part in db.session.get_one(Course, ids["Whole"]).components]


def test_objectives_are_kept_one_a_line(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    typed = "- Name three cues\r\n\r\n•  Write   a plan \r\nListen - and wait"
    answer = login_as(cast.ivo).post(
        "/courses",
        data=course_fields(objectives=typed, asking="before_certificate", ce_provider_number="AL-123"),
    )
    assert answer.status_code == 303
    with inside(app):
        course = db.session.scalars(sa.select(Course)).one()
    assert course.objectives.split("\n") == ["Name three cues", "Write a plan", "Listen - and wait"]
    assert (course.asking, course.ce_provider_number) == (Asking.BEFORE_CERTIFICATE, "AL-123")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"objectives": "\n".join("abcdefghijk")}, "at most 10 objectives; these are 11"),
        ({"objectives": "a" * 201}, "at most 200 characters for each"),
        ({"asking": "always"}, "Choose one from the list."),
        ({"credit_rule": "by_feeling"}, "Choose one from the list."),
        ({"ce_provider_number": "1" * 81}, "Use at most 80 characters."),
        (
            {"kind": "certificate_course", "component_titles-0": "Nothing"},
            "No published course is called “Nothing”",
        ),
    ],
)
def test_what_cannot_be_is_refused_and_kept_as_typed(
    cast: Cast, login_as: LoginAs, typed: dict[str, Any], sentence: str
) -> None:
    answer = login_as(cast.ivo).post("/courses", data=course_fields(title="Kept as typed", **typed))
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "Kept as typed" in answer.text


def test_components_are_kept_in_the_order_of_the_boxes(
    app: Flask, cast: Cast, login_as: LoginAs, ids: dict[str, int]
) -> None:
    browser = login_as(cast.ivo)
    browser.post(f"/courses/{ids['Whole']}", data=whole("Two", "", f"One (no. {ids['One']})", "Two"))
    assert parts_of(app, ids) == ["Two", "One"]
    page = browser.get(f"/courses/{ids['Whole']}/edit").text
    assert f'value="Two (no. {ids["Two"]})"' in page
    browser.post(f"/courses/{ids['Whole']}", data=whole("One", "Three", version="2"))
    assert parts_of(app, ids) == ["One", "Three"]


def test_the_trail_says_what_it_consisted_of(
    app: Flask, cast: Cast, login_as: LoginAs, ids: dict[str, int]
) -> None:
    login_as(cast.ivo).post(f"/courses/{ids['Whole']}", data=whole("One", "Two"))
    with inside(app):
        entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "course.edited")).one()
    assert entry.details["changed"]["components"] == [[], [ids["One"], ids["Two"]]]


def test_only_a_certificate_course_consists_of_others(
    cast: Cast, login_as: LoginAs, ids: dict[str, int]
) -> None:
    fields = whole("One") | {"kind": "in_service"}
    answer = login_as(cast.ivo).post(f"/courses/{ids['Whole']}", data=fields)
    assert answer.status_code == 422
    assert "Only a certificate course consists of others." in answer.text


def test_no_course_consists_of_itself_through_others(
    app: Flask, cast: Cast, login_as: LoginAs, ids: dict[str, int]
) -> None:
    with inside(app):
        rows = [
            {"course_id": ids["One"], "component_id": ids["Two"], "position": 1},
            {"course_id": ids["Two"], "component_id": ids["Whole"], "position": 1},
        ]
        db.session.execute(sa.insert(course_component), rows)
    answer = login_as(cast.ivo).post(f"/courses/{ids['Whole']}", data=whole("One"))
    assert answer.status_code == 422
    assert "One of these courses consists of this one" in answer.text
    assert parts_of(app, ids) == []


def test_a_draft_is_nobodys_part(cast: Cast, login_as: LoginAs, ids: dict[str, int]) -> None:
    answer = login_as(cast.ivo).post("/courses", data=whole("Whole") | {"title": "Another"})
    assert answer.status_code == 422


def test_the_same_form_sent_twice_makes_one_course(
    app: Flask, cast: Cast, login_as: LoginAs, ids: dict[str, int]
) -> None:
    browser = login_as(cast.ivo)
    fields = whole("One", "Two", once="abcdef") | {"title": "Made once"}
    assert [browser.post("/courses", data=fields).status_code for _ in range(2)] == [303, 303]
    with inside(app):
        made = db.session.scalars(sa.select(Course).where(Course.title == "Made once")).one()
        assert [part.title for part in made.components] == ["One", "Two"]
    assert browser.post("/courses", data=fields | {"component_titles-1": ""}).status_code == 422


def test_the_course_page_shows_parts_objectives_and_the_evaluation(
    app: Flask, cast: Cast, login_as: LoginAs, ids: dict[str, int]
) -> None:
    typed = whole("Two", "One", objectives="Name three cues", asking="before_certificate")
    browser = login_as(cast.ivo)
    browser.post(f"/courses/{ids['Whole']}", data=typed)
    page = browser.get(f"/courses/{ids['Whole']}").text
    assert page.index(">Two</a>") < page.index(">One</a>")
    assert "<li>Name three cues</li>" in page
    assert "<dt>Evaluation</dt>" in page


def test_a_part_that_was_archived_keeps_its_title_to_itself(
    app: Flask, cast: Cast, login_as: LoginAs, client: FlaskClient, ids: dict[str, int]
) -> None:
    login_as(cast.ivo).post(f"/courses/{ids['Whole']}", data=whole("Two", "One"))
    with inside(app):
        db.session.get_one(Course, ids["Whole"]).state = CourseState.PUBLISHED
        db.session.get_one(Course, ids["Two"]).state = CourseState.ARCHIVED
    page = client.get(f"/courses/{ids['Whole']}").text
    assert "A course that is not published" in page
    assert "Two" not in page


@pytest.mark.parametrize("rule", list(CreditRule))
def test_the_examples_under_the_rules_are_what_the_rules_give(rule: CreditRule) -> None:
    minutes, words = EXAMPLES[rule]
    meetings = [Attended(*one) for one in zip(EXAMPLE_LENGTHS, EXAMPLE_THERE, strict=True)]
    assert credit_minutes(rule, EXAMPLE_PERCENT, None, meetings) == minutes
    assert ("none" if not minutes else hours(minutes)) in words


def test_the_form_shows_every_rule_with_its_example(cast: Cast, login_as: LoginAs) -> None:
    page = login_as(cast.ivo).get("/courses/new").text
    assert page.count('name="credit_rule"') == len(CreditRule)
    assert all(words in page for _, words in EXAMPLES.values())
