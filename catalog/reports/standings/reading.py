"""Reads of the last run: goals by how far they are, and renewals by what they lack."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from catalog.accounts.models import Person
from catalog.competencies.models import Category
from catalog.extensions import db
from catalog.reports.period import Period
from catalog.reports.standings.models import GoalStanding, RenewalStanding, StandingRun, Step


def last_run() -> StandingRun | None:
    """The one that was finished last; None before the worker has finished any."""
    return db.session.scalar(
        sa.select(StandingRun)
        .where(StandingRun.finished_at.is_not(None))
        .order_by(StandingRun.id.desc())
        .limit(1)
    )


def category_names() -> dict[int, tuple[str, str]]:
    """Code and name of each, in the framework's order, also of those that are retired."""
    rows = db.session.execute(
        sa.select(Category.id, Category.code, Category.name).order_by(
            Category.is_add_on, Category.position, Category.id
        )
    )
    return {row.id: (row.code, row.name) for row in rows}


class Bunch(NamedTuple):
    """So many goals of one category and county at one step."""

    category_id: int
    step: Step
    county: str
    many: int


def goals(run: StandingRun, counties: Sequence[str]) -> list[Bunch]:
    keys = (GoalStanding.category_id, GoalStanding.step, GoalStanding.county)
    rows = db.session.execute(
        sa.select(*keys, sa.func.count())
        .where(GoalStanding.run_id == run.id, *within(GoalStanding.county, counties))
        .group_by(*keys)
    )
    return [Bunch(*row) for row in rows]


def within(column: Any, counties: Sequence[str]) -> list[Any]:
    """No counties are all of them, with those who named none."""
    return [column.in_(list(counties))] if counties else []


class GoalRow(NamedTuple):
    person_id: int
    name: str
    category: str
    county: str
    step: Step
    percent: int
    missing: str


def goal_rows(run: StandingRun, where: Sequence[Any], *, page: int, size: int) -> tuple[list[GoalRow], int]:
    """One page of them by name, and how many there are."""
    listed = (
        sa.select(
            Person.id,
            Person.name,
            Category.name,
            GoalStanding.county,
            GoalStanding.step,
            GoalStanding.percent,
            GoalStanding.missing,
        )
        .join(Person, Person.id == GoalStanding.person_id)
        .join(Category, Category.id == GoalStanding.category_id)
        .where(GoalStanding.run_id == run.id, *where)
        .order_by(Person.name, Person.id, GoalStanding.goal_id)
    )
    counted = sa.select(sa.func.count()).where(GoalStanding.run_id == run.id, *where)
    rows = db.session.execute(listed.limit(size).offset((page - 1) * size))
    return [GoalRow(*row) for row in rows], db.session.scalar(counted) or 0


# Renewals.

LACKS_NOTHING = ~sa.or_(
    RenewalStanding.lacks_training, RenewalStanding.lacks_rsc, RenewalStanding.lacks_membership
)


class Lacking(NamedTuple):
    """So many renewals of one category and county that lack the same."""

    category_id: int
    county: str
    training: bool
    rsc: bool
    membership: bool
    many: int

    @property
    def is_complete(self) -> bool:
        return not (self.training or self.rsc or self.membership)


def due(run: StandingRun, period: Period, counties: Sequence[str]) -> list[Any]:
    """Those whose period ends in these days."""
    return [
        RenewalStanding.run_id == run.id,
        RenewalStanding.valid_until.between(period.first, period.last),
        *within(RenewalStanding.county, counties),
    ]


def renewals(run: StandingRun, period: Period, counties: Sequence[str]) -> list[Lacking]:
    keys = (
        RenewalStanding.category_id,
        RenewalStanding.county,
        RenewalStanding.lacks_training,
        RenewalStanding.lacks_rsc,
        RenewalStanding.lacks_membership,
    )
    rows = db.session.execute(
        sa.select(*keys, sa.func.count()).where(*due(run, period, counties)).group_by(*keys)
    )
    return [Lacking(*row) for row in rows]


class RenewalRow(NamedTuple):
    person_id: int
    name: str
    category: str
    county: str
    valid_until: Any
    lacking: str


def renewal_rows(where: Sequence[Any], *, page: int, size: int) -> tuple[list[RenewalRow], int]:
    """One page of them, what ends first coming first, and how many there are."""
    listed = (
        sa.select(
            Person.id,
            Person.name,
            Category.name,
            RenewalStanding.county,
            RenewalStanding.valid_until,
            RenewalStanding.lacking,
        )
        .join(Person, Person.id == RenewalStanding.person_id)
        .join(Category, Category.id == RenewalStanding.category_id)
        .where(*where)
        .order_by(RenewalStanding.valid_until, Person.name, Person.id, RenewalStanding.endorsed_id)
    )
    counted = sa.select(sa.func.count()).select_from(RenewalStanding).where(*where)
    rows = db.session.execute(listed.limit(size).offset((page - 1) * size))
    return [RenewalRow(*row) for row in rows], db.session.scalar(counted) or 0
