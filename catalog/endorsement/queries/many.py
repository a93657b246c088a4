"""Reads: how many people stand at once, for whoever changes a rule, and for reckoning everybody anew."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from catalog import clock
from catalog.competencies import queries as competencies
from catalog.competencies.effects import Categories, Running, Standings
from catalog.competencies.models import Category
from catalog.competencies.rulebook import Rulebook
from catalog.endorsement.models import Endorsed, Goal, Recount
from catalog.endorsement.rules import Readiness, readiness, renewal
from catalog.endorsement.wording import standing_said
from catalog.extensions import db
from catalog.records import queries as records
from catalog.records.ledger import Entry

MOST_LOOKED_AT = 300
"""Of goals, and of what is held: a page that waits for more would be too slow to be read."""


def standings_within(categories: Categories, on: date) -> Standings:
    """How those who work toward these categories, or hold them, stand on that day."""
    goals = _some(_live(categories).options(joinedload(Goal.person, innerjoin=True)).order_by(Goal.id))
    held = _some(
        _within(sa.select(Endorsed), Endorsed, categories)
        .options(joinedload(Endorsed.person, innerjoin=True))
        .order_by(Endorsed.id)
    )
    books = rulebooks({one.category_id for one in (*goals, *held)})
    lines = records.ledgers(sorted({one.person_id for one in (*goals, *held)}), clock.now())
    said = {
        f"goal-{one.id}": (
            f"{one.person.name}, {books[one.category_id].name}",
            standing_said(readiness(lines[one.person_id], books[one.category_id], on)),
        )
        for one in goals
    } | {
        f"held-{one.id}": (
            f"{one.person.name}, renewal of {books[one.category_id].name}",
            _renewal_said(one, lines[one.person_id], books[one.category_id], on),
        )
        for one in held
    }
    return Standings(_people(categories), len({one.person_id for one in (*goals, *held)}), said)


def _some(statement: sa.Select[Any]) -> list[Any]:
    return list(db.session.scalars(statement.limit(MOST_LOOKED_AT)))


def _renewal_said(held: Endorsed, entries: list[Entry], book: Rulebook, on: date) -> list[str]:
    found = renewal(
        entries,
        book,
        on,
        endorsed_on=held.endorsed_on,
        valid_until=held.valid_until,
        provides_rsc=held.provides_rsc,
        member_until=held.person.member_until,
    )
    return standing_said(found)


def _people(categories: Categories) -> int:
    goals = _within(sa.select(Goal.person_id), Goal, categories).where(Goal.dropped_at.is_(None))
    held = _within(sa.select(Endorsed.person_id), Endorsed, categories)
    everybody = sa.union(goals, held).subquery()
    return db.session.scalar(sa.select(sa.func.count()).select_from(everybody)) or 0


def _live(categories: Categories) -> sa.Select[Any]:
    return _within(sa.select(Goal).where(Goal.dropped_at.is_(None)), Goal, categories)


def _within(statement: sa.Select[Any], model: Any, categories: Categories) -> sa.Select[Any]:
    return statement if categories is None else statement.where(model.category_id.in_(list(categories)))


def goals_after(reached: int, categories: Categories, most: int) -> list[Goal]:
    """The next goals to be reckoned, those that were left aside excepted."""
    return list(db.session.scalars(_live(categories).where(Goal.id > reached).order_by(Goal.id).limit(most)))


def goals_count(categories: Categories) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(_live(categories).subquery())) or 0


def rulebooks(category_ids: Collection[int]) -> dict[int, Rulebook]:
    """By the ids of their categories."""
    found: Iterable[Category] = db.session.scalars(sa.select(Category).where(Category.id.in_(category_ids)))
    return {category.id: competencies.rulebook(category) for category in found}


def readiness_of(goals: Iterable[Goal], at: datetime, on: date) -> dict[int, Readiness]:
    """By the ids of the goals. As many statements however many goals of the same categories there are."""
    listed = list(goals)
    books = rulebooks({goal.category_id for goal in listed})
    lines = records.ledgers(sorted({goal.person_id for goal in listed}), at)
    return {goal.id: readiness(lines[goal.person_id], books[goal.category_id], on) for goal in listed}


def recount(recount_id: int) -> Recount | None:
    return db.session.get(Recount, recount_id)


def running() -> list[Running]:
    """Those that are under way, the latest first."""
    found = db.session.scalars(
        sa.select(Recount).where(Recount.finished_at.is_(None)).order_by(Recount.id.desc()).limit(5)
    )
    return [Running(one.id, one.why, one.done, one.total) for one in found]
