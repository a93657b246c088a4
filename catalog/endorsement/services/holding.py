"""Writes: which categories somebody holds, and until when."""

from datetime import date
from typing import Any

import sqlalchemy as sa
from flask import current_app

from catalog import clock
from catalog.accounts.models import Person
from catalog.accounts.services import refuse_joined
from catalog.competencies import queries as competencies
from catalog.competencies.models import Category
from catalog.competencies.rulebook import Cycle
from catalog.endorsement.models import Endorsed
from catalog.endorsement.refusals import AlreadyHeld, NotDueYet
from catalog.endorsement.rules.renewal import first_deadline, next_deadline
from catalog.extensions import db, insert
from catalog.notices import audit


def hold(
    person: Person,
    category: Category,
    endorsed_on: date,
    valid_until: date | None,
    *,
    provides_rsc: bool,
    by: Person,
) -> Endorsed:
    """Write down what somebody holds, as they say it. Without a last day it is the end of the period that is running.

    Raises AlreadyHeld."""
    today = clock.today(current_app.config["CATALOG"].site_zone)
    until = valid_until or _running_until(category, endorsed_on, today)
    refuse_joined(person.id, by=by)
    made = db.session.execute(
        insert(Endorsed)
        .values(
            person_id=person.id,
            category_id=category.id,
            endorsed_on=endorsed_on,
            valid_until=until,
            provides_rsc=provides_rsc,
            added_at=clock.now(),
        )
        .on_conflict_do_nothing()
        .returning(Endorsed.id)
    ).scalar()
    if made is None:
        raise AlreadyHeld
    endorsed = db.session.get_one(Endorsed, made)
    _note("endorsed.added", endorsed, by, valid_until=until.isoformat())
    return endorsed


def _running_until(category: Category, endorsed_on: date, today: date) -> date:
    """The deadline that comes next: periods follow each other from the endorsement on."""
    rulebook = competencies.rulebook(category)
    cycle = next((one for one in rulebook.cycles if one.applies(endorsed_on)), Cycle())
    deadline = first_deadline(endorsed_on, cycle)
    while deadline < today:
        deadline = next_deadline(deadline, rulebook)
    return deadline


def change_endorsed(endorsed: Endorsed, columns: dict[str, Any], *, by: Person) -> None:
    before = {name: getattr(endorsed, name) for name in columns}
    if before == columns:
        return
    for name, value in columns.items():
        setattr(endorsed, name, value)
    db.session.flush()
    _note("endorsed.changed", endorsed, by, before=_plain(before), after=_plain(columns))


def renew(endorsed: Endorsed, seen: date, *, by: Person) -> None:
    """The association has renewed it: the next period begins. `seen` is the deadline the page showed; a second tap
    finds another one and is refused."""
    db.session.refresh(endorsed, ["valid_until"], with_for_update=True)
    if endorsed.valid_until != seen:
        raise NotDueYet
    endorsed.valid_until = next_deadline(seen, competencies.rulebook(endorsed.category))
    db.session.flush()
    _note("endorsed.renewed", endorsed, by, valid_until=endorsed.valid_until.isoformat())


def let_go(endorsed: Endorsed, *, by: Person) -> None:
    """It was written down by mistake, or is held no longer; the trail keeps what it said."""
    _note("endorsed.removed", endorsed, by, valid_until=endorsed.valid_until.isoformat())
    db.session.execute(sa.delete(Endorsed).where(Endorsed.id == endorsed.id))


def _note(action: str, endorsed: Endorsed, by: Person, **details: Any) -> None:
    audit.note(
        action,
        "endorsed",
        endorsed.id,
        by=by,
        person_id=endorsed.person_id,
        category=endorsed.category.code,
        **details,
    )


def _plain(columns: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in columns.items()}
