"""Writes: which categories somebody works toward, and what they ticked off."""

from collections.abc import Collection
from datetime import date

import sqlalchemy as sa

from catalog import clock
from catalog.accounts.models import Person
from catalog.accounts.services import refuse_joined
from catalog.competencies.models import Category
from catalog.endorsement.checklist import items
from catalog.endorsement.models import Goal
from catalog.extensions import db, insert
from catalog.notices import audit


def add_goal(person: Person, category: Category, *, by: Person) -> Goal:
    """Work toward it from now on; one that was left aside is taken up again with all that belonged to it."""
    refuse_joined(person.id, by=by)
    values = {"person_id": person.id, "category_id": category.id, "added_at": clock.now(), "ticks": {}}
    # Two taps at once make it once.
    db.session.execute(insert(Goal).values(**values).on_conflict_do_nothing())
    goal = db.session.scalars(
        sa.select(Goal)
        .where(Goal.person_id == person.id, Goal.category_id == category.id)
        .execution_options(populate_existing=True)
    ).one()
    goal.dropped_at = None
    db.session.flush()
    audit.note("goal.added", "goal", goal.id, by=by, person_id=person.id, category=category.code)
    return goal


def drop_goal(goal: Goal, *, by: Person) -> None:
    """Leave it aside. Its plans and ticks stay for whoever takes it up again."""
    goal.dropped_at = clock.now()
    db.session.flush()
    audit.note("goal.dropped", "goal", goal.id, by=by, person_id=goal.person_id, category=goal.category.code)


def tick(goal: Goal, names: Collection[str], on: date) -> None:
    """These items of the checklist are done, the others are not. What was ticked before keeps its day."""
    known = {item.name for item in items(goal.category)}
    goal.ticks = {name: goal.ticks.get(name, on.isoformat()) for name in sorted(known & set(names))}
    db.session.flush()
