"""Reads: the figures that are true now. Each is one statement over an index or over few rows."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from catalog.accounts.models import Person
from catalog.courses.models import Offering, OfferingState, Seat
from catalog.extensions import db
from catalog.notices.models import Job, JobState
from catalog.watching.models import CheckRun


class Queue(NamedTuple):
    """Jobs of one kind in one state, and when the one that has been due longest was due."""

    kind: str
    state: str
    rows: int
    oldest: datetime | None


class GivenUp(NamedTuple):
    """Jobs of one kind that failed at every attempt. Letters have a page of their own."""

    kind: str
    rows: int
    since: datetime
    reason: str | None


IS_GIVEN_UP = sa.and_(Job.state == sa.literal_column(f"'{JobState.DEAD}'"), Job.kind != "mail")


def given_up() -> list[GivenUp]:
    rows = db.session.execute(
        sa.select(Job.kind, sa.func.count(), sa.func.min(Job.created_at), sa.func.max(Job.error))
        .where(IS_GIVEN_UP)
        .group_by(Job.kind)
        .order_by(Job.kind)
    )
    return [GivenUp(*row) for row in rows.tuples()]


def queue(now: datetime) -> Iterator[Queue]:
    """What is due and not done, what waits for its time, and what was given up. Letters that were sent are many; they
    are not looked at."""
    # Written out, as the partial indexes are: a value that is only known later makes no use of them.
    is_ready = Job.state == sa.literal_column(f"'{JobState.READY}'")
    is_dead = Job.state == sa.literal_column(f"'{JobState.DEAD}'")
    for state, which in (
        ("due", sa.and_(is_ready, Job.run_at <= now)),
        ("waiting", sa.and_(is_ready, Job.run_at > now)),
        ("dead", is_dead),
    ):
        # When those that were given up were due says nothing, and their index does not hold it.
        oldest_due = sa.func.min(Job.run_at) if state == "due" else sa.null()
        rows = db.session.execute(
            sa.select(Job.kind, sa.func.count(), oldest_due).where(which).group_by(Job.kind)
        )
        for kind, count, oldest in rows:
            yield Queue(kind, state, count, oldest)


class Seats(NamedTuple):
    sessions: int
    taken: int
    free: int


def seats(now: datetime) -> Seats:
    """Of the sessions that are still to begin."""
    coming = (Offering.state == OfferingState.SCHEDULED, Offering.starts_at > now)
    sessions = db.session.scalar(sa.select(sa.func.count()).select_from(Offering).where(*coming)) or 0
    counted = dict(
        db.session.execute(
            sa.select(Seat.is_taken, sa.func.count())
            .join(Offering, Offering.id == Seat.offering_id)
            .where(*coming)
            .group_by(Seat.is_taken)
        )
        .tuples()
        .all()
    )
    return Seats(sessions, counted.get(True, 0), counted.get(False, 0))


def last_check() -> CheckRun | None:
    return db.session.scalar(
        sa.select(CheckRun).order_by(CheckRun.began_at.desc(), CheckRun.id.desc()).limit(1)
    )


def checks(most: int = 30) -> list[CheckRun]:
    found = sa.select(CheckRun).order_by(CheckRun.began_at.desc(), CheckRun.id.desc()).limit(most)
    return list(db.session.scalars(found))


def administrators() -> list[Person]:
    return list(
        db.session.scalars(
            sa.select(Person)
            .where(Person.is_administrator, Person.merged_into_id.is_(None), Person.left_at.is_(None))
            .order_by(Person.id)
        )
    )
