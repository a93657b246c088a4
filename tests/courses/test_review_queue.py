"""What waits for a coordinator: the oldest first, and mappings nobody looked at."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from catalog import clock
from catalog.accounts.models import Person
from catalog.courses import queries, services
from catalog.courses.models import CourseState, Review, ReviewAct
from catalog.extensions import db
from tests import factories as make
from tests.courses.desk import inside
from tests.factories import Cast
from tests.statements import counted

LoginAs = Callable[[Person], FlaskClient]


def waiting(title: str, since: datetime, owner_id: int | None = None) -> None:
    course = make.course(title, state=CourseState.IN_REVIEW, areas=("TF",), owner_id=owner_id)
    by = owner_id or make.person().id
    db.session.add(Review(course_id=course.id, at=since, by_id=by, act=ReviewAct.SUBMITTED))
    db.session.flush()


def unreviewed(number: int) -> list[str]:
    return [course.title for course in queries.mapping_not_reviewed(number, str).courses]


@pytest.mark.usefixtures("context")
def test_the_oldest_stands_first() -> None:
    waiting("Second", datetime(2026, 3, 2, tzinfo=UTC))
    waiting("First", datetime(2026, 3, 1, tzinfo=UTC))
    assert [row.course.title for row in queries.awaiting_review()] == ["First", "Second"]


@pytest.mark.usefixtures("context")
def test_a_course_sent_again_waits_from_then_on() -> None:
    waiting("Again", datetime(2026, 3, 1, tzinfo=UTC))
    course = queries.awaiting_review()[0].course
    later = datetime(2026, 3, 5, tzinfo=UTC)
    db.session.add(Review(course_id=course.id, at=later, by_id=make.person().id, act=ReviewAct.SUBMITTED))
    waiting("Other", datetime(2026, 3, 3, tzinfo=UTC))
    assert [row.course.title for row in queries.awaiting_review()] == ["Other", "Again"]


@pytest.mark.usefixtures("context")
def test_published_courses_wait_until_every_row_is_reviewed() -> None:
    mira = make.person(coordinates=True)
    course = make.course("Seen", topics=("TF.attachment",))
    make.course("Not seen", areas=("TF",))
    make.course("No area named")
    make.course("Elsewhere", apply_url="https://example.org/apply")
    make.course("Draft", areas=("TF",), state=CourseState.DRAFT)
    services.review_mapping(course, 1, by=mira)
    assert unreviewed(1) == ["No area named", "Not seen"]
    course.topics[0].reviewed_at = None
    db.session.flush()
    assert unreviewed(1) == ["No area named", "Not seen", "Seen"]


@pytest.mark.usefixtures("context")
def test_many_are_shown_page_by_page() -> None:
    for number in range(30):
        make.course(f"Course {number:02}", areas=("TF",))
    assert len(unreviewed(1)) == 25
    assert unreviewed(2)[0] == "Course 25"
    assert unreviewed(99) == unreviewed(2)


def test_a_coordinator_sees_both_lists(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    with inside(app):
        waiting("Attachment", clock.now(), cast.ivo.id)
        make.course("Imported", areas=("TF",))
    page = login_as(cast.mira).get("/review").text
    assert "sent by Ivo Sample" in page
    assert "Imported" in page


def test_empty_lists_say_what_will_be_here(cast: Cast, login_as: LoginAs) -> None:
    page = login_as(cast.mira).get("/review").text
    assert "When a trainer sends a course for review, it stands here" in page
    assert "Every published course has a mapping somebody reviewed." in page


def test_only_coordinators_review(client: FlaskClient, cast: Cast, login_as: LoginAs) -> None:
    assert client.get("/review").location == "/sign-in?next=/review"
    assert login_as(cast.ivo).get("/review").status_code == 403


def test_fifty_rows_take_as_many_statements_as_one(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    def fill(count: int) -> None:
        with inside(app):
            for _ in range(count):
                waiting(make.course(areas=("TF", "SE")).title, clock.now(), make.person(is_trainer=True).id)

    fill(1)
    browser = login_as(cast.mira)
    with counted() as one:
        browser.get("/review")
    fill(24)
    with counted() as many:
        browser.get("/review")
    assert len(many) == len(one)
