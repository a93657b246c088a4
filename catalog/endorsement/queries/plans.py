"""Reads: what a plan would be made from, and the plans there are, each step as it stands now."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from catalog.accounts.models import Person
from catalog.competencies.models import Ledger, RuleKind
from catalog.courses import rsc
from catalog.courses.models import Format, Offering
from catalog.courses.queries import rsc_held
from catalog.endorsement.models import Goal, Plan, PlanStep, StepState
from catalog.endorsement.plan.bars import Bar, bars
from catalog.endorsement.plan.explain import Names
from catalog.endorsement.plan.problem import Held, Line, Needs, Problem, in_reach
from catalog.endorsement.plan.reasons import Looked
from catalog.endorsement.plan.wishes import Aim, Wishes
from catalog.endorsement.queries.choices import (
    Opens,
    Reading,
    choices,
    course_facts,
    held_sessions,
    lines_of_any_course,
)
from catalog.endorsement.queries.goals import Standing
from catalog.endorsement.rules.choice import who
from catalog.endorsement.rules.rsc import Quality, quality
from catalog.enrollment.models import LIVE, Enrollment, State
from catalog.enrollment.prerequisites import finished
from catalog.extensions import db
from catalog.places import county_name
from catalog.records.ledger import Entry

TAKEN = (StepState.SEATED, StepState.WAITING, StepState.REQUESTED)


def needs_of(stands: Standing, aim: Aim) -> Needs:
    """What neither counts, nor waits to be looked at, nor is booked.

    Lines that are asked only under a condition are left out: nobody knows here whether they are asked."""
    minutes: dict[Line, int] = {}
    for check in stands.readiness.checks:
        line = check.line
        is_aimed_at = check.is_minimum or (line.kind == RuleKind.TYPICAL and aim == Aim.TYPICAL)
        if is_aimed_at and not line.applies_when and not line.condition and check.still_open:
            key = Line(line.ledger, line.tag)
            minutes[key] = max(minutes.get(key, 0), check.still_open)
    return Needs(frozenset(topic.id for topic in stands.readiness.missing), minutes)


def names_of(stands: Standing) -> Names:
    """Topics in the framework's order, and tags."""
    rulebook = stands.readiness.rulebook
    return Names(
        {topic.id: topic.name for topic in rulebook.topics},
        {line.tag: line.tag_label for line in rulebook.hours if line.tag},
    )


def has_typical(stands: Standing) -> bool:
    return any(check.line.kind == RuleKind.TYPICAL for check in stands.readiness.checks)


def looked_at(stands: Standing, wishes: Wishes, at: datetime) -> Looked:
    """Everything that a plan is made from, read at once; nothing is chosen yet."""
    person, rulebook = stands.goal.person, stands.readiness.rulebook
    rsc_entries = [entry for entry in stands.entries if _counts_as_rsc(entry, stands)]
    facts = course_facts()
    held = tuple(held_sessions(person, at))
    every = choices(Reading(person, wishes, rulebook, facts, at, _opens(rsc_entries, stands)))
    required = {course for one in every for course in one.required}
    sources = rulebook.sources_on(stands.readiness.on)
    barred = {one: found for one in every if (found := bars(one, wishes, held))}
    problem = Problem(
        needs=needs_of(stands, wishes.aim),
        choices=tuple(one for one in every if one not in barred),
        finished=frozenset(finished(person.id, required)) if required else frozenset(),
        held=held,
        budget=wishes.most_cents,
        days_a_month=wishes.days_a_month,
        most_providers=sources.most_providers if sources else None,
        providers=frozenset(map(who, rsc_entries)),
    )
    reached, unreached = in_reach(problem, problem.choices)
    barred |= dict.fromkeys(unreached, (Bar.FIRST,))
    # Its RSC hours would not count; whatever else it gives may still be of use.
    barred |= {one: (*barred.get(one, ()), Bar.PROVIDER) for one in every if one.is_unqualified}
    return Looked(
        problem=replace(problem, choices=tuple(reached)),
        chosen=(),
        barred=barred,
        wishes=wishes,
        topics=facts.topics_of_any(),
        lines=lines_of_any_course(facts),
    )


def _counts_as_rsc(entry: Entry, stands: Standing) -> bool:
    """Among the RSC hours that count, or would once they are verified or attended."""
    readiness = stands.readiness
    return (
        entry.ledger == Ledger.RSC
        and entry.counts
        and entry.key not in readiness.rsc.left_out
        and quality(entry, readiness.rulebook)[0] == Quality.YES
    )


