"""`python -m bench.readiness`: the goal of a person with 300 entries, beside the page of a course.

Both are asked by the same person, signed in, of the same server in turn. The aim: the goal takes at most three times
as long as the course page, and at most ten statements."""

import argparse
import multiprocessing
import os
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import date, datetime, timedelta
from itertools import count
from pathlib import Path
from statistics import median

import sqlalchemy as sa

from bench import databases, sample
from bench.asks import Ask
from bench.build import Built, build, insert
from bench.load import Load, Outcome, run
from bench.servers import CATALOG, Server, environ, serving
from bench.statements import counting
from catalog import clock, config, create_app
from catalog.attendance.models import Credit, CreditArea, CreditTopic, KnownBy
from catalog.competencies.models import Category, Ledger, Topic
from catalog.endorsement.models import Goal
from catalog.enrollment.models import Enrollment, State
from catalog.extensions import db, writing
from catalog.records.models import EntrySource, EntryState, HourEntry, Standing, hour_entry_topic
from tests.engines import stopping_cleanly

ENTRIES, ROUNDS, PERSON = 300, 5, 1
AIM_TIMES, AIM_STATEMENTS = 3.0, 10
HEAD = "| Page | requests/s | p50 ms | p99 ms | CPU ms each | SQL statements |\n|---|--:|--:|--:|--:|--:|"


def main(words: list[str]) -> int:
    options = _options(words)
    with stopping_cleanly(), tempfile.TemporaryDirectory(prefix="catalog-bench-") as name:
        os.environ["INSTANCE"] = name
        with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as clients:
            for database in options.databases:
                if absent := databases.why_absent(database):
                    print(absent)
                    continue
                with databases.opened(database, Path(name)) as create:
                    _measure(create("readiness"), Path(name), options, clients)
    return 0


