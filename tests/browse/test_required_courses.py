"""What is needed first is named and linked while everybody may see it."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from catalog.courses.models import CourseState
from catalog.extensions import db
from tests import factories as make
from tests.courses.desk import inside


@pytest.mark.parametrize("state", [state for state in CourseState if state != CourseState.PUBLISHED])
def test_a_course_out_of_the_catalog_keeps_its_title_and_its_page(
    app: Flask, client: FlaskClient, state: CourseState
) -> None:
    with inside(app):
        first, second = make.course("Hidden part", state=state), make.course("Open part")
        course = make.course(prerequisites="A diploma")
        course.required.extend([first, second])
        db.session.flush()
    text = client.get(f"/courses/{course.id}").text
    assert f'A diploma; another course; <a href="/courses/{second.id}">Open part</a>' in text
    assert "Hidden part" not in text


def test_the_page_that_was_painted_before_follows(app: Flask, client: FlaskClient) -> None:
    with inside(app):
        first, course = make.course("First part"), make.course()
        course.required.append(first)
        db.session.flush()
    assert "First part" in client.get(f"/courses/{course.id}").text
    with inside(app):
        db.session.merge(first).state = CourseState.DRAFT
    assert "First part" not in client.get(f"/courses/{course.id}").text
