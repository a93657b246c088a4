"""Writes: the whole database is looked through once a day, and administrators are told of what they were not."""

import hashlib
from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from catalog import clock
from catalog.accounts.models import Person
from catalog.extensions import db, start_writing, writing
from catalog.notices import audit
from catalog.notices import services as notices
from catalog.notices.models import Job, JobState
from catalog.reports.checking import invariants
from catalog.watching import letters, queries
from catalog.watching.models import CheckRun

JOB = "check_all"
EXAMPLES = 5


class Finding(NamedTuple):
    """One invariant that is broken: by how many rows, and the first of them."""

    name: str
    sentence: str
    rows: int
    examples: list[str]
    digest: str


def look() -> Iterator[Finding]:
    """Every invariant in a transaction of its own that only reads: nobody waits for it, however long it takes."""
    for name, sentence, select in invariants.ALL:
        db.session.rollback()
        writing.set(False)
        rows = [_said(row) for row in db.session.execute(select).mappings()]
        if rows:
            digest = hashlib.sha256("\n".join([name, *sorted(rows)]).encode()).hexdigest()
            yield Finding(name, sentence, len(rows), rows[:EXAMPLES], digest)


def _said(row: Any) -> str:
    return ", ".join(f"{column} {value}" for column, value in row.items())


def check() -> str:
    """Look, write down what was found, and tell the administrators, unless they were told of the very same before.
    Says what became of it."""
    began = clock.now()
    found = list(look())
    start_writing()
    run = _written(began, found)
    if found and not _was_told(run):
        run.told_at = clock.now()
        for person in queries.administrators():
            letters.found(person, found)
    db.session.flush()
    return f"{run.rows} broken row(s)"


def _written(began: datetime, found: list[Finding]) -> CheckRun:
    run = CheckRun(
        began_at=began,
        ended_at=clock.now(),
        rows=sum(one.rows for one in found),
        digest=hashlib.sha256("".join(one.digest for one in found).encode()).hexdigest(),
        found={
            "findings": [
                {"name": one.name, "sentence": one.sentence, "rows": one.rows, "examples": one.examples}
                for one in found
            ]
        },
        told_at=None,
    )
    db.session.add(run)
    db.session.flush()
    return run


def _was_told(run: CheckRun) -> bool:
    """Whether the run before found the very same rows and somebody heard of them then or earlier."""
    before = db.session.scalar(
        sa.select(CheckRun).where(CheckRun.id < run.id).order_by(CheckRun.id.desc()).limit(1)
    )
    return before is not None and before.digest == run.digest and before.rows > 0


def try_again(*, by: Person) -> int:
    """All work that was given up, from the first attempt on; how much it was. Letters have their own page."""
    rows = db.session.scalars(
        sa.update(Job)
        .where(queries.IS_GIVEN_UP)
        .values(state=JobState.READY, attempts=0, run_at=clock.now(), error=None, leased_until=None)
        .execution_options(synchronize_session=False)
        .returning(Job.id)
    ).all()
    if rows:
        audit.note("work.tried_again", "mail", 0, by=by, jobs=len(rows))
    return len(rows)


def ask() -> None:
    """Once a day, whichever worker is first."""
    notices.queue(JOB, {}, dedupe_key=f"{JOB} {clock.now():%Y-%m-%d}")