def _opens(rsc_entries: Sequence[Entry], stands: Standing) -> Opens:
    main = stands.readiness.check(Ledger.RSC)
    if main is None or main.line.months is None or not rsc_entries:
        return Opens()
    return Opens(min(entry.began for entry in rsc_entries), main.line.months[1])


# Plans that were made.


@dataclass(frozen=True)
class StepNow:
    """A step of a plan as it stands at this moment."""

    step: PlanStep
    state: StepState
    said: str
    """Why it was not taken, or what became of it."""
    warning: str
    """That RSC hours will not count; read before joining."""
    price_cents: int | None
    overlaps: tuple[str, ...] = ()
    """Titles of sessions the person is on that meet at the same time."""

    @property
    def offering(self) -> Offering:
        return self.step.offering

    @property
    def can_be_taken(self) -> bool:
        return self.state in (StepState.PLANNED, StepState.REFUSED) and not self.offering.is_cancelled

    @property
    def where(self) -> str:
        offering = self.offering
        if offering.format in (Format.VIRTUAL, Format.SELF_PACED):
            return "Online"
        place = ", ".join(filter(None, (offering.place, county_name(offering.county)))) or "In person"
        return f"{place}, or online" if offering.format == Format.HYBRID else place


def plan_of(goal: Goal, plan_id: int) -> Plan | None:
    """With its steps, their sessions and all that their lines say."""
    return db.session.scalar(
        sa.select(Plan)
        .options(
            selectinload(Plan.steps)
            .joinedload(PlanStep.offering, innerjoin=True)
            .options(
                joinedload(Offering.course, innerjoin=True),
                joinedload(Offering.trainer),
                selectinload(Offering.meetings),
            )
        )
        .where(Plan.id == plan_id, Plan.goal_id == goal.id)
    )


def newest_plan(goal: Goal) -> Plan | None:
    return db.session.scalar(sa.select(Plan).where(Plan.goal_id == goal.id).order_by(Plan.id.desc()).limit(1))


def steps_now(plan: Plan, person: Person, at: datetime) -> list[StepNow]:
    """In the order of the plan, which is that of their dates."""
    places = last_places(person.id, [step.offering_id for step in plan.steps])
    qualified = rsc_held(*(step.offering for step in plan.steps))
    on = held_sessions(person, at)
    found = []
    for step in plan.steps:
        state, said = stand_of(step, places.get(step.offering_id))
        warning = rsc.warning(step.offering, qualified)
        price = step.offering.price_for(person, at)
        found.append(StepNow(step, state, said, warning, price, _overlapping(step.offering, on)))
    return found


def _overlapping(offering: Offering, on: Sequence[Held]) -> tuple[str, ...]:
    """Seats may have been taken since the plan was made."""
    ours = [(one.starts_at, one.ends_at) for one in offering.sittings]
    titles = [
        held.title
        for held in on
        if any(begins < ended and began < ends for begins, ends in ours for began, ended in held.spans)
    ]
    return tuple(dict.fromkeys(titles))


def last_places(person_id: int, offering_ids: Sequence[int]) -> dict[int, Enrollment]:
    """The person's live place on each session, or else the one that ended last, by the session's id."""
    rows = db.session.scalars(
        sa.select(Enrollment)
        .where(Enrollment.person_id == person_id, Enrollment.offering_id.in_(offering_ids))
        .order_by(Enrollment.state.in_(LIVE), Enrollment.ended_at, Enrollment.id)
    )
    return {row.offering_id: row for row in rows}


LIVING = {
    State.SEATED: StepState.SEATED,
    State.OFFERED: StepState.SEATED,
    State.WAITING: StepState.WAITING,
    State.REQUESTED: StepState.REQUESTED,
}
ENDED = {
    State.WITHDRAWN: "You gave it back.",
    State.DECLINED: "You declined the seat that was kept for you.",
    State.LAPSED: "The time to take the seat that was kept for you is over.",
    State.REFUSED: "Your request was not accepted.",
    State.REMOVED: "You were taken off the list.",
    State.MOVED: "You were moved to another session.",
}


def stand_of(step: PlanStep, place: Enrollment | None) -> tuple[StepState, str]:
    """How a step stands, given the last place its person had on its session; and what is said of it."""
    if step.offering.is_cancelled:
        return StepState.LOST, "This session was cancelled."
    if place and place.is_live:
        offered = (
            "A seat is kept for you; open My learning to take it." if place.state == State.OFFERED else ""
        )
        return LIVING[place.state], offered
    if place and step.state in (*TAKEN, StepState.LOST):
        return StepState.LOST, ENDED.get(place.state, "")
    return step.state, step.said
