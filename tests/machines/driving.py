"""How the state machines are driven: against the real services and the database, one commit a step, as a view does.

The suite takes 2,000 steps, a third of them with each machine; `make fuzz` takes 50,000 (FUZZ_STEPS). The steps that
were really taken are counted and printed. A failure prints the shortest series of steps that shows it."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from catalog import clock
from catalog.errors import RuleBroken
from catalog.extensions import db, writing
from catalog.reports.checking import invariants
from tests import rows

MACHINES = 3
STEPS = -(-int(os.environ.get("FUZZ_STEPS") or "2000") // MACHINES)
"""What each machine takes."""
AT_ONCE = 1000
"""Steps after which it is said how far it is."""
IN_A_ROW = 50
"""Steps of one example; after them the database is emptied."""
BEGIN = datetime(2027, 1, 4, 12, tzinfo=UTC)


class Machine(RuleBasedStateMachine):
    """The world of one example. Each step happens a minute after the last one."""

    app: ClassVar[Flask]
    steps: ClassVar[int]

    def __init__(self) -> None:
        super().__init__()
        self.now = BEGIN
        self.taken = 0
        self.context = self.app.app_context()
        self.context.push()
        writing.set(True)
        db.session().expire_on_commit = False
        with clock.at(self.now):
            self.set_up()
            db.session.commit()

    def set_up(self) -> None:
        raise NotImplementedError

    def does(self, act: Callable[[], Any]) -> Any:
        """What it gave, committed; or the refusal, and nothing happened."""
        type(self).steps += 1
        self.taken += 1
        self.now += timedelta(minutes=1)
        writing.set(True)
        with clock.at(self.now):
            try:
                made = act()
                db.session.commit()
            except RuleBroken as refusal:
                db.session.rollback()
                made = refusal
        db.session.expire_all()
        return made

    def broken(self) -> list[str]:
        """Which invariants of `flask catalog check` do not hold."""
        with clock.at(self.now):
            return [name for name, _, select in invariants.ALL if db.session.execute(select).first()]

    def teardown(self) -> None:
        try:
            found = self.broken()
            assert found == [], found
        finally:
            rows.delete_all()
            db.session.remove()
            self.context.pop()


def drive(machine: type[Machine], app: Flask, say: Callable[[str], None]) -> int:
    """Take the steps; how many they were."""
    machine.app, machine.steps = app, 0
    began = time.monotonic()
    while machine.steps < STEPS:
        left = min(AT_ONCE, STEPS - machine.steps)
        run_state_machine_as_test(
            machine,
            settings=settings(
                # The first examples of a search are the simplest, of no or few steps; a few are needed to get on.
                max_examples=max(20, -(-left // IN_A_ROW)),
                stateful_step_count=IN_A_ROW,
                deadline=None,
                database=None,
                suppress_health_check=list(HealthCheck),
                phases=[Phase.generate, Phase.shrink],
            ),
        )
        say(f"{machine.__name__}: {machine.steps:,} steps in {time.monotonic() - began:.0f} s")
    return machine.steps


@contextmanager
def aloud(capsys: pytest.CaptureFixture[str]) -> Iterator[Callable[[str], None]]:
    """Print so that it is seen also when the test passes."""

    def say(sentence: str) -> None:
        with capsys.disabled():
            print(f"\n{sentence}", end="", flush=True)  # noqa: T201

    yield say


def said(refusal: Any) -> str:
    """The name of the rule that was kept; empty when it was done."""
    return type(refusal).__name__ if isinstance(refusal, RuleBroken) else ""
