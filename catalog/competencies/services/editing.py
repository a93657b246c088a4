"""A coordinator's edits. Each leaves the old and the new figures in the audit trail."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any, TypeVar

import sqlalchemy as sa

from catalog import clock
from catalog.accounts.models import Person
from catalog.competencies.models import Area, Category, Edition, HourRule, HourTag, Policy, Topic
from catalog.competencies.queries import edition_in_force
from catalog.competencies.refusals import NothingLoaded, Stale, TagExists
from catalog.extensions import db
from catalog.notices import audit
from catalog.notices import services as notices

NAMES = {"name", "name_ecmh"}

Editable = Area | Topic | HourRule | Policy | Category | HourTag
Fact = TypeVar("Fact", HourRule, Policy, HourTag)


def edit_area(area: Area, changes: dict[str, Any], *, by: Person, seen: str | None = None) -> bool:
    return edit("area", area, changes, by, seen)


def edit_topic(topic: Topic, changes: dict[str, Any], *, by: Person, seen: str | None = None) -> bool:
    return edit("topic", topic, changes, by, seen)


def edit_category(
    category: Category, changes: dict[str, Any], *, by: Person, seen: str | None = None
) -> bool:
    return edit("category", category, changes, by, seen)


def edit_tag(tag: HourTag, changes: dict[str, Any], *, by: Person, seen: str | None = None) -> bool:
    """Raises TagExists when another tag has this label."""
    _refuse_label(changes.get("label"), tag)
    return edit("tag", tag, changes, by, seen)


def add_tag(columns: dict[str, Any], *, by: Person) -> HourTag:
    """Its code is made of its label. Raises TagExists when there is one of this label."""
    edition = edition_code()
    _refuse_label(columns["label"])
    tag = HourTag(**columns, code=_code_of(columns["label"]), edition=edition, edited_at=clock.now())
    return added("tag", tag, columns, by)


def _refuse_label(label: str | None, tag: HourTag | None = None) -> None:
    same = sa.func.lower(HourTag.label) == (label or "").lower()
    others = sa.select(HourTag.id).where(same, HourTag.retired_in.is_(None))
    if any(found != (tag.id if tag else None) for found in db.session.scalars(others)):
        raise TagExists


def _code_of(label: str) -> str:
    plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode().lower()
    code = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:36] or "tag"
    return next(one for one in _numbered(code) if not _is_taken(HourTag.code, one))


def _numbered(text: str) -> Iterator[str]:
    yield text
    number = 2
    while True:
        yield f"{text}|{number}" if "|" in text else f"{text}_{number}"
        number += 1


def _is_taken(column: Any, value: str) -> bool:
    return bool(db.session.scalar(sa.select(sa.exists().where(column == value))))


def free_key(model: type[HourRule | Policy], key: str) -> str:
    """The key a file would give it, with a number where another one came with this key."""
    return next(one for one in _numbered(key) if not _is_taken(model.file_key, one))


def stand(fact: Editable) -> str:
    """What a form remembers of the fact it was opened with: when it was last edited, and in which edition."""
    return f"{fact.edition} {fact.edited_at.isoformat() if fact.edited_at else ''}".strip()


def one_at_a_time() -> Edition | None:
    """The edition in force, locked where the database has row locks: of two who add at once the second one sees
    what the first one added."""
    edition = edition_in_force()
    if edition:
        db.session.refresh(edition, with_for_update=True)
    return edition


def edition_code() -> str:
    """Of which edition something is that is added now. Raises NothingLoaded before there is one."""
    if edition := one_at_a_time():
        return edition.code
    raise NothingLoaded


def edit(kind: str, fact: Editable, changes: Mapping[str, Any], by: Person, seen: str | None) -> bool:
    """Whether anything was different. Raises Stale when the fact is no longer what `seen` stood for."""
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
    old, new = _compared({column: before[column] for column in differs}, differs)
    audit.note(f"framework.{kind}_edited", "framework", fact.id, by=by, kind=kind, before=old, after=new)
    if NAMES & differs.keys():
        find_by_new_names()
    db.session.flush()
    return True


def added(kind: str, fact: Fact, columns: Mapping[str, Any], by: Person) -> Fact:
    db.session.add(fact)
    db.session.flush()
    said = {column: value for column, value in columns.items() if value not in (None, "")}
    _, new = _compared({}, said)
    audit.note(f"framework.{kind}_added", "framework", fact.id, by=by, kind=kind, after=new)
    return fact


def _compared(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Both as JSON; of what holds several facts only those that differ."""
    old: dict[str, Any] = {}
    new: dict[str, Any] = {}
    for column, value in after.items():
        was = before.get(column)
        if isinstance(value, dict) or isinstance(was, dict):
            first, then = was or {}, value or {}
            differ = [key for key in {**first, **then} if first.get(key) != then.get(key)]
            old |= {key: _plain(first.get(key)) for key in differ}
            new |= {key: _plain(then.get(key)) for key in differ}
        else:
            old[column], new[column] = _plain(was), _plain(value)
    return old, new


def _plain(value: Any) -> Any:
    """As JSON can hold it: dates as text, pairs of codes as "IFS + ERS"."""
    if isinstance(value, list):
        return ", ".join(" + ".join(map(str, one.values())) for one in value if isinstance(one, dict))
    return value if value is None or isinstance(value, bool | int | str) else str(value)


def find_by_new_names() -> None:
    """Courses are found by the names of what they are mapped to; they stand above, so the worker is asked.

    At most once a minute, after its end: a job that had run already would not know of a later edit."""
    now = clock.now()
    begun = now.replace(second=0, microsecond=0)
    at = begun + timedelta(minutes=1, seconds=5)
    notices.queue("reindex", {}, dedupe_key=f"reindex:{begun.isoformat()}", at=at)
