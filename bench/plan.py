"""`python -m bench.plan`: how long the server takes to make a plan.

A catalog of made-up sessions is built, priced, and asked for plans by people who miss everything of a category, half
of it, or little, with wishes and without. Each figure is one POST that reads, solves, explains and saves; pages are
asked for in this process, so that nothing but the server's own time is measured."""

import argparse
import statistics
import sys
import tempfile
import time
from datetime import timedelta
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

import sqlalchemy as sa
from flask import Flask

from bench import sample
from bench.build import Built, build
from bench.servers import environ
from catalog import clock, config, create_app
from catalog.accounts.models import Person, SignIn
from catalog.accounts.queries import token_hash
from catalog.competencies.models import Category, Ledger, Topic, TopicAsked
from catalog.courses.models import Offering
from catalog.endorsement.models import Goal, Plan
from catalog.extensions import db, writing
from catalog.records.models import EntrySource, EntryState, HourEntry, hour_entry_area, hour_entry_topic

SIZES = (500, 2000)
CROWD = 200
"""People who sit on the made-up sessions; those who plan come after them."""
CATEGORIES = ("IFA", "IFS", "IMHS")
SHARES = (0.0, 0.5, 0.8)
"""Of the topics a category asks for, how many a person has covered already."""
WISHES: dict[str, dict[str, Any]] = {
    "no limit": {},
    "at most $200": {"most": "200"},
    "$200, own county or online, weekdays": {
        "most": "200",
        "where": "mine",
        "weekdays": ["0", "1", "2", "3", "4"],
    },
    "at most 3 days a month": {"days_a_month": "3"},
}
HEAD = (
    "| open sessions | wishes | plans | median s | longest s | median CPU s | longest CPU s | proven best |\n"
    "|--:|---|--:|--:|--:|--:|--:|--:|"
)


class Made(NamedTuple):
    seconds: float
    cpu: float
    is_best: bool


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m bench.plan", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="how many open sessions")
    options = parser.parse_args(words)
    print(HEAD)
    for size in options.sizes:
        with tempfile.TemporaryDirectory(prefix="catalog-bench-") as name:
            folder = Path(name)
            app = create_app(config.read(environ(f"sqlite:///{folder}/bench.db", folder), folder))
            app.config["WTF_CSRF_ENABLED"] = False
            # A tenth of the made-up sessions is over.
            build(app, Built(size * 10 // 9, CROWD))
            goals, is_open = _fill(app)
            for said, wishes in WISHES.items():
                made = [_make(app, *goal, wishes) for goal in goals]
                print(_line(is_open, said, made), flush=True)
    return 0


def _line(is_open: int, said: str, made: list[Made]) -> str:
    seconds = sorted(one.seconds for one in made)
    cpu = sorted(one.cpu for one in made)
    figures = (statistics.median(seconds), seconds[-1], statistics.median(cpu), cpu[-1])
    proven = sum(one.is_best for one in made)
    return (
        f"| {is_open:,} | {said} | {len(made)} | {' | '.join(f'{one:.2f}' for one in figures)} "
        f"| {proven} of {len(made)} |"
    )


def _fill(app: Flask) -> tuple[list[tuple[int, int]], int]:
    """Prices, people and goals; the numbers of people and goals, and how many sessions are to come."""
    with app.app_context():
        writing.set(True)
        for cents, rest in ((0, 0), (0, 1), (2500, 2), (12000, 3), (0, 4)):
            db.session.execute(sa.update(Offering).where(Offering.id % 5 == rest).values(price_cents=cents))
        now = clock.now()
        goals = []
        for number, (code, share) in enumerate(product(CATEGORIES, SHARES), start=CROWD + 1):
            person = Person(
                id=number,
                name=f"Planner {number}",
                email=f"p{number}@example.org",
                county="01101",
                created_at=now,
            )
            times = {"began_at": now, "last_seen_at": now, "ends_at": now + timedelta(days=1)}
            sign_in = SignIn(token_hash=token_hash(sample.token(number)), person=person, **times)
            db.session.add_all([person, sign_in])
            db.session.flush()
            goals.append(_goal(person, code, share))
        is_open = db.session.scalar(
            sa.select(sa.func.count()).select_from(Offering).where(Offering.starts_at > clock.now())
        )
        db.session.commit()
        return [(goal.person_id, goal.id) for goal in goals], is_open or 0


def _goal(person: Person, code: str, share: float) -> Goal:
    """Somebody who covered so much of a category elsewhere, in trainings of two hours on one topic each."""
    category = db.session.scalars(sa.select(Category).where(Category.code == code)).one()
    now = clock.now()
    goal = Goal(person_id=person.id, category=category, added_at=now, ticks={})
    db.session.add(goal)
    asked = db.session.execute(
        sa.select(Topic.id, Topic.area_id)
        .join(TopicAsked, TopicAsked.topic_id == Topic.id)
        .where(TopicAsked.category_id == category.id)
        .order_by(Topic.id)
    ).all()
    for topic_id, area_id in asked[: round(share * len(asked))]:
        on = (now - timedelta(days=200)).date()
        entry = HourEntry(
            person_id=person.id,
            ledger=Ledger.TRAINING,
            title="A training elsewhere",
            began_on=on,
            ended_on=on,
            minutes=60,
            source=EntrySource.COORDINATOR,
            added_at=now,
            added_by_id=person.id,
            state=EntryState.VERIFIED,
            checked_at=now,
            checked_by_id=person.id,
        )
        db.session.add(entry)
        db.session.flush()
        db.session.execute(sa.insert(hour_entry_topic).values(entry_id=entry.id, topic_id=topic_id))
        db.session.execute(sa.insert(hour_entry_area).values(entry_id=entry.id, area_id=area_id))
    db.session.flush()
    return goal


def _make(app: Flask, person_id: int, goal_id: int, wishes: dict[str, Any]) -> Made:
    client = app.test_client()
    client.set_cookie("sign_in", sample.token(person_id))
    by = (clock.now() + timedelta(days=365)).date().isoformat()
    form = {"by": by, "where": "anywhere", "online": "y", "weekdays": [str(n) for n in range(7)], **wishes}
    began, busy = time.perf_counter(), time.process_time()
    answer = client.post(f"/goal/{goal_id}/plan/new", data=form)
    seconds, cpu = time.perf_counter() - began, time.process_time() - busy
    if answer.status_code != 303:
        raise RuntimeError(f"The plan was answered with {answer.status}")
    with app.app_context():
        writing.set(False)
        plan = db.session.scalars(
            sa.select(Plan).where(Plan.goal_id == goal_id).order_by(Plan.id.desc()).limit(1)
        ).one()
        db.session.remove()
        return Made(seconds, cpu, bool(plan.told["is_best"]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
