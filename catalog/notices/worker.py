"""The worker: leases jobs, does them, and keeps what failed for another attempt.

A job is done at least once. The worker may be killed at any moment: what it had leased is leased again when
the lease runs out. Several workers may run at once."""

import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import Flask

from catalog import clock
from catalog.config import Settings
from catalog.extensions import db, start_writing, writing
from catalog.notices import mail, posting, services
from catalog.notices.models import Job, JobState
from catalog.notices.outcomes import NO_ADDRESS, SENT

log = logging.getLogger(__name__)

Resting = dict[str, float]
"""Kinds of jobs that this worker leaves alone, and until when, on a clock that nobody puts back."""
REST_SECONDS = 30
"""While the mail server is away, other work is done, and no letter uses up its attempts in vain."""
MOST_BEGUN = len(services.RETRY_AFTER) + 5
"""What has been begun more often never came to an end, not even to a failure: it takes its worker with it."""
Handler = Callable[[int, dict[str, Any]], str | None]
"""Does a job, given its number and payload, and may say what became of it. It may write; the worker commits it
together with the job's end."""


class NeverEnded(Exception):
    """Its text is what a coordinator reads."""


def send_mail(settings: Settings) -> Handler:
    def send(job_id: int, payload: dict[str, Any]) -> str:
        writing.set(False)
        made = posting.message_or_reason(job_id, payload, settings)
        # A mail server may take its time: nobody waits for a lock or a transaction meanwhile.
        start_writing()
        if isinstance(made, str):
            return made
        if made.parts:
            for part in made.parts:
                part.leaves()
            db.session.commit()
            start_writing()
        mail.deliver(made.message, settings)
        for part in made.parts:
            part.sent()
        return f"{SENT}{made.message['To'].addresses[0].addr_spec}"

    return send


def work(
    app: Flask,
    handlers: Mapping[str, Handler],
    *,
    stop: threading.Event,
    pause: float = 1.0,
    once: bool = False,
    hourly: Sequence[str] = (),
) -> None:
    """Do what is due, rest for `pause` seconds, again, until `stop` is set; `once` returns when nothing is due.

    `hourly` are kinds of jobs that are asked for once an hour, by whichever worker is first."""
    name = f"{socket.gethostname()}-{os.getpid()}"
    seeded: datetime | None = None
    resting: Resting = {}
    while not stop.is_set():
        try:
            with app.app_context():
                hour = clock.now().replace(minute=0, second=0, microsecond=0)
                if hour != seeded:
                    _seed(hourly, hour)
                    seeded = hour
                did_something = _round(name, handlers, resting)
        except Exception:
            # The database may be away for a moment; the worker stays.
            log.exception("the worker could not read its jobs")
            did_something = False
        if not did_something:
            if once:
                return
            stop.wait(pause)


def _seed(kinds: Sequence[str], hour: datetime) -> None:
    """Ask for these jobs, unless another worker did in this hour; the hours while no worker ran are not made up for.
    Those of the day before are of no use any more."""
    if not kinds:
        return
    start_writing()
    for kind in kinds:
        services.queue(kind, {}, dedupe_key=_key(kind, hour))
        old = [_key(kind, hour - timedelta(hours=back)) for back in range(24, 48)]
        db.session.execute(sa.delete(Job).where(Job.dedupe_key.in_(old), Job.state == JobState.DONE))
        # Asked for while the clock was ahead: those hours are still to come.
        to_come = (Job.dedupe_key > _key(kind, hour), Job.dedupe_key < f"{kind} 9999")
        db.session.execute(sa.delete(Job).where(*to_come, Job.state == JobState.DONE))
    db.session.commit()


def _key(kind: str, hour: datetime) -> str:
    return f"{kind} {hour:%Y-%m-%dT%H}"


def _round(name: str, handlers: Mapping[str, Handler], resting: Resting) -> bool:
    without = [kind for kind, until in resting.items() if until > time.monotonic()]
    writing.set(False)
    if not services.is_work_due(without):
        return False
    start_writing()
    jobs = services.lease(name, without=without)
    # Detached, so that they stay readable after the commit without another look at the database.
    db.session.expunge_all()
    db.session.commit()
    # Also when this worker is to stop: what it has leased would rest until the lease runs out.
    for job in jobs:
        if not _do(job, name, handlers):
            resting[job.kind] = time.monotonic() + REST_SECONDS
    return bool(jobs)


def _do(job: Job, name: str, handlers: Mapping[str, Handler]) -> bool:
    """False when what all jobs of this kind need is away."""
    try:
        writing.set(True)
        _refuse_endless(job)
        outcome = handlers[job.kind](job.id, job.payload)
        services.finish(job.id, name, outcome)
        db.session.commit()
    except mail.AddressRefused as refusal:
        log.warning("job %s: %s", job.id, refusal)
        start_writing()
        digest = f"{job.id} {clock.now().isoformat()} {refusal}"
        services.mark(refusal.address, refusal.reason, digest, is_permanent=True, job_id=job.id)
        if posting.goes_elsewhere(job.payload, refusal.address):
            services.again(job, name, str(refusal))
        else:
            services.finish(job.id, name, NO_ADDRESS)
        db.session.commit()
    except Exception as error:
        log.warning("job %s (%s) failed: %s", job.id, job.kind, error)
        start_writing()
        if isinstance(error, mail.NotLetIn):
            services.put_off(job, name, _reason(error), timedelta(seconds=REST_SECONDS))
        else:
            services.fail(job, name, _reason(error))
        db.session.commit()
        return not isinstance(error, mail.ServerAway)
    return True


def _refuse_endless(job: Job) -> None:
    if job.attempts > MOST_BEGUN:
        raise NeverEnded(f"It was begun {job.attempts} times and never ended.")


def _reason(error: Exception) -> str:
    return str(error) if isinstance(error, (mail.NotNow, NeverEnded)) else f"{type(error).__name__}: {error}"
