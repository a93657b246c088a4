"""A seat of a plan that is lost: the worker marks it and, where somebody else took it, tells the person once."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from catalog import clock
from catalog.accounts.models import Person
from catalog.cli.work import HOURLY, handlers
from catalog.courses.models import Offering
from catalog.endorsement.models import Goal, Plan, StepState
from catalog.endorsement.services import plans
from catalog.enrollment import services as enrollment
from catalog.enrollment.models import Enrollment
from catalog.extensions import db
from catalog.notices.models import Job
from tests import factories as make
from tests.endorsement import goals

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def ana() -> Person:
    return make.person("Ana Sample")


@pytest.fixture
def mira() -> Person:
    return make.person("Mira Sample", coordinates=True)


@pytest.fixture
def goal(ana: Person) -> Goal:
    return goals.goal(ana, make.category("IFS"))


@pytest.fixture
def offering() -> Offering:
    return make.offering(make.course("Before birth"))


@pytest.fixture
def seat(ana: Person, offering: Offering) -> Enrollment:
    return enrollment.enroll(ana, offering, by=ana)


@pytest.fixture
def plan(goal: Goal, seat: Enrollment) -> Plan:
    return goals.plan(goal, seat.offering, state=StepState.SEATED)


def mails() -> list[str]:
    jobs = db.session.scalars(sa.select(Job).where(Job.kind == "mail").order_by(Job.id))
    return [job.payload["text"] for job in jobs if "Your plan has a gap" in job.payload["subject"]]


def states(plan: Plan) -> list[StepState]:
    plans.mark_lost()
    return [step.state for step in plan.steps]


def test_a_seat_that_is_there_is_not_lost(plan: Plan) -> None:
    assert states(plan) == [StepState.SEATED]
    assert mails() == []


def test_a_cancelled_session_is_told_with_the_way_to_go_on(
    plan: Plan, offering: Offering, mira: Person
) -> None:
    enrollment.cancel(offering, by=mira, reason="The trainer is ill.")
    assert states(plan) == [StepState.LOST]
    (text,) = mails()
    assert "Before birth" in text
    assert "This session was cancelled." in text
    assert f"/goal/{plan.goal_id}/plan/{plan.id}" in text


def test_it_is_told_once(plan: Plan, offering: Offering, mira: Person) -> None:
    enrollment.cancel(offering, by=mira, reason="The trainer is ill.")
    assert [states(plan), states(plan)] == [[StepState.LOST], [StepState.LOST]]
    assert len(mails()) == 1


def test_whoever_is_taken_off_the_list_is_told(plan: Plan, seat: Enrollment, mira: Person) -> None:
    enrollment.remove(seat, by=mira, reason="Another agency's team.")
    assert states(plan) == [StepState.LOST]
    assert "You were taken off the list." in mails()[0]


def test_whoever_gives_a_seat_back_knows_it(plan: Plan, seat: Enrollment, ana: Person) -> None:
    enrollment.withdraw(seat, by=ana)
    assert states(plan) == [StepState.LOST]
    assert mails() == []


def test_what_is_over_is_not_lost(plan: Plan, seat: Enrollment, offering: Offering, mira: Person) -> None:
    enrollment.remove(seat, by=mira, reason="Never came.")
    offering.starts_at, offering.ends_at = clock.now() - timedelta(hours=9), clock.now() - timedelta(hours=6)
    db.session.flush()
    assert states(plan) == [StepState.SEATED]


def test_only_the_plan_in_use_is_looked_at(plan: Plan, goal: Goal, seat: Enrollment, mira: Person) -> None:
    goals.plan(goal)
    enrollment.remove(seat, by=mira, reason="Another agency's team.")
    assert states(plan) == [StepState.SEATED]
    assert mails() == []


def test_steps_that_were_not_taken_cannot_be_lost(goal: Goal, offering: Offering, mira: Person) -> None:
    made = goals.plan(goal, offering)
    enrollment.cancel(offering, by=mira, reason="The trainer is ill.")
    assert states(made) == [StepState.PLANNED]
    assert mails() == []


def test_the_worker_does_it_every_hour(app: Flask, plan: Plan, offering: Offering, mira: Person) -> None:
    enrollment.cancel(offering, by=mira, reason="The trainer is ill.")
    assert "plan_steps_lost" in HOURLY
    handlers(app.config["CATALOG"])["plan_steps_lost"](0, {})
    assert len(mails()) == 1
