"""A session with fewer people than its minimum: its trainer is told before the day to decide, coordinators on it."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from catalog import clock
from catalog.accounts.models import Person
from catalog.courses.models import Offering
from catalog.enrollment import services as enrollment
from catalog.extensions import db
from catalog.notices.models import Job
from catalog.teaching import services
from tests import factories as make
from tests.courses.desk import in_days, inside, offering_fields, own
from tests.factories import Cast

LoginAs = Callable[[Person], FlaskClient]
# Central time: 8:00 am is 14:00 UTC in winter.
DECIDE_ON = date(2027, 1, 20)
STARTS = datetime(2027, 1, 27, 15, tzinfo=UTC)


def told(app: Flask, at: datetime) -> list[tuple[str, str]]:
    """Who was written to so far, once the hourly job has run at that instant."""
    with inside(app), clock.at(at):
        services.tell_of_decisions()
    with inside(app):
        rows = db.session.scalars(sa.select(Job).where(Job.kind == "mail").order_by(Job.id))
        return [(job.payload["name"], job.payload["subject"]) for job in rows]


def session(app: Flask, cast: Cast, people: int = 1, **fields: Any) -> int:
    with inside(app):
        made = make.offering(
            make.course("Attachment"),
            starts=STARTS,
            trainer_id=cast.ivo.id,
            **{"minimum": 2, "decide_on": DECIDE_ON, **fields},
        )
        for _ in range(people):
            enrollment.add(make.person(), made, by=own(cast.mira))
        db.session.execute(sa.delete(Job))
        return made.id


def test_the_trainer_is_told_once_three_days_before(app: Flask, cast: Cast) -> None:
    session(app, cast)
    assert told(app, datetime(2027, 1, 17, 13, 59, tzinfo=UTC)) == []
    letter = [("Ivo Sample", "1 of 2 people: Attachment")]
    assert told(app, datetime(2027, 1, 17, 14, 0, tzinfo=UTC)) == letter
    assert told(app, datetime(2027, 1, 19, 20, 0, tzinfo=UTC)) == letter


def test_coordinators_are_told_on_the_day(app: Flask, cast: Cast) -> None:
    session(app, cast)
    at = datetime(2027, 1, 20, 14, 0, tzinfo=UTC)
    names = {name for name, subject in told(app, at) if subject == "To decide today: Attachment"}
    assert names == {"Mira Sample", "Ada Sample"}
    assert len(told(app, at + timedelta(hours=5))) == 2


@pytest.mark.parametrize("fields", [{"people": 2}, {"decide_on": None}, {"minimum": None}])
def test_nobody_is_told_without_a_reason(app: Flask, cast: Cast, fields: dict[str, Any]) -> None:
    session(app, cast, **fields)
    assert told(app, datetime(2027, 1, 20, 15, 0, tzinfo=UTC)) == []


def test_after_the_day_nobody_is_told(app: Flask, cast: Cast) -> None:
    session(app, cast)
    assert told(app, datetime(2027, 1, 21, 15, 0, tzinfo=UTC)) == []


def test_a_cancelled_session_needs_no_decision(app: Flask, cast: Cast) -> None:
    offering_id = session(app, cast, people=0)
    with inside(app):
        enrollment.cancel(db.session.get_one(Offering, offering_id), by=own(cast.mira), reason="Ill.")
    assert told(app, datetime(2027, 1, 20, 15, 0, tzinfo=UTC)) == []


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"decide_on": in_days(20)}, "Write the minimum too"),
        ({"decide_on": in_days(36), "minimum": "4"}, "Decide before the first meeting"),
    ],
)
def test_a_day_that_decides_nothing_is_refused(
    app: Flask, cast: Cast, login_as: LoginAs, typed: dict[str, str], sentence: str
) -> None:
    with inside(app):
        course_id = make.course().id
    answer = login_as(cast.ivo).post(f"/courses/{course_id}/offerings", data=offering_fields(**typed))
    assert answer.status_code == 422
    assert sentence in answer.text


def test_the_day_is_kept_and_can_be_changed(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    with inside(app):
        course_id = make.course().id
    browser = login_as(cast.ivo)
    typed = offering_fields(decide_on=in_days(20), minimum="4")
    browser.post(f"/courses/{course_id}/offerings", data=typed)
    with inside(app):
        made = db.session.scalars(sa.select(Offering)).one()
        assert str(made.decide_on) == in_days(20)
        meeting_id = made.meetings[0].id
    page = browser.get(f"/offerings/{made.id}/edit").text
    assert f'value="{in_days(20)}"' in page
    changed = {**typed, "decide_on": in_days(22), "meetings-0-meeting_id": meeting_id}
    assert browser.post(f"/offerings/{made.id}", data=changed).status_code == 303
    with inside(app):
        assert str(db.session.get_one(Offering, made.id).decide_on) == in_days(22)
