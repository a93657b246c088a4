"""Goals, rules and credit in the database, for the tests of pages."""

from datetime import date
from typing import Any

from catalog import clock
from catalog.accounts.models import Person
from catalog.attendance.models import Credit, CreditArea, CreditTopic, KnownBy
from catalog.competencies.models import (
    Category,
    Confidence,
    HourRule,
    HourTag,
    Ledger,
    Policy,
    PolicyKind,
    Purpose,
    RuleKind,
    Topic,
)
from catalog.courses.models import Offering
from catalog.endorsement.models import Endorsed, Goal, Plan, PlanStep, StepState
from catalog.endorsement.plan.wishes import Wishes
from catalog.enrollment.models import Enrollment, State
from catalog.extensions import db
from tests import factories as make


def goal(person: Person, category: Category, **fields: Any) -> Goal:
    return make._add(
        Goal(**{"person_id": person.id, "category": category, "added_at": clock.now(), "ticks": {}, **fields})
    )


def endorsed(person: Person, category: Category, **fields: Any) -> Endorsed:
    defaults = {"endorsed_on": date(2024, 5, 1), "valid_until": date(2026, 12, 31), "added_at": clock.now()}
    return make._add(Endorsed(person_id=person.id, category=category, **{**defaults, **fields}))


def rule(category: Category, hours: float, **fields: Any) -> HourRule:
    """A minimum of training hours, unless something else is said."""
    defaults = {
        "purpose": Purpose.FIRST,
        "ledger": Ledger.TRAINING,
        "kind": RuleKind.MINIMUM,
        "edition": "test",
        "confidence": Confidence.CONFIRMED,
    }
    return make._add(HourRule(category=category, minutes=round(hours * 60), **{**defaults, **fields}))


def policy(kind: PolicyKind, facts: dict[str, Any], **fields: Any) -> Policy:
    defaults = {"edition": "test", "confidence": Confidence.CONFIRMED}
    return make._add(Policy(kind=kind, facts=facts, **{**defaults, **fields}))


def credit(
    person: Person,
    offering: Offering,
    minutes: int = 180,
    topics: tuple[Topic, ...] = (),
    tags: tuple[HourTag, ...] = (),
    **fields: Any,
) -> Credit:
    """Credit of a session, with an enrollment that is over, as closing a roster leaves it."""
    enrollment = make._add(
        Enrollment(
            offering=offering,
            person=person,
            state=State.WITHDRAWN,
            joined_at=clock.now(),
            ended_at=clock.now(),
        )
    )
    defaults = {
        "ledger": Ledger.TRAINING,
        "attended_minutes": minutes,
        "held_minutes": minutes,
        "rule": "",
        "earned_on": date(2026, 3, 1),
        "known_by": KnownBy.ATTENDANCE,
        "given_at": clock.now(),
        "given_by_id": person.id,
    }
    given = make._add(
        Credit(
            person=person, enrollment=enrollment, offering=offering, minutes=minutes, **{**defaults, **fields}
        )
    )
    for area_id in {topic.area_id for topic in topics}:
        db.session.add(CreditArea(credit=given, area_id=area_id, was_reviewed=True))
    for topic in topics:
        db.session.add(CreditTopic(credit=given, topic=topic, was_reviewed=True))
    given.tags = list(tags)
    db.session.flush()
    return given


def plan(of: Goal, *offerings: Offering, state: StepState = StepState.PLANNED, **fields: Any) -> Plan:
    """A plan of these sessions, as if it had been made."""
    told = {
        "cost": 0,
        "unpriced": 0,
        "days": len(offerings),
        "km": 0,
        "is_best": True,
        "had_needs": True,
        "closes": ["1 of the 2 topics you miss"],
        "open": [{"what": "Systems", "why": "No course in this catalog covers it."}],
    }
    steps = [
        PlanStep(offering_id=one.id, position=at, reason="Covers it.", state=state)
        for at, one in enumerate(offerings)
    ]
    defaults: dict[str, Any] = {
        "made_at": clock.now(),
        "wishes": Wishes(by=date(2027, 11, 28)).as_json(),
        "told": told,
        "joined_at": None,
    }
    return make._add(Plan(goal=of, steps=steps, **{**defaults, **fields}))
