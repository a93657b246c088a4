"""One run: an empty catalog, twenty people, so many kills at random moments, and a verdict."""

import json
import random
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa
from flask import Flask

from catalog import clock
from catalog.extensions import db, writing
from catalog.notices.models import Job, JobState
from catalog.notices.services import LEASE
from tests.torture import judging
from tests.torture.clients import Client, clients
from tests.torture.scene import set_up
from tests.torture.site import Site, standing, wait_until

LONGEST_PAUSE = 1.2
AGAIN_AT_ONCE = 0.1
"""How often the next is killed before the last one has come up again."""
Say = Callable[[str], None]


@dataclass
class Figures:
    """What one run measured; `wrong` is what must be empty."""

    engine: str
    seed: int
    kills: Counter[str] = field(default_factory=Counter)
    seconds: float = 0
    told: Counter[str] = field(default_factory=Counter)
    unsure: Counter[str] = field(default_factory=Counter)
    pages: Counter[str] = field(default_factory=Counter)
    letters: int = 0
    repeated: int = 0
    longest_recovery: float = 0
    check: str = ""
    wrong: list[str] = field(default_factory=list)


def torture(engine: str, kills: int, seed: int, *, patient: bool, say: Say) -> Figures:
    """`patient` waits until the leases of killed workers run out by themselves, which takes five minutes."""
    figures, began = Figures(engine, seed), time.monotonic()
    with standing(engine) as (app, running):
        scene = set_up(app)
        running.start()
        stop = threading.Event()
        people = clients(scene, running.port, seed, stop)
        threads = [threading.Thread(target=one.run, daemon=True) for one in people]
        for thread in threads:
            thread.start()
        try:
            _kill(running, people, kills, random.Random(seed), figures, say)
        finally:
            stop.set()
        for thread in threads:
            thread.join(timeout=90)
        running.wait_for()
        say("Everybody has stopped; the worker finishes what is left.")
        _settle(app, patient)
        with app.app_context():
            writing.set(False)
            figures.wrong = judging.judge(scene, people, running.sink)
        checked = running.flask("catalog", "check")
        figures.check = checked.stdout.strip() or checked.stderr.strip()[-500:]
        if checked.returncode:
            figures.wrong.append(figures.check)
        _sum_up(figures, people, running)
        if figures.wrong:
            _keep(running.folder, say)
    figures.seconds = round(time.monotonic() - began, 1)
    return figures


def _kill(
    running: Site, people: Sequence[Client], kills: int, chance: random.Random, figures: Figures, say: Say
) -> None:
    for number in range(1, kills + 1):
        time.sleep(chance.random() * LONGEST_PAUSE)
        victims = running.victims()
        name = chance.choice(list(victims))
        victims[name]()
        figures.kills[name] += 1
        if chance.random() >= AGAIN_AT_ONCE:
            down = time.monotonic()
            running.wait_for()
            figures.longest_recovery = max(figures.longest_recovery, round(time.monotonic() - down, 1))
        if number % 10 == 0:
            told = sum(one.told.total() for one in people)
            say(
                f"{number} of {kills} kills; {told} actions acknowledged, {len(running.sink.arrived)} letters."
            )
        if failed := [one for one in people if one.error]:
            raise AssertionError(f"{failed[0].who.email}: {failed[0].error}")


def _settle(app: Flask, patient: bool) -> None:
    """Until no letter waits. Leases of those that were killed run out; what failed meanwhile has its rest."""
    if not patient:
        with app.app_context():
            writing.set(True)
            waiting = sa.update(Job).where(Job.state == JobState.READY)
            db.session.execute(waiting.values(leased_until=None))
            db.session.execute(waiting.where(Job.kind == "mail").values(run_at=clock.now()))
            db.session.commit()
    seconds = (2 * LEASE).total_seconds() if patient else 180
    wait_until(lambda: _is_quiet(app), seconds)


def _is_quiet(app: Flask) -> bool:
    with app.app_context():
        writing.set(False)
        soon = clock.now() + timedelta(minutes=1)
        waits = sa.or_(Job.kind == "mail", Job.run_at <= soon)
        return not db.session.scalar(sa.select(sa.exists().where(Job.state == JobState.READY, waits)))


def _sum_up(figures: Figures, people: Sequence[Client], running: Site) -> None:
    for one in people:
        figures.told += one.told
        figures.unsure += one.unsure
        figures.pages += one.pages
    figures.letters = len(running.sink.each_once())
    figures.repeated = len(running.sink.arrived) - figures.letters


def _keep(folder: Path, say: Say) -> None:
    """What the programs printed, for whoever looks for the reason."""
    for log in ("server.log", "worker.log"):
        kept = Path(tempfile.gettempdir(), f"torture-{log}")
        kept.write_bytes((folder / log).read_bytes())
        say(f"What it printed is kept in {kept}.")


def as_json(figures: Sequence[Figures]) -> str:
    return json.dumps([vars(one) for one in figures], indent=2)
