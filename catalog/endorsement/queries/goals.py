"""Reads: what a person works toward and holds, and how far they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import joinedload

from catalog.accounts.models import Person
from catalog.competencies import queries as competencies
from catalog.competencies.models import Category
from catalog.endorsement.models import Endorsed, Goal
from catalog.endorsement.rules import Readiness, readiness
from catalog.extensions import db
from catalog.records import queries as records
from catalog.records.ledger import Entry
from catalog.wording import local


@dataclass(frozen=True)
class Standing:
    """A goal with every line of its person's ledgers and what the rules of today make of them."""

    goal: Goal
    entries: list[Entry]
    readiness: Readiness

    def entry(self, key: str) -> Entry:
        return next(entry for entry in self.entries if entry.key == key)


def goal(goal_id: int) -> Goal | None:
    return db.session.scalar(
        sa.select(Goal)
        .options(joinedload(Goal.category, innerjoin=True), joinedload(Goal.person, innerjoin=True))
        .where(Goal.id == goal_id, Goal.dropped_at.is_(None))
    )


def goals_of(person: Person) -> Sequence[Goal]:
    """In the framework's order of categories."""
    return db.session.scalars(
        sa.select(Goal)
        .join(Goal.category)
        .options(joinedload(Goal.category, innerjoin=True))
        .where(Goal.person_id == person.id, Goal.dropped_at.is_(None))
        .order_by(Category.is_add_on, Category.position, Goal.id)
    ).all()


def dropped_goals(person: Person) -> Sequence[Goal]:
    """Left aside, the latest first."""
    return db.session.scalars(
        sa.select(Goal)
        .options(joinedload(Goal.category, innerjoin=True))
        .where(Goal.person_id == person.id, Goal.dropped_at.is_not(None))
        .order_by(Goal.dropped_at.desc(), Goal.id)
    ).all()


def endorsed(endorsed_id: int) -> Endorsed | None:
    return db.session.scalar(
        sa.select(Endorsed)
        .options(joinedload(Endorsed.category, innerjoin=True), joinedload(Endorsed.person, innerjoin=True))
        .where(Endorsed.id == endorsed_id)
    )


def endorsed_of(person: Person) -> Sequence[Endorsed]:
    """What the person holds, what must be renewed first coming first."""
    return db.session.scalars(
        sa.select(Endorsed)
        .join(Endorsed.category)
        .options(joinedload(Endorsed.category, innerjoin=True))
        .where(Endorsed.person_id == person.id)
        .order_by(Endorsed.valid_until, Category.position, Endorsed.id)
    ).all()


def standing(of: Goal, at: datetime) -> Standing:
    """How far somebody is at that instant, in six statements whatever they bring along."""
    return _standing(of, records.ledger(of.person_id, at), at)


def standings_of(person: Person, at: datetime) -> list[Standing]:
    """The same for all that somebody works toward; their ledgers are read once."""
    goals = goals_of(person)
    entries = records.ledger(person.id, at) if goals else []
    return [_standing(goal, entries, at) for goal in goals]


def _standing(of: Goal, entries: list[Entry], at: datetime) -> Standing:
    today = local(at, current_app.config["CATALOG"].site_zone).date()
    return Standing(of, entries, readiness(entries, competencies.rulebook(of.category), today))
