"""What somebody works toward, as it lies in the table, without a story behind it."""

from typing import Any

from catalog import clock
from catalog.accounts.models import Person
from catalog.competencies.models import Category
from catalog.endorsement.models import Goal
from catalog.extensions import db


def goal(person: Person, category: Category, **fields: Any) -> Goal:
    defaults: dict[str, Any] = {"added_at": clock.now(), "ticks": {}}
    made = Goal(person_id=person.id, category_id=category.id, **{**defaults, **fields})
    db.session.add(made)
    db.session.flush()
    return made
