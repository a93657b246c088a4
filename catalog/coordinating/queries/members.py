"""Reads: who is a member until when."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import sqlalchemy as sa

from catalog.accounts.models import Person
from catalog.extensions import db

PER_PAGE = 50


class Members(NamedTuple):
    """One page, those whose membership ends first at the top; and how many there are of each kind."""

    rows: Sequence[Person]
    now: int
    ended: int
    pages: int


def members(today: date, before: date | None, ended: bool, page: int) -> Members:
    """Members of today, those alone whose membership ends before that day where one is given; or those it has ended
    for, the last first."""
    current, past = _wanted(today, before, False), _wanted(today, before, True)
    tallies = [sa.func.count(sa.case((wanted, 1))) for wanted in (current, past)]
    now, over = db.session.execute(sa.select(*tallies).select_from(Person)).one()
    pages = max(1, -(-(over if ended else now) // PER_PAGE))
    start = (min(max(page, 1), pages) - 1) * PER_PAGE
    rows = db.session.scalars(_listed(today, before, ended).limit(PER_PAGE).offset(start)).all()
    return Members(rows, now, over, pages)


def all_members(today: date, before: date | None, ended: bool) -> Sequence[Person]:
    """All of them, for a file."""
    return db.session.scalars(_listed(today, before, ended)).all()


def _listed(today: date, before: date | None, ended: bool) -> sa.Select[tuple[Person]]:
    until = Person.member_until.desc() if ended else Person.member_until
    return sa.select(Person).where(_wanted(today, before, ended)).order_by(until, Person.name, Person.id)


def _wanted(today: date, before: date | None, ended: bool) -> sa.ColumnElement[bool]:
    is_over = Person.member_until < today
    there = sa.and_(Person.merged_into_id.is_(None), is_over if ended else ~is_over)
    return there if before is None else sa.and_(there, Person.member_until < before)
