"""What was mailed and what was not. Only the subject is told, never what stands in a letter."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa

from catalog import clock
from catalog.accounts.models import Person
from catalog.extensions import db
from catalog.notices.models import Job, JobState
from catalog.notices.outcomes import SENT

LATELY = timedelta(days=7)
MOST = 50
PER_PAGE = 50

# Written out, because a partial index is of no use to a value that is only known later.
IS_READY = Job.state == sa.literal_column(f"'{JobState.READY}'")
IS_MAIL = Job.kind == sa.literal_column("'mail'")
IS_DONE = Job.state == sa.literal_column(f"'{JobState.DONE}'")
IS_DEAD = Job.state == sa.literal_column(f"'{JobState.DEAD}'")
SUBJECT = Job.payload["subject"].as_string().label("subject")


class Outgoing(NamedTuple):
    """How the mail stands now."""

    due: int
    later: int
    oldest: datetime | None
    """Since when the longest-waiting of those that are due has been due."""
    sent: int
    """In the last week."""
    not_sent: Sequence[tuple[str, int]]
    """Why others were not, and how many, in the last week."""


class Mail(NamedTuple):
    id: int
    subject: str
    state: JobState
    at: datetime
    """When it was done, or is due, or was last tried."""
    said: str
    """What became of it, or why it could not be sent so far."""


class DeadMail(NamedTuple):
    mail: Mail
    person_id: int | None
    name: str


class Mails(NamedTuple):
    rows: list[Mail]
    number: int
    pages: int


def outgoing() -> Outgoing:
    now = clock.now()
    due = sa.case((Job.run_at <= now, 1))
    waiting = db.session.execute(
        sa.select(
            sa.func.count(due),
            sa.func.count() - sa.func.count(due),
            sa.func.min(sa.case((Job.run_at <= now, Job.run_at))),
        ).where(IS_MAIL, IS_READY)
    ).one()
    became = sa.case((Job.outcome.startswith(SENT), SENT), else_=Job.outcome).label("became")
    lately = db.session.execute(
        sa.select(became, sa.func.count())
        .where(IS_MAIL, IS_DONE, Job.done_at >= now - LATELY, Job.outcome.is_not(None))
        .group_by(became)
        .order_by(sa.func.count().desc(), became)
    ).all()
    counts = {became: number for became, number in lately if became}
    sent = counts.pop(SENT, 0)
    return Outgoing(waiting[0], waiting[1], waiting[2], sent, list(counts.items()))


def dead() -> list[DeadMail]:
    """What was given up, the newest first."""
    rows = db.session.execute(
        sa.select(*_COLUMNS, Job.person_id, Person.name)
        .outerjoin(Person, Person.id == Job.person_id)
        .where(IS_MAIL, IS_DEAD)
        .order_by(Job.id.desc())
        .limit(MOST)
    )
    return [DeadMail(_mail(row), row.person_id, row.name or "Somebody") for row in rows]


def how_many_dead() -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(Job).where(IS_MAIL, IS_DEAD)) or 0


def mail_of(person: Person, number: int = 1) -> Mails:
    """One page of what somebody was or will be mailed, the newest first."""
    mine = (Job.person_id == person.id, IS_MAIL)
    total = db.session.scalar(sa.select(sa.func.count()).select_from(Job).where(*mine)) or 0
    pages = max(1, -(-total // PER_PAGE))
    number = min(max(number, 1), pages)
    rows = db.session.execute(
        sa.select(*_COLUMNS)
        .where(*mine)
        .order_by(Job.id.desc())
        .limit(PER_PAGE)
        .offset((number - 1) * PER_PAGE)
    )
    return Mails([_mail(row) for row in rows], number, pages)


def asked_before(keys: Collection[str]) -> set[str]:
    """Those of these dedupe keys under which something was asked for already."""
    wanted, found = list(keys), set[str]()
    for start in range(0, len(wanted), 500):
        some = wanted[start : start + 500]
        found.update(
            filter(None, db.session.scalars(sa.select(Job.dedupe_key).where(Job.dedupe_key.in_(some))))
        )
    return found


_COLUMNS = (Job.id, SUBJECT, Job.state, Job.run_at, Job.done_at, Job.outcome, Job.error)


def _mail(row: Any) -> Mail:
    is_waiting = row.state == JobState.READY
    said = row.outcome or (f"Not sent yet: {row.error}" if row.error and is_waiting else row.error) or ""
    return Mail(row.id, row.subject or "", row.state, row.done_at or row.run_at, said)
