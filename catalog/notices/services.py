"""Asking for work and mail, in the transaction that causes it; and the worker's side of the same table."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa

from catalog import clock
from catalog.accounts.models import Person
from catalog.extensions import db, insert
from catalog.notices.letters import Letter, fill
from catalog.notices.models import Job, JobState

LEASE = timedelta(minutes=5)
RETRY_AFTER = (
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=6),
)
"""How long a failed job rests before each further attempt; after the last one it is dead."""


def send(
    person: Person,
    letter: Letter,
    values: Mapping[str, str],
    *,
    dedupe_key: str | None = None,
    at: datetime | None = None,
    calendar: int | None = None,
    reply_to: str | None = None,
) -> None:
    """A letter to a person, sent by the worker after this transaction has been committed.

    `values` are what its placeholders say, in words, as things stand now. `calendar` is the number of the offering
    whose meetings the letter brings up to date in the person's calendar; `reply_to` is whom an answer goes to."""
    filled = {"name": person.name, **values}
    _queue_mail(
        person,
        {
            "kind": letter.kind,
            "values": filled,
            "subject": fill(letter.subject, filled),
            "text": fill(letter.body, filled),
            **({"calendar": calendar} if calendar else {}),
            **({"reply_to": reply_to} if reply_to else {}),
        },
        dedupe_key,
        at,
    )


def tell(
    person: Person, subject: str, text: str, *, dedupe_key: str | None = None, at: datetime | None = None
) -> None:
    """Mail in words that nobody can change; `send` is for everything else."""
    _queue_mail(person, {"subject": subject, "text": text}, dedupe_key, at)


def _queue_mail(person: Person, payload: dict[str, Any], dedupe_key: str | None, at: datetime | None) -> None:
    whom = {"person_id": person.id, "to": person.email, "name": person.name}
    queue("mail", {**whom, **payload}, dedupe_key=dedupe_key, at=at, person_id=person.id)


def queue(
    kind: str,
    payload: dict[str, Any],
    *,
    dedupe_key: str | None = None,
    at: datetime | None = None,
    person_id: int | None = None,
) -> None:
    """A job for the worker, to be done at `at` or at once. The same dedupe key is queued only once."""
    now = clock.now()
    row = {
        "kind": kind,
        "payload": payload,
        "dedupe_key": dedupe_key,
        "state": JobState.READY,
        "run_at": at or now,
        "attempts": 0,
        "created_at": now,
        "person_id": person_id,
    }
    db.session.connection().execute(_insert(dedupe_key is not None), row)


@cache
def _insert(only_once: bool) -> sa.Insert:
    """Written once, because every movement of a queue sends mail."""
    if not only_once:
        return sa.insert(Job.__table__)  # type: ignore[arg-type]
    once: sa.Insert = insert(Job).on_conflict_do_nothing(index_elements=["dedupe_key"])
    return once


def is_work_due() -> bool:
    """Whether any job could be leased now; a read, so that an idle worker takes no lock."""
    now = clock.now()
    return bool(db.session.scalar(sa.select(sa.exists().where(*_leasable(now)))))


def lease(worker: str, limit: int = 1) -> list[Job]:
    """Take the oldest ready jobs for this worker. Nobody else is given them until the lease runs out.

    One at a time: of many, the last could wait behind a slow mail server until its lease is over."""
    now = clock.now()
    due = (
        sa.select(Job.id)
        .where(*_leasable(now))
        .order_by(Job.run_at, Job.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    taken = (
        sa.update(Job)
        .where(Job.id.in_(due))
        .values(leased_until=now + LEASE, leased_by=worker, attempts=Job.attempts + 1)
        .returning(Job)
        .execution_options(synchronize_session=False, populate_existing=True)
    )
    return sorted(db.session.scalars(taken).all(), key=lambda job: (job.run_at, job.id))


def finish(job_id: int, worker: str) -> None:
    """Mark the job done, unless its lease has gone to another worker meanwhile."""
    db.session.execute(
        sa.update(Job)
        .where(Job.id == job_id, Job.leased_by == worker, Job.state == JobState.READY)
        .values(state=JobState.DONE, done_at=clock.now(), leased_until=None, error=None)
    )


def fail(job: Job, worker: str, error: str) -> None:
    """Let the job rest before the next attempt; after the last one it is dead and keeps its reason."""
    is_last = job.attempts > len(RETRY_AFTER)
    rest = RETRY_AFTER[min(job.attempts, len(RETRY_AFTER)) - 1]
    db.session.execute(
        sa.update(Job)
        .where(Job.id == job.id, Job.leased_by == worker)
        .values(
            state=JobState.DEAD if is_last else JobState.READY,
            error=error[:2000],
            run_at=clock.now() + rest,
            leased_until=None,
        )
    )


def _leasable(now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        Job.state == JobState.READY,
        Job.run_at <= now,
        sa.or_(Job.leased_until.is_(None), Job.leased_until < now),
    )
