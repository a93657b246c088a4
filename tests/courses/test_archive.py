"""A course leaves the catalog, and comes back as a draft."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from catalog.accounts.models import Person
from catalog.courses import services
from catalog.courses.models import Course, CourseState, Format, OfferingState
from catalog.courses.refusals import NotPublished, SessionsToCome, Stale, WrongState
from catalog.extensions import db
from tests import factories as make
from tests.courses.desk import inside
from tests.factories import Cast

LoginAs = Callable[[Person], FlaskClient]


def test_it_goes_and_comes_back(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    with inside(app):
        course = make.course(owner_id=cast.ivo.id)
    browser = login_as(cast.ivo)
    assert browser.post(f"/courses/{course.id}/archive", data={"version": 1}).status_code == 303
    with inside(app):
        assert db.session.get_one(Course, course.id).state == CourseState.ARCHIVED
    assert browser.post(f"/courses/{course.id}/unarchive", data={"version": 2}).status_code == 303
    with inside(app):
        assert db.session.get_one(Course, course.id).state == CourseState.DRAFT


@pytest.mark.usefixtures("context")
def test_not_while_sessions_are_to_come() -> None:
    offering = make.offering()
    with pytest.raises(SessionsToCome):
        services.archive(offering.course, 1, by=make.person())


@pytest.mark.usefixtures("context")
def test_not_while_it_can_be_taken_at_ones_own_pace() -> None:
    offering = make.offering(meetings=0, format=Format.SELF_PACED)
    with pytest.raises(SessionsToCome, match=r"self-paced\. Cancel them first"):
        services.archive(offering.course, 1, by=make.person())
    offering.state = OfferingState.CANCELLED
    services.archive(offering.course, 2, by=make.person())


@pytest.mark.usefixtures("context")
def test_no_session_is_posted_after_it() -> None:
    course = make.course()
    archived = sa.update(Course).values(state=CourseState.ARCHIVED)
    db.session.execute(archived.execution_options(synchronize_session=False))
    assert course.is_public, "this session has not seen the other save"
    with pytest.raises(NotPublished):
        services.post(course, {"zone": "America/Chicago"}, [], by=make.person())


@pytest.mark.usefixtures("context")
def test_not_while_it_is_reviewed() -> None:
    with pytest.raises(WrongState):
        services.archive(make.course(state=CourseState.IN_REVIEW), 1, by=make.person())


@pytest.mark.usefixtures("context")
def test_not_from_an_old_page() -> None:
    with pytest.raises(Stale):
        services.archive(make.course(version=2), 1, by=make.person())


def test_not_by_others(app: Flask, cast: Cast, login_as: LoginAs, client: FlaskClient) -> None:
    with inside(app):
        course = make.course(owner_id=cast.mira.id)
    assert client.post(f"/courses/{course.id}/archive").status_code == 303
    assert login_as(cast.ivo).post(f"/courses/{course.id}/archive", data={"version": 1}).status_code == 403
    assert login_as(cast.ivo).get(f"/courses/{course.id}/archive").status_code == 405


def test_a_refusal_leads_back_to_the_course(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    with inside(app):
        course = make.offering(make.course("Attachment", owner_id=cast.ivo.id)).course
    answer = login_as(cast.ivo).post(f"/courses/{course.id}/archive", data={"version": 1})
    assert answer.status_code == 409
    assert "sessions still to come" in answer.text
    assert "<h1>Attachment</h1>" in answer.text
