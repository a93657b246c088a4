"""Reads: what trainers hold and until when, with the sessions to come that it no longer covers."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from catalog.accounts.models import Person, Qualification
from catalog.coordinating.queries import work
from catalog.coordinating.queries.work import BEFORE_EXPIRING, Moment
from catalog.courses.models import Meeting, Offering, OfferingState, meeting_substitute, meeting_trainer
from catalog.extensions import db
from catalog.wording import local

PER_PAGE = 50
SHOWN = ("due", "expired", "expiring", "all")


class Held(NamedTuple):
    qualification: Qualification
    affected: int
    """Sessions its holder leads or helps at that have a meeting to come after its last day."""


class Qualified(NamedTuple):
    rows: list[Held]
    total: int
    pages: int


def qualified(show: str, at: Moment, page: int) -> Qualified:
    """One page, what expires first at the top. Three statements."""
    wanted = _wanted(show, at)
    count = db.session.scalar(
        sa.select(sa.func.count()).select_from(Qualification).join(Qualification.person).where(*wanted)
    )
    pages = max(1, -(-(count or 0) // PER_PAGE))
    start = (min(max(page, 1), pages) - 1) * PER_PAGE
    until = Qualification.held_until
    found = db.session.scalars(
        sa.select(Qualification)
        .join(Qualification.person)
        .options(joinedload(Qualification.person, innerjoin=True))
        .where(*wanted)
        .order_by(until.is_(None), until, Person.name, Qualification.id)
        .limit(PER_PAGE)
        .offset(start)
    ).all()
    ahead = _meetings_ahead([one.person_id for one in found], at.now)
    return Qualified([Held(one, _affected(one, ahead)) for one in found], count or 0, pages)


def _wanted(show: str, at: Moment) -> list[sa.ColumnElement[bool]]:
    there, until = Person.merged_into_id.is_(None), Qualification.held_until
    soon = at.today + BEFORE_EXPIRING
    more: dict[str, sa.ColumnElement[bool]] = {
        "due": Qualification.id.in_(sa.select(work.qualifications(at).subquery().c.id)),
        "expired": until < at.today,
        "expiring": until.between(at.today, soon),
    }
    return [there, more.get(show, sa.true())]


class _Ahead(NamedTuple):
    person_id: int
    offering_id: int
    zone: str
    ends_at: datetime


def _meetings_ahead(person_ids: Sequence[int], now: datetime) -> list[_Ahead]:
    """The last meeting to come of each session that these people lead or help at."""
    to_come = (Offering.state == OfferingState.SCHEDULED, Meeting.ends_at > now)
    leads = (
        sa.select(Offering.trainer_id.label("person_id"), Offering.id, Offering.zone, Meeting.ends_at)
        .join(Meeting, Meeting.offering_id == Offering.id)
        .where(Offering.trainer_id.in_(person_ids), *to_come)
    )
    helps = [
        sa.select(link.c.person_id, Offering.id, Offering.zone, Meeting.ends_at)
        .join(Meeting, Meeting.id == link.c.meeting_id)
        .join(Offering, Offering.id == Meeting.offering_id)
        .where(link.c.person_id.in_(person_ids), *to_come)
        for link in (meeting_trainer, meeting_substitute)
    ]
    ahead = sa.union_all(leads, *helps).subquery()
    last = sa.func.max(ahead.c.ends_at, type_=ahead.c.ends_at.type)
    by = (ahead.c.person_id, ahead.c.id, ahead.c.zone)
    return [_Ahead(*row) for row in db.session.execute(sa.select(*by, last).group_by(*by))]


def _affected(held: Qualification, ahead: Sequence[_Ahead]) -> int:
    until: date | None = held.held_until
    if until is None:
        return 0
    return sum(
        one.person_id == held.person_id and local(one.ends_at, one.zone).date() > until for one in ahead
    )
