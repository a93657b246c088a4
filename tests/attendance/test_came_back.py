"""Somebody is taken off a session in the middle and added again: two enrollments, one person, one credit."""

import pytest

from catalog.accounts.models import Person
from catalog.attendance import queries, services
from catalog.competencies.models import Ledger
from catalog.courses.models import CreditRule, Offering
from catalog.enrollment import services as enrollment
from catalog.enrollment.models import Enrollment
from catalog.extensions import db
from catalog.notices.models import Job
from tests import factories as make
from tests.attendance import sheets

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def ivo() -> Person:
    return make.person("Ivo Sample", is_trainer=True)


def came_back(ivo: Person, rule: CreditRule) -> tuple[Offering, Enrollment, Enrollment]:
    """Ana was at the first of two meetings, was taken off, was added again, and was at the second."""
    offering = sheets.held(make.course(areas=("TF",), credit_rule=rule), meetings=2)
    [first] = sheets.seat(offering, "Ana Sample", by=ivo)
    sheets.mark(offering.meetings[0], first, 180, by=ivo)
    enrollment.remove(first, by=ivo, reason="by mistake")
    again = enrollment.add(first.person, offering, by=ivo)
    sheets.mark(offering.meetings[0], again, 0, by=ivo)
    sheets.mark(offering.meetings[1], again, 180, by=ivo)
    return offering, first, again


@pytest.mark.parametrize("rule", [CreditRule.PER_MEETING, CreditRule.FULL_FROM_PERCENT])
def test_one_credit_counts_every_meeting_once(ivo: Person, rule: CreditRule) -> None:
    offering, _, again = came_back(ivo, rule)
    [credit] = services.close(offering, by=ivo)
    assert (credit.minutes, credit.attended_minutes, credit.held_minutes) == (360, 360, 360)
    assert credit.enrollment_id == again.id


def test_a_meeting_marked_twice_counts_once(ivo: Person) -> None:
    offering, _, again = came_back(ivo, CreditRule.PER_MEETING)
    sheets.mark(offering.meetings[0], again, 120, by=ivo)
    [credit] = services.close(offering, by=ivo)
    assert credit.minutes == 360


def test_whoever_left_twice_gets_one_credit_too(ivo: Person) -> None:
    offering, _, again = came_back(ivo, CreditRule.PER_MEETING)
    enrollment.remove(again, by=ivo, reason="moved away")
    [credit] = services.close(offering, by=ivo)
    assert (credit.minutes, credit.enrollment_id) == (360, again.id)


def test_coming_back_between_two_closings_supersedes_what_was_given(ivo: Person) -> None:
    offering = sheets.held()
    [first] = sheets.seat(offering, "Ana Sample", by=ivo)
    sheets.mark_all(offering, by=ivo)
    services.close(offering, by=ivo)
    services.reopen(offering, by=ivo, reason="Ana was taken off by mistake")
    enrollment.remove(first, by=ivo, reason="by mistake")
    enrollment.add(first.person, offering, by=ivo)
    sheets.mark_all(offering, 0, by=ivo)
    services.close(offering, by=ivo)
    [credit] = queries.credits_in_force(offering)
    assert (credit.minutes, credit.ledger) == (180, Ledger.TRAINING)
    told = [job for job in db.session.query(Job) if job.payload.get("subject", "").startswith("Your hours")]
    assert len(told) == 1, "nothing changed for Ana, so she is not told again"
