"""A coordinator's edits. Each leaves the old and the new figures in the audit trail."""

from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from catalog import clock
from catalog.accounts.models import Person
from catalog.competencies.models import Area, HourRule, Topic
from catalog.competencies.refusals import RulesOverlap, Stale
from catalog.extensions import db
from catalog.notices import audit
from catalog.notices import services as notices

NAMES = {"name", "name_ecmh"}

Editable = Area | Topic | HourRule


def edit_rule(rule: HourRule, changes: dict[str, Any], *, by: Person, seen: str | None = None) -> bool:
    """Whether anything was different. Columns that are not named stay.

    Raises RulesOverlap, or Stale when the rule is no longer what `seen` stood for."""
    changed = _edit("rule", rule, changes, by, seen)
    if rule.is_enabled and any(_overlap(rule, other) for other in _others(rule)):
        raise RulesOverlap
    return changed


def edit_area(area: Area, changes: dict[str, Any], *, by: Person, seen: str | None = None) -> bool:
    return _edit("area", area, changes, by, seen)


def edit_topic(topic: Topic, changes: dict[str, Any], *, by: Person, seen: str | None = None) -> bool:
    return _edit("topic", topic, changes, by, seen)


def stand(fact: Editable) -> str:
    """What a form remembers of the fact it was opened with: when it was last edited, and in which edition."""
    return f"{fact.edition} {fact.edited_at.isoformat() if fact.edited_at else ''}".strip()


def _edit(kind: str, fact: Editable, changes: dict[str, Any], by: Person, seen: str | None) -> bool:
    # PostgreSQL locks the row, so that of two who save at once the second one sees the first.
    db.session.refresh(fact, with_for_update=True)
    if seen is not None and seen != stand(fact):
        raise Stale
    before = {column: getattr(fact, column) for column in changes}
    differs = {column: value for column, value in changes.items() if before[column] != value}
    if not differs:
        return False
    for column, value in differs.items():
        setattr(fact, column, value)
    fact.edited_at = clock.now()
    audit.note(
        f"framework.{kind}_edited",
        "framework",
        fact.id,
        by=by,
        kind=kind,
        before={column: _plain(before[column]) for column in differs},
        after={column: _plain(value) for column, value in differs.items()},
    )
    if NAMES & differs.keys():
        _find_by_new_names()
    db.session.flush()
    return True


def _find_by_new_names() -> None:
    """Courses are found by the names of what they are mapped to; they stand above, so the worker is asked.

    At most once a minute, after its end: a job that had run already would not know of a later edit."""
    now = clock.now()
    begun = now.replace(second=0, microsecond=0)
    at = begun + timedelta(minutes=1, seconds=5)
    notices.queue("reindex", {}, dedupe_key=f"reindex:{begun.isoformat()}", at=at)


def _others(rule: HourRule) -> list[HourRule]:
    """The other rules in use that speak of the same hours in the same case."""
    same = (
        HourRule.category_id,
        HourRule.purpose,
        HourRule.ledger,
        HourRule.kind,
        HourRule.tag_id,
        HourRule.applies_when,
    )
    return list(
        db.session.scalars(
            sa.select(HourRule).where(
                HourRule.id != rule.id,
                HourRule.is_enabled,
                HourRule.retired_in.is_(None),
                *(column.is_not_distinct_from(getattr(rule, column.key)) for column in same),
            )
        )
    )


def _overlap(one: HourRule, other: HourRule) -> bool:
    return (other.effective_from or date.min) <= (one.effective_until or date.max) and (
        one.effective_from or date.min
    ) <= (other.effective_until or date.max)


def _plain(value: Any) -> Any:
    """As JSON can hold it: dates as text."""
    return value if value is None or isinstance(value, bool | int | str) else str(value)
