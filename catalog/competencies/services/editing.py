"""A coordinator's edits. Each leaves the old and the new figures in the audit trail."""

from typing import Any

from catalog import clock
from catalog.accounts.models import Person
from catalog.competencies.models import Area, Credential, HourRule, HourTag, Topic
from catalog.extensions import db
from catalog.notices import audit


def edit_rule(rule: HourRule, changes: dict[str, Any], *, by: Person) -> bool:
    """Whether anything was different. Columns that are not named stay."""
    return _edit("rule", rule, changes, by)


def edit_area(area: Area, changes: dict[str, Any], *, by: Person) -> bool:
    return _edit("area", area, changes, by)


def edit_topic(topic: Topic, changes: dict[str, Any], *, by: Person) -> bool:
    return _edit("topic", topic, changes, by)


def _edit(
    kind: str, fact: Area | Topic | HourRule | Credential | HourTag, changes: dict[str, Any], by: Person
) -> bool:
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
    db.session.flush()
    return True


def _plain(value: Any) -> Any:
    """As JSON can hold it: dates as text."""
    return value if value is None or isinstance(value, bool | int | str) else str(value)
