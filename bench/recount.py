"""`python -m bench.recount`: everybody's readiness reckoned anew by the worker after a rule changed.

A synthetic state: 10,000 people, each with 20 lines (half of them credit of sessions here, half hours from elsewhere,
a sixth of all RSC) and one goal. A rule of one category is edited, a recount of all is asked for, and one worker does
it batch by batch, each in a transaction of its own. On SQLite and, where there is one, on PostgreSQL."""

import argparse
import multiprocessing
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from threading import Event
from typing import Any

import sqlalchemy as sa
from flask import Flask

from bench import databases
from bench.build import Built, build, insert
from bench.sample import Row
from bench.servers import environ
from catalog import clock, config, create_app
from catalog.accounts.models import Person
from catalog.attendance.models import Credit, CreditArea, CreditTopic, KnownBy
from catalog.cli.work import handlers
from catalog.competencies import services
from catalog.competencies.models import Category, HourRule, Ledger, Topic
from catalog.endorsement.models import Goal, Recount
from catalog.endorsement.services import recount
from catalog.enrollment.models import Enrollment, State
from catalog.extensions import db, writing
from catalog.notices import worker
from catalog.records.models import EntrySource, EntryState, HourEntry, Standing, hour_entry_topic
from tests.engines import stopping_cleanly

PEOPLE, LINES, FIRST = 10_000, 20, 1_000_000
"""`FIRST` is the number of the first person; those of the catalog itself stand below."""
SESSIONS = 60
CATEGORIES = ("IFA", "IFS", "IMHS", "IMHM-C")
BATCH = 5_000
HEAD = (
    "| Database | people | lines | seconds | people/s | CPU ms each | stand otherwise |\n"
    "|---|--:|--:|--:|--:|--:|--:|"
)


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m bench.recount", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("--people", type=int, default=PEOPLE, help="how many people work toward a category")
    parser.add_argument("--databases", type=lambda text: text.split(","), default=[*databases.NAMES])
    options = parser.parse_args(words)
    print(HEAD)
    with stopping_cleanly(), tempfile.TemporaryDirectory(prefix="catalog-bench-") as name:
        os.environ["INSTANCE"] = name
        for database in options.databases:
            if absent := databases.why_absent(database):
                print(absent)
                continue
            # Each in a process of its own: what a process has prepared for one database does not fit another.
            with (
                databases.opened(database, Path(name)) as create,
                multiprocessing.get_context("spawn").Pool(1) as pool,
            ):
                print(pool.apply(measured, (create("recount"), Path(name), options.people)), flush=True)
    return 0


def measured(url: str, folder: Path, people: int) -> str:
    app = create_app(config.read(environ(url, folder), folder))
    build(app, Built(SESSIONS, 100))
    with app.app_context():
        writing.set(True)
        fill(people)
        db.session.commit()
        db.session.remove()
    _work(app)  # what building the catalog has left to do, and every summary for the first time
    with app.app_context():
        writing.set(True)
        rule = db.session.scalars(
            sa.select(HourRule).join(HourRule.category).where(Category.code == "IFS").order_by(HourRule.id)
        ).first()
        services.edit_rule(rule or HourRule(), {"minutes": 600}, by=db.session.get_one(Person, FIRST))
        recount.ask("A rule changed", None, None)
        db.session.commit()
    seconds, cpu = _work(app)
    with app.app_context():
        done = db.session.scalars(sa.select(Recount).order_by(Recount.id.desc())).first() or Recount(done=0)
        lines = people * LINES
        line = (
            f"| {databases.version(url)} | {done.done:,} | {lines:,} | {seconds:.1f} | {done.done / seconds:,.0f} "
            f"| {1000 * cpu / max(done.done, 1):.2f} | {done.changed:,} |"
        )
        db.session.remove()
        db.engine.dispose()
    return line


