"""Once sessions have begun, what their hours are worth is changed by coordinators only, and every change is noted."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from catalog import clock
from catalog.accounts.models import Person
from catalog.courses.models import Course, CourseState, CreditRule, Offering, OfferingState
from catalog.extensions import db
from catalog.notices.models import AuditEntry
from tests import factories as make
from tests.courses.desk import course_fields, inside
from tests.factories import Cast

LoginAs = Callable[[Person], FlaskClient]
SENTENCE = "Sessions of this course have begun; ask a coordinator to change how its hours count."
SOON = clock.now() + timedelta(days=1)
OTHER_HOURS = {
    "kind": "certificate_course",
    "minutes": "7",
    "minutes_most": "8",
    "minutes_about": "y",
    "rsc_minutes": "1",
    "credit_rule": "per_meeting",
    "credit_percent": "50",
    "credit_cap_minutes": "2",
    "apply_url": "https://example.org/apply",
}


@pytest.fixture
def begun(app: Flask, cast: Cast) -> int:
    """A session of Ivo's course that began yesterday."""
    with inside(app):
        course = make.course(owner_id=cast.ivo.id, minutes=360)
        return make.offering(course, starts=clock.now() - timedelta(days=1)).id


def course_of(app: Flask, offering_id: int, **columns: object) -> Course:
    """The session's course as it stands; the columns are set on the session beforehand."""
    with inside(app):
        offering = db.session.get_one(Offering, offering_id)
        for name, value in columns.items():
            setattr(offering, name, value)
        return offering.course


@pytest.mark.parametrize("field", OTHER_HOURS)
def test_its_owner_is_told_beside_the_field(
    app: Flask, cast: Cast, login_as: LoginAs, begun: int, field: str
) -> None:
    course = course_of(app, begun)
    typed = course_fields(title="Bonds", **{"minutes": "6", field: OTHER_HOURS[field]})
    answer = login_as(cast.ivo).post(f"/courses/{course.id}", data=typed)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert SENTENCE in answer.text
    assert course_of(app, begun).title == course.title


def test_its_owner_may_change_everything_else(app: Flask, cast: Cast, login_as: LoginAs, begun: int) -> None:
    url = f"/courses/{course_of(app, begun).id}"
    assert login_as(cast.ivo).post(url, data=course_fields(title="Bonds", minutes="6")).status_code == 303


def test_an_archived_course_is_no_way_around(app: Flask, cast: Cast, login_as: LoginAs, begun: int) -> None:
    with inside(app):
        course = db.session.get_one(Offering, begun).course
        course.state = CourseState.ARCHIVED
    answer = login_as(cast.ivo).post(f"/courses/{course.id}", data=course_fields(minutes="7"))
    assert (answer.status_code, SENTENCE in answer.text) == (422, True)


def test_a_coordinator_may_change_how_hours_count(
    app: Flask, cast: Cast, login_as: LoginAs, begun: int
) -> None:
    url = f"/courses/{course_of(app, begun).id}"
    typed = course_fields(minutes="7", owner_id=str(cast.ivo.id))
    assert login_as(cast.mira).post(url, data=typed).status_code == 303
    assert course_of(app, begun).minutes == 420


@pytest.mark.parametrize(
    "columns", [{"state": OfferingState.CANCELLED}, {"starts_at": SOON, "ends_at": SOON}]
)
def test_what_never_began_holds_nothing_back(
    app: Flask, cast: Cast, login_as: LoginAs, begun: int, columns: dict[str, object]
) -> None:
    course = course_of(app, begun, **columns)
    typed = course_fields(minutes="6", credit_rule="per_meeting", credit_percent="50")
    assert login_as(cast.ivo).post(f"/courses/{course.id}", data=typed).status_code == 303
    assert course_of(app, begun).credit_rule == CreditRule.PER_MEETING
    with inside(app):
        noted = db.session.scalars(sa.select(AuditEntry)).one().details["changed"]
    assert noted["credit_rule"] == ["full_from_percent", "per_meeting"]
    assert noted["credit_percent"] == [90, 50]
