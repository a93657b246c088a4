"""Rules and policies: edited, added, and followed by another one from a day on."""

from datetime import date, timedelta
from typing import Any, TypeVar

import sqlalchemy as sa

from catalog import clock
from catalog.accounts.models import Person
from catalog.competencies.models import Category, HourRule, HourTag, Policy
from catalog.competencies.refusals import BeginsOutside, RulesOverlap
from catalog.competencies.services.dated import POLICIES, RULES, share_a_day
from catalog.competencies.services.editing import added, edit, edition_code, free_key, one_at_a_time
from catalog.extensions import db

Ruling = HourRule | Policy
One = TypeVar("One", HourRule, Policy)

SAME: dict[type[Any], tuple[str, ...]] = {
    HourRule: ("category_id", "purpose", "ledger", "kind", "tag_id", "applies_when"),
    Policy: ("kind", "category_id"),
}
"""What two of them that are in use must not answer twice on one day."""
OWN = {"id", "edition", "edited_at", "retired_in", "file_key"}
"""What is never copied from one to the next."""


def edit_rule(rule: HourRule, changes: dict[str, Any], *, by: Person, seen: str | None = None) -> bool:
    """Whether anything was different. Columns that are not named stay.

    Raises RulesOverlap, or Stale when the rule is no longer what `seen` stood for."""
    return _edit("rule", rule, changes, by, seen)


def edit_policy(policy: Policy, changes: dict[str, Any], *, by: Person, seen: str | None = None) -> bool:
    return _edit("policy", policy, changes, by, seen)


def add_rule(columns: dict[str, Any], *, by: Person) -> HourRule:
    """Raises RulesOverlap."""
    return _add(HourRule, columns, by)


def add_policy(columns: dict[str, Any], *, by: Person) -> Policy:
    return _add(Policy, columns, by)


def begin(of: Ruling, on: date, changes: dict[str, Any], *, by: Person, seen: str | None = None) -> Ruling:
    """From that day on it says something else: the old one ends the day before, and another one begins.

    Nothing before that day changes. Raises BeginsOutside when it is not in force both before and on that day."""
    if (of.effective_from and on <= of.effective_from) or (of.effective_until and on > of.effective_until):
        raise BeginsOutside
    copied = {
        column.key: getattr(of, column.key) for column in type(of).__table__.columns if column.key not in OWN
    }
    _edit(_word(of), of, {"effective_until": on - timedelta(days=1)}, by, seen)
    columns = {**copied, "effective_from": on, **changes}
    return _add(HourRule, columns, by) if isinstance(of, HourRule) else _add(Policy, columns, by)


def _word(of: Ruling) -> str:
    return "rule" if isinstance(of, HourRule) else "policy"


def _edit(kind: str, of: Ruling, changes: dict[str, Any], by: Person, seen: str | None) -> bool:
    one_at_a_time()
    changed = edit(kind, of, changes, by, seen)
    _refuse_overlap(of)
    return changed


def _add(model: type[One], columns: dict[str, Any], by: Person) -> One:
    made = model(**columns, edition=edition_code(), edited_at=clock.now())
    made.file_key = free_key(model, _key(made))
    added(_word(made), made, columns, by)
    _refuse_overlap(made)
    return made


def _key(of: Ruling) -> str:
    """What a file calls it."""
    category = db.session.get(Category, of.category_id) if of.category_id else None
    row: dict[str, Any] = {"category": category.code if category else None, "kind": of.kind}
    if isinstance(of, HourRule):
        tag = db.session.get(HourTag, of.tag_id) if of.tag_id else None
        row |= {"purpose": of.purpose, "ledger": of.ledger, "tag": tag.code if tag else None}
    row |= {"effective_from": of.effective_from, "effective_until": of.effective_until}
    return (RULES if isinstance(of, HourRule) else POLICIES).key_of(row)


def _refuse_overlap(of: Ruling) -> None:
    if of.is_enabled and any(_share_a_day(of, other) for other in _others(of)):
        raise RulesOverlap


def _others(of: Ruling) -> list[Ruling]:
    """The others in use that speak of the same."""
    model: Any = type(of)
    return list(
        db.session.scalars(
            sa.select(model).where(
                model.id != of.id,
                model.is_enabled,
                model.retired_in.is_(None),
                *(getattr(model, name).is_not_distinct_from(getattr(of, name)) for name in SAME[model]),
            )
        )
    )


def _share_a_day(one: Ruling, other: Ruling) -> bool:
    names = ("effective_from", "effective_until")
    return share_a_day(*({name: getattr(of, name) for name in names} for of in (one, other)))


def first_day_changed(before: dict[str, Any] | None, after: dict[str, Any], today: date) -> date:
    """The first day from today on which it says something else, of the columns before and after; else today."""
    edges = {today}
    for row in (before or {}, after):
        if row.get("effective_from"):
            edges.add(row["effective_from"])
        if row.get("effective_until") and row["effective_until"] < date.max:
            edges.add(row["effective_until"] + timedelta(days=1))

    def said(row: dict[str, Any] | None, on: date) -> dict[str, Any] | None:
        if not row or not row["is_enabled"]:
            return None
        began, ended = row["effective_from"] or date.min, row["effective_until"] or date.max
        return (
            {k: v for k, v in row.items() if not k.startswith("effective_")} if began <= on <= ended else None
        )

    days = sorted(day for day in edges if day >= today)
    return next((day for day in days if said(before, day) != said(after, day)), today)