def _work(app: Flask) -> tuple[float, float]:
    """Seconds by the clock, and of this process's processor."""
    began = time.perf_counter(), time.process_time()
    worker.work(app, handlers(app.config["CATALOG"]), stop=Event(), once=True)
    return time.perf_counter() - began[0], time.process_time() - began[1]


def fill(people: int) -> None:
    now = clock.now()
    topics = db.session.execute(sa.select(Topic.id, Topic.area_id).order_by(Topic.id)).tuples().all()
    categories = db.session.scalars(sa.select(Category.id).where(Category.code.in_(CATEGORIES))).all()
    ids = range(FIRST, FIRST + people)
    half = LINES // 2
    lines = [(person, number) for person in ids for number in range(half)]

    _insert(Person, (_person(one, now) for one in ids))
    _insert(Enrollment, (_enrollment(*line, now) for line in lines))
    _insert(Credit, (_credit(*line, now) for line in lines))
    covered = [(_id(*line), topics[(line[0] + line[1]) % len(topics)]) for line in lines]
    _insert(
        CreditArea, ({"credit_id": one, "area_id": topic[1], "was_reviewed": True} for one, topic in covered)
    )
    _insert(
        CreditTopic,
        ({"credit_id": one, "topic_id": topic[0], "was_reviewed": True} for one, topic in covered),
    )
    _insert(HourEntry, (_said(*line, now) for line in lines))
    _insert(hour_entry_topic, ({"entry_id": one, "topic_id": topic[0]} for one, topic in covered))
    _insert(
        Goal,
        (
            {"person_id": one, "category_id": categories[one % len(categories)], "added_at": now, "ticks": {}}
            for one in ids
        ),
    )
    recount.ask("For the first time", None, None)


def _insert(into: Any, rows: Iterator[Row]) -> None:
    while batch := list(islice(rows, BATCH)):
        if isinstance(into, sa.Table):
            db.session.execute(sa.insert(into), batch)
        else:
            insert(into, iter(batch))


def _id(person: int, number: int) -> int:
    return FIRST + (person - FIRST) * LINES + number


def _session(person: int, number: int) -> int:
    return 1 + (person + number) % SESSIONS


def _person(number: int, now: datetime) -> Row:
    email = f"somebody{number}@example.org"
    return {"id": number, "name": f"Sample Person {number}", "email": email, "created_at": now}


def _enrollment(person: int, number: int, now: datetime) -> Row:
    return {
        "id": _id(person, number),
        "person_id": person,
        "offering_id": _session(person, number),
        "state": State.WITHDRAWN,
        "joined_at": now,
        "ended_at": now,
    }


def _credit(person: int, number: int, now: datetime) -> Row:
    return {
        "id": _id(person, number),
        "person_id": person,
        "enrollment_id": _id(person, number),
        "offering_id": _session(person, number),
        "ledger": Ledger.TRAINING,
        "minutes": 60 + person % 90,
        "attended_minutes": 180,
        "held_minutes": 180,
        "rule": "",
        "earned_on": now.date() - timedelta(days=7 * number),
        "known_by": KnownBy.ATTENDANCE,
        "given_at": now,
        "given_by_id": person,
    }


def _said(person: int, number: int, now: datetime) -> Row:
    on = now.date() - timedelta(days=30 * number)
    return {
        "id": _id(person, number),
        "person_id": person,
        "ledger": Ledger.RSC if number % 3 == 0 else Ledger.TRAINING,
        "title": f"Training elsewhere {number}",
        "began_on": on,
        "ended_on": on,
        "minutes": 120,
        "trainer": f"Provider {number % 2}",
        "is_group": True,
        "provider_standing": Standing.ENDORSED,
        "provider_categories": "IMHM-C",
        "source": EntrySource.SELF_REPORTED,
        "state": EntryState.VERIFIED,
        "checked_at": now,
        "checked_by_id": person,
        "added_at": now,
        "added_by_id": person,
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
