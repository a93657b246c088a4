"""The worker's side of the jobs: leasing one, and saying what became of it."""

from collections.abc import Collection
from datetime import datetime, timedelta

import sqlalchemy as sa

from catalog import clock
from catalog.extensions import db
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


def is_work_due(without: Collection[str] = ()) -> bool:
    """Whether any job could be leased now; a read, so that an idle worker takes no lock."""
    now = clock.now()
    return bool(db.session.scalar(sa.select(sa.exists().where(*_leasable(now, without)))))


def lease(worker: str, without: Collection[str] = ()) -> list[Job]:
    """Take the oldest ready job for this worker, of no kind in `without`, if there is one. Nobody else is given it
    until the lease runs out.

    One at a time: of many, the last could wait behind a slow mail server until its lease is over."""
    now = clock.now()
    due = (
        sa.select(Job.id)
        .where(*_leasable(now, without))
        .order_by(Job.run_at, Job.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    taken = (
        sa.update(Job)
        # By `=`, which asks once. With IN PostgreSQL may ask anew for every row, and then leases all of them.
        .where(Job.id == due)
        .values(leased_until=now + LEASE, leased_by=worker, attempts=Job.attempts + 1)
        .returning(Job)
        .execution_options(synchronize_session=False, populate_existing=True)
    )
    return list(db.session.scalars(taken))


def finish(job_id: int, worker: str, outcome: str | None = None) -> None:
    """Mark the job done, unless its lease has gone to another worker meanwhile. `outcome` says what became of it."""
    db.session.execute(
        sa.update(Job)
        .where(Job.id == job_id, Job.leased_by == worker, Job.state == JobState.READY)
        .values(state=JobState.DONE, done_at=clock.now(), leased_until=None, error=None, outcome=outcome)
    )


def again(job: Job, worker: str, error: str) -> None:
    """Let the job be done anew at once: something that stood in its way has been written down. It was an attempt all
    the same, so that nothing is done anew for ever."""
    if _was_last(job):
        fail(job, worker, error)
        return
    db.session.execute(
        sa.update(Job)
        .where(Job.id == job.id, Job.leased_by == worker, Job.state == JobState.READY)
        .values(leased_until=None, run_at=clock.now())
    )


def fail(job: Job, worker: str, error: str) -> None:
    """Let the job rest before the next attempt; after the last one it is dead and keeps its reason."""
    rest = RETRY_AFTER[min(job.attempts, len(RETRY_AFTER)) - 1]
    db.session.execute(
        sa.update(Job)
        .where(Job.id == job.id, Job.leased_by == worker)
        .values(
            state=JobState.DEAD if _was_last(job) else JobState.READY,
            error=error[:2000],
            run_at=clock.now() + rest,
            leased_until=None,
        )
    )


def _was_last(job: Job) -> bool:
    return job.attempts > len(RETRY_AFTER)


def put_off(job: Job, worker: str, error: str, rest: timedelta) -> None:
    """What the job needs is away, so this was no attempt: one that waits for long is not given up. It stays leased
    while it rests, and due as of when it was, which says since when it has waited."""
    db.session.execute(
        sa.update(Job)
        .where(Job.id == job.id, Job.leased_by == worker, Job.state == JobState.READY)
        .values(attempts=Job.attempts - 1, error=error[:2000], leased_until=clock.now() + rest)
    )


def _leasable(now: datetime, without: Collection[str]) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        *((Job.kind.not_in(without),) if without else ()),
        Job.state == JobState.READY,
        sa.or_(Job.run_at <= now, *_put_off_by_a_wrong_clock(now)),
        sa.or_(
            Job.leased_until.is_(None),
            Job.leased_until < now,
            # Nobody leases for so long: the clock was put back since. Twice as long, because another worker may have
            # looked at the clock a moment later, or at another machine's.
            Job.leased_until > now + 2 * LEASE,
        ),
    )


def _put_off_by_a_wrong_clock(now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    """What was asked for at once while the clock was ahead, and what rests for longer than anything rests."""
    return (
        sa.and_(Job.created_at > now, Job.run_at <= Job.created_at),
        sa.and_(Job.attempts > 0, Job.run_at > now + RETRY_AFTER[-1]),
    )