def _options(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench.readiness", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("--size", type=int, default=2_000, help="how many sessions the catalog has")
    parser.add_argument("--entries", type=int, default=ENTRIES, help="how many entries the person has")
    parser.add_argument("--seconds", type=float, default=1.5, help="how long each round takes")
    parser.add_argument("--databases", type=lambda text: text.split(","), default=[*databases.NAMES])
    return parser.parse_args(words)


def _measure(url: str, folder: Path, options: argparse.Namespace, clients: ProcessPoolExecutor) -> None:
    app = create_app(config.read(environ(url, folder), folder))
    # So many people that nobody holds more than a few seats.
    built = Built(options.size, 3_000)
    build(app, built)
    with app.app_context():
        writing.set(True)
        goal_id = bring_along(options.entries, built.size)
        db.session.commit()
        db.session.remove()
    cookie = {"Cookie": f"sign_in={sample.token(PERSON)}"}
    asks = {
        "Course page": Ask(f"/courses/{built.courses // 2}", cookie),
        "Goal": Ask(f"/goal/{goal_id}", cookie),
    }
    statements = {name: counting(app, ask) for name, ask in asks.items()}
    with app.app_context():
        db.engine.dispose()
    print(f"\n### {databases.version(url)}, {options.size:,} sessions, {options.entries} entries\n\n{HEAD}")
    with serving(CATALOG, url, folder) as server:
        rates: dict[str, list[Outcome]] = {name: [] for name in asks}
        cpu = dict.fromkeys(asks, 0.0)
        for number in range(ROUNDS + 1):
            for name, ask in asks.items():
                before = server.cpu_seconds() or 0
                outcome = _send(server, ask, options.seconds, clients)
                if number:  # the first round warms up
                    rates[name].append(outcome)
                    cpu[name] += (server.cpu_seconds() or 0) - before
    for name, outcomes in rates.items():
        print(_line(name, outcomes, cpu[name], statements[name]))
    pairs = zip(rates["Course page"], rates["Goal"], strict=True)
    times = median(course.rate / goal.rate for course, goal in pairs)
    print(
        f"\nThe goal takes {times:.2f} times as long as the course page; the aim is {AIM_TIMES:.0f} at most."
    )
    for missed in _missed(times, statements["Goal"]):
        print(f"Missed: {missed}.")


def _missed(times: float, statements: int) -> Iterator[str]:
    if times > AIM_TIMES:
        yield f"{times:.2f} times the course page"
    if statements > AIM_STATEMENTS:
        yield f"{statements} statements"


def _send(server: Server, ask: Ask, seconds: float, clients: ProcessPoolExecutor) -> Outcome:
    outcome = clients.submit(
        run, Load(server.port, [ask.raw()], once=False, status=200, seconds=seconds, connections=4)
    )
    found = outcome.result()
    if found.errors:
        raise SystemExit(f"{ask.path}: {found.errors}")
    return found


def _line(name: str, outcomes: list[Outcome], cpu: float, statements: int) -> str:
    latencies = sorted(latency for outcome in outcomes for latency in outcome.latencies)
    rate = median(outcome.rate for outcome in outcomes)
    p50, p99 = (latencies[int(len(latencies) * share)] * 1000 for share in (0.5, 0.99))
    return (
        f"| {name} | {rate:.0f} | {p50:.1f} | {p99:.1f} | {1000 * cpu / len(latencies):.2f} | {statements} |"
    )


def bring_along(entries: int, sessions: int) -> int:
    """Half of them credit of sessions here, half hours from elsewhere, a sixth of all RSC; and a goal."""
    now = clock.now()
    category = db.session.scalars(sa.select(Category).where(Category.code == "IMHS")).one()
    topics = db.session.execute(sa.select(Topic.id, Topic.area_id).order_by(Topic.id)).tuples().all()
    # In a large catalog the person has been to some of the sessions already.
    been = set(db.session.scalars(sa.select(Credit.offering_id).where(Credit.person_id == PERSON)))
    others = (one for number in count(1) if (one := 1 + number * 7 % sessions) not in been)
    for number, offering_id in zip(range(1, entries // 2 + 1), others, strict=False):
        _earn(number, topics[number % len(topics)], now, offering_id)
    insert(HourEntry, (_said(number, now) for number in range(1, entries - entries // 2 + 1)))
    linked = [
        {"entry_id": number, "topic_id": topics[number * 3 % len(topics)][0]}
        for number in range(1, entries - entries // 2 + 1)
    ]
    db.session.execute(sa.insert(hour_entry_topic), linked)
    goal = Goal(person_id=PERSON, category_id=category.id, added_at=now, ticks={})
    db.session.add(goal)
    db.session.flush()
    return goal.id


def _earn(number: int, topic: tuple[int, int], now: datetime, offering_id: int) -> None:
    enrollment = Enrollment(
        person_id=PERSON, offering_id=offering_id, state=State.WITHDRAWN, joined_at=now, ended_at=now
    )
    db.session.add(enrollment)
    db.session.flush()
    given = Credit(
        person_id=PERSON,
        enrollment_id=enrollment.id,
        offering_id=offering_id,
        ledger=Ledger.TRAINING,
        minutes=90,
        attended_minutes=90,
        held_minutes=90,
        rule="",
        earned_on=now.date() - timedelta(days=number),
        known_by=KnownBy.ATTENDANCE,
        given_at=now,
        given_by_id=PERSON,
    )
    db.session.add(given)
    db.session.flush()
    db.session.add(CreditArea(credit_id=given.id, area_id=topic[1], was_reviewed=True))
    db.session.add(CreditTopic(credit_id=given.id, topic_id=topic[0], was_reviewed=True))


def _said(number: int, now: datetime) -> sample.Row:
    is_rsc = number % 3 == 0
    on: date = now.date() - timedelta(days=5 * number)
    return {
        "id": number,
        "person_id": PERSON,
        "ledger": Ledger.RSC if is_rsc else Ledger.TRAINING,
        "title": f"Training elsewhere {number}",
        "began_on": on,
        "ended_on": on,
        "minutes": 60,
        "trainer": f"Provider {number % 4}",
        "is_group": True,
        "provider_standing": Standing.ENDORSED,
        "provider_categories": "IMHM-C",
        "source": EntrySource.SELF_REPORTED,
        "state": EntryState.VERIFIED,
        "checked_at": now,
        "checked_by_id": 2,
        "added_at": now,
        "added_by_id": PERSON,
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
