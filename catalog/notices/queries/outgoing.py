"""What was mailed and what was not. Only the subject is told, never what stands in a letter."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa

from catalog import clock
from catalog.accounts.models import Person
from catalog.accounts.queries import people_at
from catalog.extensions import UtcDateTime, db
from catalog.notices.models import Bounce, Job, JobState
from catalog.notices.outcomes import NO_ADDRESS, SENT

LATELY = timedelta(days=7)
KEPT = timedelta(days=90)
"""How long the words of a letter are kept after it was sent. That it was, and its subject, is kept."""
FOR_LONG = timedelta(hours=1)
"""Mail that has been due for longer does not go out as it should."""
PER_PAGE = 50
MOST_COUNTED = 10_000
"""Of each kind so much is counted and listed: what is said of more takes longer to count than anybody waits for."""

# Written out, because a partial index is of no use to a value that is only known later.
IS_READY = Job.state == sa.literal_column(f"'{JobState.READY}'")
IS_MAIL = Job.kind == sa.literal_column("'mail'")
IS_DONE = Job.state == sa.literal_column(f"'{JobState.DONE}'")
IS_DEAD = Job.state == sa.literal_column(f"'{JobState.DEAD}'")
SUBJECT = Job.payload["subject"].as_string().label("subject")


class Outgoing(NamedTuple):
    """How the mail stands now. Nothing is counted beyond MOST_COUNTED."""

    due: int
    later: int
    oldest: datetime | None
    """Since when the longest-waiting of those that are due has been due."""
    sent: int
    """In the last week, or of the last so many that there were in it."""
    not_sent: Sequence[tuple[str, int]]
    """Why others were not, and how many."""
    given_up: int
    found_again: int
    """Of those that found no address: how many have one now, because its mark was cleared since."""

    @property
    def is_whole_week(self) -> bool:
        return self.sent + sum(count for _, count in self.not_sent) < MOST_COUNTED


class HeldUp(NamedTuple):
    since: datetime
    reason: str | None
    """Why it could not be sent the last time; None when nobody tried."""


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
    due = sa.and_(IS_MAIL, IS_READY, Job.run_at <= now)
    waiting = sa.select(
        _how_many(due, Job.run_at),
        _how_many(sa.and_(IS_MAIL, IS_READY, Job.run_at > now), Job.run_at),
        sa.select(sa.func.min(Job.run_at, type_=UtcDateTime())).where(due).scalar_subquery(),
        _how_many(sa.and_(IS_MAIL, IS_DEAD), Job.id),
        _how_many(found_again(now), Job.id),
    )
    number_due, later, oldest, given_up, again = db.session.execute(waiting).one()
    counts = _lately(now)
    return Outgoing(number_due, later, oldest, counts.pop(SENT, 0), list(counts.items()), given_up, again)


def found_again(now: datetime) -> sa.ColumnElement[bool]:
    """Letters that found no address, and whose person has one again: a mark was cleared after they ended. None to
    exactly one address: the link in such a letter was for the moment in which it was asked for."""
    theirs = sa.or_(Bounce.address == Person.email, Bounce.address == Person.second_email)
    was_cleared = sa.and_(Bounce.is_permanent, Bounce.cleared_at > now - KEPT)
    addresses = db.session.scalars(
        sa.select(Bounce.address).where(was_cleared).distinct().limit(MOST_COUNTED)
    ).all()
    return sa.and_(
        IS_MAIL,
        IS_DONE,
        Job.outcome == NO_ADDRESS,
        Job.done_at > now - KEPT,
        Job.payload["fixed"].as_boolean().is_not(True),
        # By the few whose mark was cleared: the letters of three months are many, and so are the people.
        Job.person_id.in_(people_at(addresses)),
        sa.exists().where(Person.id == Job.person_id, theirs, was_cleared, Bounce.cleared_at > Job.done_at),
    )


def held_up(now: datetime) -> HeldUp | None:
    """Since when the longest-waiting letter has been due and why it waits, if it has for long. As it is the first to
    be tried, its reason is the newest."""
    row = db.session.execute(
        sa.select(Job.run_at, Job.error)
        .where(IS_MAIL, IS_READY, Job.run_at < now - FOR_LONG)
        .order_by(Job.run_at, Job.id)
        .limit(1)
    ).first()
    return HeldUp(*row) if row else None


def _how_many(which: sa.ColumnElement[bool], order: sa.SQLColumnExpression[Any]) -> sa.ScalarSelect[int]:
    """In the order of an index, so that it ends when enough are counted."""
    some = sa.select(Job.id).where(which).order_by(order).limit(MOST_COUNTED).subquery()
    return sa.select(sa.func.count()).select_from(some).scalar_subquery()


def _lately(now: datetime) -> dict[str, int]:
    """What became of the last letters of a week, the most frequent first."""
    last = (
        sa.select(sa.case((Job.outcome.startswith(SENT), SENT), else_=Job.outcome).label("became"))
        .where(IS_MAIL, IS_DONE, Job.done_at >= now - LATELY, Job.outcome.is_not(None))
        .order_by(Job.done_at.desc())
        .limit(MOST_COUNTED)
        .subquery()
    )
    number = sa.func.count()
    rows = sa.select(last.c.became, number).group_by(last.c.became).order_by(number.desc(), last.c.became)
    return {became: count for became, count in db.session.execute(rows).tuples() if became}


def dead(number: int = 1) -> list[DeadMail]:
    """One page of what was given up, the newest first."""
    # The numbers first: of letters on other pages nothing is read.
    ids = sa.select(Job.id).where(IS_MAIL, IS_DEAD).order_by(Job.id.desc())
    page = ids.limit(PER_PAGE).offset((number - 1) * PER_PAGE).subquery()
    rows = db.session.execute(
        sa.select(*_COLUMNS, Job.person_id, Person.name)
        .join(page, page.c.id == Job.id)
        .outerjoin(Person, Person.id == Job.person_id)
        .order_by(Job.id.desc())
    )
    return [DeadMail(_mail(row), row.person_id, row.name or "Somebody") for row in rows]


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
