"""People are asked by mail once the last meeting is over, and a second time where the certificate waits."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from catalog import clock
from catalog.cli.work import HOURLY, handlers
from catalog.courses.models import Asking
from catalog.evaluation import services
from catalog.extensions import db
from catalog.notices.models import Job
from tests.attendance.sheets import held, mark_all, seat, some_days_ago
from tests.evaluation.answers import asked, attended, given
from tests.factories import Cast, make_cast
from tests.statements import counted

pytestmark = pytest.mark.usefixtures("context")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def cast(context: None) -> Cast:
    return make_cast()


def asked_by_mail(*, at: timedelta = timedelta()) -> list[str]:
    """Who is asked from now on, by the first word of the mail."""
    before = set(db.session.scalars(sa.select(Job.id)))
    with clock.at(clock.now() + at):
        services.ask()
    made = db.session.scalars(
        sa.select(Job).where(Job.kind == "mail", Job.id.not_in(before)).order_by(Job.id)
    )
    return [f"{job.payload['name'].split()[0]}: {job.payload['subject'].split(':')[0]}" for job in made]


def test_everybody_who_was_there_is_asked_once(cast: Cast) -> None:
    offering = held(asked(), starts=some_days_ago(1), trainer_id=cast.ivo.id)
    seat(offering, "Cleo Sample", "Dora Sample", by=cast.ivo)
    assert asked_by_mail() == []
    mark_all(offering, by=cast.ivo)
    assert asked_by_mail() == ["Cleo: Tell what you think", "Dora: Tell what you think"]
    assert asked_by_mail(at=HOUR) == []


def test_nobody_is_asked_before_the_last_meeting_is_over(cast: Cast) -> None:
    offering = held(asked(), meetings=2, starts=some_days_ago(7), trainer_id=cast.ivo.id)
    seat(offering, "Cleo Sample", by=cast.ivo)
    with clock.at(offering.meetings[1].ends_at - HOUR):
        mark_all(offering, by=cast.ivo)
        assert asked_by_mail() == []
    with clock.at(offering.meetings[1].ends_at):
        assert asked_by_mail() == ["Cleo: Tell what you think"]


def test_whoever_answered_is_not_asked(cast: Cast) -> None:
    offering = held(asked(), starts=some_days_ago(1), trainer_id=cast.ivo.id)
    (one,) = seat(offering, "Cleo Sample", by=cast.ivo)
    mark_all(offering, by=cast.ivo)
    given(offering, [one])
    assert asked_by_mail() == []


def test_nobody_is_asked_where_the_course_asks_for_nothing(cast: Cast) -> None:
    offering = held(asked(Asking.NONE), starts=some_days_ago(1), trainer_id=cast.ivo.id)
    seat(offering, "Cleo Sample", by=cast.ivo)
    mark_all(offering, by=cast.ivo)
    assert asked_by_mail() == []


@pytest.mark.parametrize(
    ("asking", "reminded"),
    [(Asking.OPTIONAL, []), (Asking.BEFORE_CERTIFICATE, ["Cleo: Your certificate waits"])],
)
def test_one_reminder_after_a_week_where_the_certificate_waits(
    cast: Cast, asking: Asking, reminded: list[str]
) -> None:
    offering = held(asked(asking), starts=some_days_ago(1), trainer_id=cast.ivo.id)
    seat(offering, "Cleo Sample", by=cast.ivo)
    mark_all(offering, by=cast.ivo)
    assert asked_by_mail() == ["Cleo: Tell what you think"]
    assert asked_by_mail(at=7 * DAY - HOUR) == []
    assert asked_by_mail(at=7 * DAY + HOUR) == reminded
    assert asked_by_mail(at=8 * DAY) == []
    assert asked_by_mail(at=30 * DAY) == []


def test_sessions_of_long_ago_are_let_rest(cast: Cast) -> None:
    attended(1, cast.ivo)
    assert asked_by_mail(at=5 * DAY) == []


def test_the_mail_says_where_and_what_is_kept(cast: Cast) -> None:
    offering = held(asked(Asking.BEFORE_CERTIFICATE), starts=some_days_ago(1), trainer_id=cast.ivo.id)
    seat(offering, "Cleo Sample", by=cast.ivo)
    mark_all(offering, by=cast.ivo)
    services.ask()
    payload = db.session.scalars(sa.select(Job.payload).order_by(Job.id.desc())).first()
    assert payload is not None
    assert f"/offerings/{offering.id}/evaluation" in payload["text"]
    assert "Your name is not kept" in payload["text"]
    assert "certificate follows once you have answered" in payload["text"]


def test_the_worker_asks_every_hour(app: Flask, cast: Cast) -> None:
    offering = held(asked(), starts=some_days_ago(1), trainer_id=cast.ivo.id)
    seat(offering, "Cleo Sample", by=cast.ivo)
    mark_all(offering, by=cast.ivo)
    assert "evaluations_due" in HOURLY
    handlers(app.config["CATALOG"])["evaluations_due"](0, {})
    assert asked_by_mail() == []
    assert db.session.scalar(sa.select(Job.id).where(Job.dedupe_key.startswith("evaluation ")))


def test_many_are_found_by_one_statement(cast: Cast) -> None:
    offering = held(asked(), starts=some_days_ago(1), trainer_id=cast.ivo.id, seats=8)
    seat(offering, *(f"Person{i} Sample" for i in range(8)), by=cast.ivo)
    mark_all(offering, by=cast.ivo)
    services.ask()
    db.session.commit()
    with counted() as seen:
        services.ask()
    assert len([one for one in seen if one.startswith("SELECT")]) == 1
