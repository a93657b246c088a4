"""Reckoning how far everybody is, by the worker, batch by batch; each batch is a job and a transaction of its own.

A worker that is killed leaves its batch to another one. What a run has written is not shown before it is finished."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from catalog import clock
from catalog.accounts.models import Person
from catalog.endorsement import queries as endorsement
from catalog.endorsement.models import Endorsed
from catalog.endorsement.rules import Readiness, renewal
from catalog.extensions import db
from catalog.notices import services as notices
from catalog.records import queries as records
from catalog.reports.standings.models import GoalStanding, RenewalStanding, StandingRun, TopicGap
from catalog.reports.standings.steps import lack_of, share_of, step_of

HOURLY = "standings"
JOB = "standings_batch"
BATCH = 200
GIVEN_UP = timedelta(hours=6)
"""A run that has not finished by then never will; another one may begin."""


def begin(at: datetime, today: date) -> None:
    """A run of everybody, unless one is under way."""
    running = sa.select(StandingRun.id).where(
        StandingRun.finished_at.is_(None), StandingRun.at > at - GIVEN_UP
    )
    if db.session.scalar(running.limit(1)) is None:
        run = StandingRun(at=at, today=today)
        db.session.add(run)
        db.session.flush()
        _queue(run)


def ask() -> None:
    """Let the worker begin now; asked for often within a minute, it begins once."""
    notices.queue(HOURLY, {}, dedupe_key=f"{HOURLY} asked {clock.now():%Y-%m-%d %H:%M}")


def reckon_batch(payload: dict[str, Any]) -> None:
    """The next goals, or the next of what people hold, and a job for those after them."""
    run = db.session.get(StandingRun, payload["run_id"], with_for_update=True, populate_existing=True)
    # A batch that another worker has done meanwhile is not done twice.
    if run is None or run.finished_at or [run.goals_done, run.reached] != payload["from"]:
        return
    if not run.goals_done:
        _reckon_goals(run)
    elif _reckon_held(run):
        _finish(run)
        return
    db.session.flush()
    _queue(run)


def _queue(run: StandingRun) -> None:
    begins = [run.goals_done, run.reached]
    notices.queue(
        JOB,
        {"run_id": run.id, "from": begins},
        dedupe_key=f"{JOB} {run.id} from {'held' if run.goals_done else 'goal'} {run.reached}",
    )


# A batch.


def _reckon_goals(run: StandingRun) -> None:
    goals = endorsement.goals_after(run.reached, None, BATCH)
    counties = _counties(goal.person_id for goal in goals)
    mine = [goal for goal in goals if goal.person_id in counties]
    found = endorsement.readiness_of(mine, run.at, run.today)
    _insert(
        GoalStanding,
        [
            {
                "run_id": run.id,
                "goal_id": goal.id,
                "person_id": goal.person_id,
                "category_id": goal.category_id,
                "county": counties[goal.person_id],
                **_of(found[goal.id]),
            }
            for goal in mine
        ],
    )
    is_last = len(goals) < BATCH
    run.goals_done, run.reached = is_last, 0 if is_last else goals[-1].id


def _of(found: Readiness) -> dict[str, Any]:
    return {
        "step": step_of(found),
        "percent": int(100 * share_of(found)),
        "missing": listed(topic.id for topic in found.missing),
    }


def _reckon_held(run: StandingRun) -> bool:
    """Whether these were the last."""
    held = db.session.scalars(
        sa.select(Endorsed)
        .options(joinedload(Endorsed.person, innerjoin=True))
        .where(Endorsed.id > run.reached)
        .order_by(Endorsed.id)
        .limit(BATCH)
    ).all()
    mine = [one for one in held if one.person.merged_into_id is None]
    books = endorsement.rulebooks({one.category_id for one in mine})
    lines = records.ledgers(sorted({one.person_id for one in mine}), run.at)
    rows = []
    for one in mine:
        lack = lack_of(
            renewal(
                lines[one.person_id],
                books[one.category_id],
                run.today,
                endorsed_on=one.endorsed_on,
                valid_until=one.valid_until,
                provides_rsc=one.provides_rsc,
                member_until=one.person.member_until,
            )
        )
        rows.append(
            {
                "run_id": run.id,
                "endorsed_id": one.id,
                "person_id": one.person_id,
                "category_id": one.category_id,
                "county": one.person.county or "",
                "valid_until": one.valid_until,
                "lacks_training": lack.training,
                "lacks_rsc": lack.rsc,
                "lacks_membership": lack.membership,
                "lacking": lack.said,
            }
        )
    _insert(RenewalStanding, rows)
    if held:
        run.reached = held[-1].id
    return len(held) < BATCH


def _counties(person_ids: Iterable[int]) -> dict[int, str]:
    """Where these people work; accounts that were found to be somebody else's are left out."""
    found = db.session.execute(
        sa.select(Person.id, Person.county).where(
            Person.id.in_(set(person_ids)), Person.merged_into_id.is_(None)
        )
    )
    return {person_id: county or "" for person_id, county in found}


def _insert(into: Any, rows: list[dict[str, Any]]) -> None:
    if rows:
        db.session.execute(sa.insert(into), rows)


# The end.


def _finish(run: StandingRun) -> None:
    counts = _gaps(run.id)
    _insert(
        TopicGap,
        [
            {"run_id": run.id, "topic_id": topic_id, "county": county, "people": people}
            for (topic_id, county), people in sorted(counts.items())
        ],
    )
    run.finished_at = clock.now()
    db.session.flush()
    _forget(run)


def _gaps(run_id: int) -> Counter[tuple[int, str]]:
    """How many people miss a topic in a county. Who misses it for two goals is one person."""
    rows = db.session.connection().execute(
        sa.select(GoalStanding.person_id, GoalStanding.county, GoalStanding.missing).where(
            GoalStanding.run_id == run_id
        )
    )
    people: dict[tuple[int, str], set[int]] = {}
    for person_id, county, missing in rows:
        people.setdefault((person_id, county), set()).update(unlisted(missing))
    return Counter((topic_id, county) for (_, county), topics in people.items() for topic_id in topics)


def _forget(run: StandingRun) -> None:
    """The rows of earlier runs, but for the last one, which somebody may be reading just now."""
    kept = db.session.scalar(
        sa.select(sa.func.max(StandingRun.id)).where(
            StandingRun.finished_at.is_not(None), StandingRun.id < run.id
        )
    )
    for table in (GoalStanding, TopicGap, RenewalStanding):
        db.session.execute(sa.delete(table).where(table.run_id < (kept or run.id)))
    db.session.execute(sa.delete(StandingRun).where(StandingRun.id < (kept or run.id)))


def listed(ids: Iterable[int]) -> str:
    """Numbers as one text in which each stands between commas: ",3,17,"; empty where there are none."""
    words = ",".join(map(str, ids))
    return f",{words}," if words else ""


def unlisted(text: str) -> list[int]:
    return [int(word) for word in text.split(",") if word]
