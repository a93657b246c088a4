"""Counting the tallies anew, all of them in one transaction: whoever reads meanwhile finds the count before, whole,
and so does whoever comes after a worker that was killed in the middle."""

from time import perf_counter

import sqlalchemy as sa

from catalog import clock
from catalog.extensions import db, insert
from catalog.notices import services as notices
from catalog.reports import tallies
from catalog.reports.models import TallyCount

JOB = "count_tallies"


def count() -> None:
    """Count everything as it is now."""
    began = perf_counter()
    _one_at_a_time()
    for tally, rows in tallies.ALL:
        db.session.execute(sa.delete(tally))
        names = [column.name for column in tally.__table__.columns]
        db.session.execute(sa.insert(tally).from_select(names, rows))
    took = round(1000 * (perf_counter() - began))
    db.session.execute(sa.update(TallyCount).values(milliseconds=took))


def _one_at_a_time() -> None:
    """Write when this count is, which locks its row until the end: of two workers the second waits."""
    now = clock.now()
    row = insert(TallyCount).values(id=1, as_of=now, milliseconds=0)
    db.session.execute(row.on_conflict_do_update(index_elements=["id"], set_={"as_of": now}))


def ask() -> None:
    """Let the worker count now; asked for often within a minute, it counts once."""
    notices.queue(JOB, {}, dedupe_key=f"{JOB} asked {clock.now():%Y-%m-%d %H:%M}")
