"""The plan: wishing, looking at it, taking its seats, planning again."""

import time
from datetime import datetime
from typing import Any

from flask import Response, abort, current_app, request, url_for
from flask_login import current_user, login_required

from catalog import clock, web
from catalog.accounts.services import refuse_unverified
from catalog.endorsement import queries
from catalog.endorsement.access import own_goal
from catalog.endorsement.forms import PlanForm
from catalog.endorsement.models import Goal, Plan, StepState
from catalog.endorsement.plan.draft import draft
from catalog.endorsement.plan.solve import SECONDS
from catalog.endorsement.plan.wishes import Wishes, wishes_from
from catalog.endorsement.queries import plans as reads
from catalog.endorsement.services import plans
from catalog.endorsement.views.blueprint import pages
from catalog.errors import RuleBroken
from catalog.extensions import db, start_writing
from catalog.places import county_name
from catalog.wording import local

NEW = "/goal/<int:goal_id>/plan/new"
ONE = "/goal/<int:goal_id>/plan/<int:plan_id>"


@pages.get(NEW)
@login_required
def new_plan(goal_id: int) -> Response:
    goal = own_goal(current_user, goal_id)
    return _form_page(goal, _form(goal, clock.now(), formdata=None))


@pages.post(NEW)
@login_required
def create_plan(goal_id: int) -> Response:
    # What is read and solved takes its time: the write lock waits until that is done.
    db.session.rollback()
    goal, now = own_goal(current_user, goal_id), clock.now()
    form = _form(goal, now)
    if not form.validate():
        return _form_page(goal, form, 422)
    return _made(goal, form.wishes(), now)


@pages.get(ONE)
@login_required
def plan(goal_id: int, plan_id: int) -> Response:
    goal = own_goal(current_user, goal_id)
    found = reads.plan_of(goal, plan_id) or abort(404)
    newest = reads.newest_plan(goal)
    steps = reads.steps_now(found, current_user, clock.now())
    return web.render(
        "endorsement/plan.html",
        goal=goal,
        plan=found,
        steps=steps,
        told=found.told,
        wished=_wished(found),
        newer=newest if newest and newest.id != found.id else None,
        is_lost=any(step.state == StepState.LOST for step in steps),
        can_join=[step for step in steps if step.can_be_taken],
    )


@pages.post(ONE + "/join")
@login_required
def join_plan(goal_id: int, plan_id: int) -> Response:
    """Every seat is a transaction of its own: one that cannot be taken loses none of the others, and whatever
    interrupts it, what was taken is kept and its step says so."""
    found = _own_plan(goal_id, plan_id)
    refuse_unverified(current_user)
    offerings = set(request.form.getlist("offering", type=int))
    wanted = [step.id for step in found.steps if step.offering_id in offerings]
    if not wanted:
        return web.saved(_url(goal_id, plan_id), message="Nothing was chosen, so no seat was taken.")
    for step_id in wanted:
        _join(goal_id, plan_id, step_id)
    start_writing()
    found = _own_plan(goal_id, plan_id)
    found.joined_at = clock.now()
    said = _outcome([step.state for step in found.steps if step.id in wanted])
    db.session.commit()
    return web.saved(_url(goal_id, plan_id), message=said)


@pages.post(ONE + "/again")
@login_required
def replan(goal_id: int, plan_id: int) -> Response:
    """A new plan with the same wishes. Seats that are held stay, and what they close is not missing."""
    db.session.rollback()
    found = _own_plan(goal_id, plan_id)
    return _made(found.goal, wishes_from(found.wishes), clock.now())


def _made(goal: Goal, wishes: Wishes, now: datetime) -> Response:
    began, goal_id = time.monotonic(), goal.id
    stands = queries.standing(goal, now)
    looked, names = reads.looked_at(stands, wishes, now), reads.names_of(stands)
    # Nothing of the database is held while the solver works.
    db.session.rollback()
    found = draft(looked, names, SECONDS - (time.monotonic() - began))
    start_writing()
    plan_id = plans.save(own_goal(current_user, goal_id), wishes, found).id
    db.session.commit()
    return web.saved(_url(goal_id, plan_id))


def _join(goal_id: int, plan_id: int, step_id: int) -> None:
    start_writing()
    try:
        plans.join(_step(goal_id, plan_id, step_id), current_user, warned="warned" in request.form)
    except RuleBroken as refusal:
        start_writing()
        plans.refuse(_step(goal_id, plan_id, step_id), str(refusal))
    db.session.commit()


def _step(goal_id: int, plan_id: int, step_id: int) -> Any:
    return next(step for step in _own_plan(goal_id, plan_id).steps if step.id == step_id)


def _own_plan(goal_id: int, plan_id: int) -> Plan:
    return reads.plan_of(own_goal(current_user, goal_id), plan_id) or abort(404)


def _form(goal: Goal, now: datetime, **more: Any) -> PlanForm:
    today = local(now, current_app.config["CATALOG"].site_zone).date()
    return PlanForm(
        today,
        goal.person.county,
        queries.offered_counties(now),
        has_typical=reads.has_typical(queries.standing(goal, now)),
        **more,
    )


def _form_page(goal: Goal, form: PlanForm, status: int = 200) -> Response:
    last = reads.newest_plan(goal)
    return web.render("endorsement/new_plan.html", status=status, goal=goal, form=form, last=last)


def _wished(of: Plan) -> list[str]:
    wishes = wishes_from(of.wishes)
    return wishes.in_words({fips: county_name(fips) for fips in wishes.counties or ()})


COUNTED = (
    (StepState.SEATED, "seat", "taken"),
    (StepState.WAITING, "place", "on a waitlist"),
    (StepState.REQUESTED, "request", "sent"),
    (StepState.REFUSED, "session", "not taken"),
)


def _outcome(states: list[StepState]) -> str:
    """ "3 seats taken, 1 session not taken: see below."."""
    parts = [
        f"{many} {word}{'' if many == 1 else 's'} {done}"
        for state, word, done in COUNTED
        if (many := states.count(state))
    ]
    said = ", ".join(parts)
    return f"{said}: see below why." if StepState.REFUSED in states else f"{said}."


def _url(goal_id: int, plan_id: int) -> str:
    return url_for(".plan", goal_id=goal_id, plan_id=plan_id)
