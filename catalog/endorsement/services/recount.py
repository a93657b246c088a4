"""Reckoning everybody anew after a rule changed: asked for with the change, done by the worker, batch by batch.

Each batch is a job of its own and a transaction of its own, and the last goal it reached is written down with it. A
worker that is killed leaves the batch to another one, which begins behind the last goal that was saved."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from catalog import clock
from catalog.accounts.models import Person
from catalog.competencies.effects import Categories
from catalog.endorsement import queries
from catalog.endorsement.models import Goal, Recount
from catalog.extensions import db
from catalog.notices import services as notices

JOB = "recount"
BATCH = 200


def ask(why: str, categories: Categories, by: Person | None) -> None:
    """Nothing is asked for while nobody works toward these categories."""
    total = queries.goals_count(categories)
    if not total:
        return
    made = Recount(why=why, asked_at=clock.now(), asked_by_id=by.id if by else None, total=total)
    db.session.add(made)
    db.session.flush()
    _queue(made, None if categories is None else sorted(categories))


def reckon_batch(payload: dict[str, Any], at: datetime, today: date) -> None:
    """The next goals, and a job for those after them."""
    recount = db.session.get(Recount, payload["recount_id"], with_for_update=True, populate_existing=True)
    # A batch that another worker has done meanwhile is not done twice.
    if recount is None or recount.finished_at or recount.reached != payload["reached"]:
        return
    goals = queries.goals_after(recount.reached, payload["category_ids"], BATCH)
    found = queries.readiness_of(goals, at, today)
    summaries = {goal.id: found[goal.id].summary() for goal in goals}
    recount.changed += sum(_differs(goal.summary, summaries[goal.id]) for goal in goals)
    _write(summaries, at)
    recount.done += len(goals)
    if goals:
        recount.reached = goals[-1].id
    if len(goals) < BATCH:
        # Those who came or left meanwhile were counted by their own standing.
        recount.finished_at, recount.total = clock.now(), recount.done
    else:
        _queue(recount, payload["category_ids"])
    db.session.flush()


def reckon_person(person_id: int, at: datetime, today: date) -> None:
    """One person's goals anew, when hours came to them or left them all at once."""
    goals = list(
        db.session.scalars(
            sa.select(Goal)
            .options(joinedload(Goal.category, innerjoin=True), joinedload(Goal.person, innerjoin=True))
            .where(Goal.person_id == person_id, Goal.dropped_at.is_(None))
            .order_by(Goal.id)
        )
    )
    found = queries.readiness_of(goals, at, today)
    _write({goal.id: found[goal.id].summary() for goal in goals}, at)
    db.session.flush()


def _queue(recount: Recount, category_ids: list[int] | None) -> None:
    payload = {"recount_id": recount.id, "category_ids": category_ids, "reached": recount.reached}
    notices.queue(JOB, payload, dedupe_key=f"{JOB} {recount.id} from {recount.reached}")


def _differs(before: dict[str, Any] | None, after: dict[str, Any]) -> bool:
    """Whether somebody stands otherwise than before; the day alone is no difference."""
    return before is not None and {**before, "on": ""} != {**after, "on": ""}


def _write(summaries: dict[int, dict[str, Any]], at: datetime) -> None:
    if summaries:
        rows = [{"id": id_, "summary": summary, "summed_up_at": at} for id_, summary in summaries.items()]
        db.session.execute(sa.update(Goal), rows)
