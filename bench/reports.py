"""`python -m bench.reports`: every page of the reports with a million enrollments on PostgreSQL.

Five years of sessions (see `bench.million`) are made once; `--keep NAME` leaves the database on the server that
TEST_DATABASE_URL names and finds it there again, counted; `--count` counts it anew. The worker's count is measured
first, then each page, asked of the application itself: from the request to the last byte of the answer, with no
network. The aim is 2 seconds."""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from statistics import median

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from bench import databases, million
from bench.build import Built, build, settle
from bench.servers import environ
from catalog import clock, config, create_app
from catalog.accounts import services as accounts
from catalog.accounts.models import Person
from catalog.enrollment.models import Enrollment
from catalog.extensions import db, writing
from catalog.reports import desk, services
from catalog.reports.standings.models import GoalStanding
from tests import engines

ENROLLMENTS, GOALS, ROUNDS, AIM = 1_000_000, 20_000, 7, 2.0
COORDINATOR = million.FIRST + 1
HEAD = "| Page | median s | p95 s | CPU s of the page | bytes |\n|---|--:|--:|--:|--:|"


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m bench.reports", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("--enrollments", type=int, default=ENROLLMENTS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--keep", default="", help="the name of a database that stays for the next run")
    parser.add_argument("--count", action="store_true", help="count anew what was kept")
    options = parser.parse_args(words)
    if absent := databases.why_absent(databases.POSTGRESQL):
        print(absent)
        return 0
    with engines.stopping_cleanly(), tempfile.TemporaryDirectory(prefix="catalog-bench-") as name:
        os.environ["INSTANCE"] = name
        with _database(options.keep, Path(name)) as (url, is_new):
            _measure(url, Path(name), options, is_new=is_new)
    return 0


@contextmanager
def _database(keep: str, folder: Path) -> Iterator[tuple[str, bool]]:
    """Its URL, and whether it is empty."""
    server = os.environ.get("TEST_DATABASE_URL")
    if keep and server:
        url = sa.make_url(server).set(database=keep).render_as_string(hide_password=False)
        try:
            sa.create_engine(url, poolclass=sa.NullPool).connect().close()
        except sa.exc.OperationalError:
            yield engines.create_database(server, keep), True
        else:
            yield url, False
        return
    with databases.opened(databases.POSTGRESQL, folder) as create:
        yield create("reports"), True


def _measure(url: str, folder: Path, options: argparse.Namespace, *, is_new: bool) -> None:
    app = create_app(config.read(environ(url, folder), folder))
    if is_new:
        build(app, Built(2_000, 200))
        with app.app_context():
            writing.set(True)
            million.fill(options.enrollments)
            db.session.commit()
            settle()
    with app.app_context():
        enrollments = db.session.scalar(sa.select(sa.func.count()).select_from(Enrollment)) or 0
        db.session.rollback()
        seconds = _count() if is_new or options.count else 0
        goals = _stand()
        token = _coordinator()
    counted = f"; the worker counted in {seconds:.0f} s" if seconds else ""
    print(f"\n### {databases.version(url)}, {enrollments:,} enrollments, {goals:,} goals{counted}\n")
    print(HEAD)
    for name, path in _paths().items():
        print(_line(app, token, name, path, options.rounds), flush=True)


def _count() -> float:
    began = time.perf_counter()
    writing.set(True)
    services.count()
    db.session.commit()
    return time.perf_counter() - began


def _stand() -> int:
    """How many goals the worker reckoned last. It takes its time, so where there are none, their rows are made up."""
    goals = sa.select(sa.func.count()).select_from(GoalStanding)
    if not db.session.scalar(goals):
        db.session.rollback()
        writing.set(True)
        million.stand(GOALS)
        db.session.commit()
        settle()
    found = db.session.scalar(goals) or 0
    db.session.rollback()
    return found


def _coordinator() -> str:
    writing.set(True)
    person = db.session.get_one(Person, COORDINATOR)
    person.coordinates = True
    token = accounts.begin_sign_in(person)
    db.session.commit()
    return token


def _paths() -> dict[str, str]:
    """Each report as it opens, and over everything there is."""
    today = clock.now().date()
    days = f"from={today - timedelta(days=1900)}&to={today + timedelta(days=200)}"
    paths = {}
    for question in desk.ALL:
        paths[question.title] = f"/reports/{question.key}"
        paths[f"{question.title}, all years"] = f"/reports/{question.key}?{days}"
    figures = {
        "hours": ("training", "months"),
        "reach": ("people", "months"),
        "fill": ("no-shows", "months"),
        "waiting": ("left", "months"),
        "demand": ("people", "counties"),
        "pipeline": ("all", "categories"),
        "renewal": ("at-risk", "categories"),
    }
    for key, (column, table) in figures.items():
        paths[f"Rows behind: {key}, all years"] = (
            f"/reports/{key}/rows?table={table}&line=total&column={column}&{days}"
        )
    return paths


def _line(app: Flask, token: str, name: str, path: str, rounds: int) -> str:
    client = app.test_client()
    client.set_cookie("sign_in", token)
    _ask(client, path)  # the first one warms up
    times, cpu, size = [], [], 0
    for _ in range(rounds):
        began = time.perf_counter(), time.process_time()
        size = _ask(client, path)
        times.append(time.perf_counter() - began[0])
        cpu.append(time.process_time() - began[1])
    p95 = sorted(times)[min(len(times) - 1, round(0.95 * len(times)))]
    late = "" if p95 <= AIM else " (over 2 s)"
    return f"| {name} | {median(times):.2f} | {p95:.2f}{late} | {median(cpu):.2f} | {size:,} |"


def _ask(client: FlaskClient, path: str) -> int:
    answer = client.get(path)
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answered {answer.status_code}")
    return len(answer.data)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
