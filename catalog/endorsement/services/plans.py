"""Writes: a plan is kept, its seats are taken one by one, and what was lost of it is told once."""

import sqlalchemy as sa
from sqlalchemy.orm import aliased, contains_eager

from catalog import clock
from catalog.accounts.models import Person
from catalog.courses.models import Offering, OfferingState
from catalog.endorsement import letters
from catalog.endorsement.models import Goal, Plan, PlanStep, StepState
from catalog.endorsement.plan.draft import Draft
from catalog.endorsement.plan.wishes import Wishes
from catalog.endorsement.queries.plans import LIVING, TAKEN, last_places, newest_plan, stand_of
from catalog.enrollment import queries as enrollment
from catalog.enrollment import services as enrolling
from catalog.enrollment.models import LIVE, Enrollment, State
from catalog.enrollment.refusals import EnrollmentClosed
from catalog.extensions import db

TOLD = (State.REMOVED, State.REFUSED, State.LAPSED)
"""Ends that somebody else brought about; who gave a seat back knows it."""


def save(goal: Goal, wishes: Wishes, draft: Draft) -> Plan:
    """Keep it, with the places that the plan before it gave and that are still held."""
    before = newest_plan(goal)
    made = Plan(
        goal_id=goal.id, made_at=clock.now(), wishes=wishes.as_json(), told=draft.told, joined_at=None
    )
    steps = [PlanStep(offering_id=of, reason=reason) for of, reason in draft.steps]
    kept = [
        PlanStep(offering_id=step.offering_id, reason=step.reason, state=LIVING[place.state])
        for step, place in _living(before, goal.person_id)
    ]
    made.steps = _in_order([*steps, *kept])
    db.session.add(made)
    db.session.flush()
    return made


def _living(plan: Plan | None, person_id: int) -> list[tuple[PlanStep, Enrollment]]:
    if plan is None:
        return []
    places = last_places(person_id, [step.offering_id for step in plan.steps])
    found = [(step, places.get(step.offering_id)) for step in plan.steps]
    return [
        (step, place)
        for step, place in found
        if place
        and place.is_live
        and not step.offering.is_cancelled
        and not step.offering.is_over(clock.now())
    ]


def _in_order(steps: list[PlanStep]) -> list[PlanStep]:
    """By the day they begin; what has no day comes last."""
    from_id = _starts([step.offering_id for step in steps])
    steps.sort(key=lambda step: (from_id[step.offering_id], step.offering_id))
    for position, step in enumerate(steps):
        step.position = position
    return steps


def _starts(offering_ids: list[int]) -> dict[int, tuple[bool, float]]:
    rows = db.session.execute(sa.select(Offering.id, Offering.starts_at).where(Offering.id.in_(offering_ids)))
    return {
        row.id: (row.starts_at is None, row.starts_at.timestamp() if row.starts_at else 0.0) for row in rows
    }


def join(step: PlanStep, person: Person, *, warned: bool) -> None:
    """Take the seat of one step. Raises what `enroll` raises; whoever calls commits each step by itself."""
    offering = enrollment.offering_to_join(step.offering_id)
    if offering is None:
        raise EnrollmentClosed
    place = enrolling.enroll(person, offering, by=person, warned=warned)
    step.state = LIVING[place.state]
    step.said = ""
    db.session.flush()


def refuse(step: PlanStep, sentence: str) -> None:
    """It could not be taken; if the person is on it already, it is theirs."""
    place = last_places(step.plan.goal.person_id, [step.offering_id]).get(step.offering_id)
    if place and place.is_live:
        step.state, step.said = LIVING[place.state], ""
    else:
        step.state, step.said = StepState.REFUSED, sentence
    db.session.flush()


def mark_lost() -> None:
    """Mark steps of plans in use whose place is gone, and tell those who did not bring it about. Each is told once,
    because a step that is lost is not looked at any more."""
    steps = db.session.scalars(_lost()).all()
    for step in steps:
        person_id = step.plan.goal.person_id
        place = last_places(person_id, [step.offering_id]).get(step.offering_id)
        step.state, step.said = stand_of(step, place)
        if step.offering.is_cancelled or (place and place.state in TOLD):
            letters.gap(step)
    db.session.flush()


def _lost() -> sa.Select[tuple[PlanStep]]:
    """Steps that were taken and whose person is on the session no more, before it is over. Of each goal only the
    newest plan is in use."""
    newer = aliased(Plan)
    lives = sa.exists().where(
        Enrollment.offering_id == PlanStep.offering_id,
        Enrollment.person_id == Goal.person_id,
        Enrollment.state.in_(LIVE),
    )
    return (
        sa.select(PlanStep)
        .join(PlanStep.plan)
        .join(Plan.goal)
        .join(PlanStep.offering)
        .options(
            contains_eager(PlanStep.plan).contains_eager(Plan.goal).joinedload(Goal.person, innerjoin=True),
            contains_eager(PlanStep.offering).joinedload(Offering.course, innerjoin=True),
        )
        .where(
            PlanStep.state.in_(TAKEN),
            Goal.dropped_at.is_(None),
            ~sa.exists().where(newer.goal_id == Plan.goal_id, newer.id > Plan.id),
            sa.or_(Offering.state == OfferingState.CANCELLED, ~lives),
            sa.or_(Offering.ends_at.is_(None), Offering.ends_at > clock.now()),
        )
        .order_by(PlanStep.id)
    )
