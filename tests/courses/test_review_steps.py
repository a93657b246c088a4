"""Sent, changes asked, answered, published, mapping reviewed: each step by the right person, told and noted."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from catalog.accounts.models import Person
from catalog.courses import services
from catalog.courses.models import Course, CourseState, Review, ReviewAct
from catalog.courses.refusals import NothingMapped, NotReady, ReasonNeeded, WrongState
from catalog.extensions import db
from catalog.notices.models import AuditEntry, Job
from tests import factories as make
from tests.courses.desk import inside, own, rows_of
from tests.factories import Cast

LoginAs = Callable[[Person], FlaskClient]


@pytest.fixture
def draft(app: Flask, cast: Cast) -> int:
    with inside(app):
        return make.course(
            "Attachment",
            topics=("TF.attachment",),
            state=CourseState.DRAFT,
            owner_id=cast.ivo.id,
            summary="What it teaches.",
        ).id


@pytest.fixture
def sent(app: Flask, cast: Cast, draft: int) -> int:
    with inside(app):
        services.submit(db.session.get_one(Course, draft), 1, by=own(cast.ivo))
    return draft


def mails() -> list[tuple[str, str]]:
    found = db.session.scalars(sa.select(Job).where(Job.kind == "mail").order_by(Job.id))
    return [(job.payload["name"], job.payload["subject"]) for job in found]


def steps(course_id: int) -> list[tuple[ReviewAct, str]]:
    found = db.session.scalars(sa.select(Review).where(Review.course_id == course_id).order_by(Review.id))
    return [(review.act, review.text) for review in found]


def state(app: Flask, course_id: int) -> CourseState:
    with inside(app):
        return db.session.get_one(Course, course_id).state


# Sending.


def test_a_trainer_sends_a_course_and_the_coordinators_are_told(
    app: Flask, cast: Cast, login_as: LoginAs, draft: int
) -> None:
    answer = login_as(cast.ivo).post(f"/courses/{draft}/submit", data={"version": 1})
    assert answer.status_code == 303
    assert state(app, draft) == CourseState.IN_REVIEW
    with inside(app):
        assert steps(draft) == [(ReviewAct.SUBMITTED, "")]
        assert mails() == [("Mira Sample", "To review: Attachment"), ("Ada Sample", "To review: Attachment")]
        assert db.session.scalars(sa.select(AuditEntry.action)).all() == ["course.submitted"]


def test_what_is_missing_is_named(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    with inside(app):
        course = make.course(state=CourseState.DRAFT, owner_id=cast.ivo.id)
    answer = login_as(cast.ivo).post(
        f"/courses/{course.id}/submit", data={"version": 1, "text": "Please look"}
    )
    assert answer.status_code == 422
    assert "still needs a summary and at least one competency area." in answer.text
    assert "Please look" in answer.text
    assert state(app, course.id) == CourseState.DRAFT


@pytest.mark.usefixtures("context")
def test_what_is_applied_for_elsewhere_needs_no_area() -> None:
    url = "https://example.org/apply"
    course = make.course(state=CourseState.DRAFT, summary="A certificate.", apply_url=url)
    services.submit(course, 1, by=make.person())
    assert course.state == CourseState.IN_REVIEW


def test_sending_twice_is_answered_with_how_it_stands(
    app: Flask, cast: Cast, login_as: LoginAs, sent: int
) -> None:
    answer = login_as(cast.ivo).post(f"/courses/{sent}/submit", data={"version": 2})
    assert answer.status_code == 409
    assert "in another state by now" in answer.text
    with inside(app):
        assert len(steps(sent)) == 1


def test_only_the_owner_sends(cast: Cast, login_as: LoginAs, client: FlaskClient, draft: int) -> None:
    assert client.post(f"/courses/{draft}/submit").status_code == 303
    assert login_as(cast.ana).post(f"/courses/{draft}/submit").status_code == 404
    assert login_as(cast.ivo).get(f"/courses/{draft}/submit").status_code == 405


# Asking for changes, and the answer.


def test_changes_are_asked_with_a_reason_the_trainer_reads(
    app: Flask, cast: Cast, login_as: LoginAs, sent: int
) -> None:
    data = {"version": 2, "reason": "Which topics does the second day teach?"}
    assert login_as(cast.mira).post(f"/courses/{sent}/ask-changes", data=data).status_code == 303
    assert state(app, sent) == CourseState.CHANGES_ASKED
    ivo = login_as(cast.ivo)
    for page in ("/teaching", f"/courses/{sent}/edit", f"/courses/{sent}/review"):
        assert "Which topics does the second day teach?" in ivo.get(page).text, page
    with inside(app):
        assert ("Ivo Sample", "Changes asked: Attachment") in mails()


def test_a_reason_is_required(app: Flask, cast: Cast, login_as: LoginAs, sent: int) -> None:
    answer = login_as(cast.mira).post(f"/courses/{sent}/ask-changes", data={"version": 2, "reason": "  "})
    assert answer.status_code == 422
    assert "the trainer works from it" in answer.text
    assert state(app, sent) == CourseState.IN_REVIEW


@pytest.mark.usefixtures("context")
def test_the_service_asks_for_the_reason_too() -> None:
    course = make.course(state=CourseState.IN_REVIEW)
    with pytest.raises(ReasonNeeded):
        services.ask_changes(course, 1, by=make.person(coordinates=True), reason=" ")


def test_the_trainer_answers_by_sending_again(app: Flask, cast: Cast, login_as: LoginAs, sent: int) -> None:
    login_as(cast.mira).post(f"/courses/{sent}/ask-changes", data={"version": 2, "reason": "Which topics?"})
    login_as(cast.ivo).post(f"/courses/{sent}/submit", data={"version": 3, "text": "Observation."})
    assert state(app, sent) == CourseState.IN_REVIEW
    assert "Observation." in login_as(cast.mira).get(f"/courses/{sent}/review").text
    with inside(app):
        acts = [ReviewAct.SUBMITTED, ReviewAct.CHANGES_ASKED, ReviewAct.SUBMITTED]
        assert [act for act, _ in steps(sent)] == acts


# Publishing.


def test_a_coordinator_publishes_and_the_owner_is_told(
    app: Flask, cast: Cast, login_as: LoginAs, sent: int
) -> None:
    assert login_as(cast.mira).post(f"/courses/{sent}/publish", data={"version": 2}).status_code == 303
    assert state(app, sent) == CourseState.PUBLISHED
    with inside(app):
        course = db.session.get_one(Course, sent)
        assert ("Ivo Sample", "Published: Attachment") in mails()
        assert [row.reviewed_at for row in course.areas] == [None]


def test_publishing_can_record_the_mapping_as_reviewed(
    app: Flask, cast: Cast, login_as: LoginAs, sent: int
) -> None:
    login_as(cast.mira).post(f"/courses/{sent}/publish", data={"version": 2, "with_mapping": "y"})
    with inside(app):
        course = db.session.get_one(Course, sent)
        assert {row.reviewed_by_id for row in rows_of(course)} == {cast.mira.id}
        assert all(row.reviewed_at for row in rows_of(course))


def test_a_course_that_changed_since_is_not_published_unseen(
    app: Flask, cast: Cast, login_as: LoginAs, sent: int
) -> None:
    with inside(app):
        services.edit(db.session.get_one(Course, sent), {"title": "Another"}, set(), 2, by=own(cast.ivo))
    answer = login_as(cast.mira).post(f"/courses/{sent}/publish", data={"version": 2})
    assert answer.status_code == 409
    assert "Another" in answer.text
    assert 'name="version" value="3"' in answer.text, "and can be published now that it was seen"
    assert state(app, sent) == CourseState.IN_REVIEW


@pytest.mark.parametrize("step", ["publish", "ask-changes", "mapping/review"])
def test_trainers_do_not_review_themselves(cast: Cast, login_as: LoginAs, sent: int, step: str) -> None:
    assert login_as(cast.ivo).post(f"/courses/{sent}/{step}", data={"version": 2}).status_code == 403
    assert login_as(cast.ana).post(f"/courses/{sent}/{step}", data={"version": 2}).status_code == 403
    assert login_as(cast.mira).get(f"/courses/{sent}/{step}").status_code == 405


def test_a_trainers_draft_is_not_published_over_their_head(
    app: Flask, cast: Cast, login_as: LoginAs, draft: int
) -> None:
    assert login_as(cast.mira).post(f"/courses/{draft}/publish", data={"version": 1}).status_code == 409
    assert state(app, draft) == CourseState.DRAFT


@pytest.mark.usefixtures("context")
def test_a_coordinator_publishes_their_own_draft_once_it_is_complete() -> None:
    mira = make.person(coordinates=True)
    course = make.course(state=CourseState.DRAFT, owner_id=mira.id, areas=("TF",))
    with pytest.raises(NotReady, match="a summary"):
        services.publish(course, 1, by=mira)
    course.summary = "What it teaches."
    services.publish(course, course.version, by=mira)
    assert course.is_public


# The mapping of what is published already.


def test_a_mapping_is_recorded_with_name_and_date(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    with inside(app):
        course = make.course(topics=("TF.attachment",), owner_id=cast.ivo.id)
    browser = login_as(cast.mira)
    assert browser.post(f"/courses/{course.id}/mapping/review", data={"version": 1}).status_code == 303
    assert "reviewed by Mira Sample on" in browser.get(f"/courses/{course.id}/review").text
    with inside(app):
        assert steps(course.id) == [(ReviewAct.MAPPING_REVIEWED, "")]
        assert [subject for _, subject in mails()] == [f"Mapping reviewed: {course.title}"]


@pytest.mark.usefixtures("context")
def test_no_mapping_cannot_be_reviewed() -> None:
    with pytest.raises(NothingMapped):
        services.review_mapping(make.course(), 1, by=make.person(coordinates=True))


@pytest.mark.usefixtures("context")
def test_a_draft_has_no_mapping_to_record() -> None:
    course = make.course(state=CourseState.DRAFT, areas=("TF",))
    with pytest.raises(WrongState):
        services.review_mapping(course, 1, by=make.person(coordinates=True))
