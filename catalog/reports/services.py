"""Counting the tallies anew, all of them in one transaction: whoever reads meanwhile finds the count before, whole,
and so does whoever comes after a worker that was killed in the middle."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby, islice
from time import perf_counter
from typing import Any

import sqlalchemy as sa

from catalog import clock
from catalog.extensions import Base, db, insert
from catalog.notices import services as notices
from catalog.notices.models import Job
from catalog.reports import people, tallies
from catalog.reports.models import PeopleTally, TallyCount, WorkplaceTally

JOB = "count_tallies"
BATCH = 5_000


def count(asked_at: datetime | None = None) -> None:
    """Count everything as it is now; unless a count that began after it was asked for is there already.

    Where counting takes longer than the lease of its job, another worker is given the job meanwhile: it waits for the
    first one, and finds that there is nothing left to do."""
    if not _is_our_turn(asked_at):
        return
    began = perf_counter()
    for tally, rows in tallies.ALL:
        db.session.execute(sa.delete(tally))
        names = [column.name for column in tally.__table__.columns]
        db.session.execute(sa.insert(tally).from_select(names, rows))
    _write(PeopleTally, ("offering_id", "on"), tallies.PRESENT)
    _write(WorkplaceTally, ("county",), tallies.WORKPLACES)
    _look_at_them()
    took = round(1000 * (perf_counter() - began))
    db.session.execute(sa.update(TallyCount).values(milliseconds=took))


def count_for(job_id: int) -> None:
    """What the worker does when its turn has come."""
    count(db.session.scalar(sa.select(Job.created_at).where(Job.id == job_id)))


def _write(tally: type[Base], names: tuple[str, ...], rows: sa.Select[Any]) -> None:
    """The people of each group in one row; the last column of the rows is the person, those before it are the key."""
    db.session.execute(sa.delete(tally))
    found = db.session.execute(rows.execution_options(yield_per=BATCH))
    for batch in _batches(_packed(found, names)):
        db.session.execute(sa.insert(tally), batch)


def _packed(rows: Iterable[Any], names: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    for key, group in groupby(rows, key=lambda row: tuple(row[:-1])):
        yield {**dict(zip(names, key, strict=True)), "people": people.pack(row[-1] for row in group)}


def _batches(rows: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    while batch := list(islice(rows, BATCH)):
        yield batch


def _look_at_them() -> None:
    """PostgreSQL plans badly for a table that it has not looked at since it was filled."""
    if db.engine.dialect.name == "postgresql":
        for tally in tallies.TABLES:
            db.session.execute(sa.text(f"ANALYZE {tally.__tablename__}"))


def _is_our_turn(asked_at: datetime | None) -> bool:
    """Lock the row of the count until the end, so that of two workers the second waits; and write when this count is,
    which is after the waiting."""
    now = clock.now()
    row = insert(TallyCount).values(id=1, as_of=now, milliseconds=0)
    taken = row.on_conflict_do_update(
        index_elements=["id"],
        set_={"as_of": now},
        where=TallyCount.as_of <= asked_at if asked_at else None,
    )
    if db.session.scalar(taken.returning(TallyCount.id)) is None:
        return False
    db.session.execute(sa.update(TallyCount).values(as_of=clock.now()))
    return True


def ask() -> None:
    """Let the worker count now; asked for often within a minute, it counts once."""
    notices.queue(JOB, {}, dedupe_key=f"{JOB} asked {clock.now():%Y-%m-%d %H:%M}")
