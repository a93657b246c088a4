"""Writing a course: what it is and what it asks for."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from catalog import clock
from catalog.accounts.models import Person
from catalog.courses import letters, search
from catalog.courses.models import (
    Course,
    CourseArea,
    CourseState,
    Offering,
    OfferingState,
    course_component,
    course_prerequisite,
)
from catalog.courses.refusals import HOURS_COUNT_ALREADY, FieldsRefused, SessionsToCome, WrongState
from catalog.courses.services import twice
from catalog.courses.services.versions import claim
from catalog.extensions import db
from catalog.notices import audit
from catalog.wording import hours

HOW_HOURS_COUNT = frozenset(
    {"kind", "minutes", "minutes_most", "minutes_about", "rsc_minutes"}
    | {"credit_rule", "credit_percent", "credit_cap_minutes", "apply_url"}
)
"""The columns a roster is closed by, and those that say what the hours are."""


def create(
    columns: Mapping[str, Any],
    required_ids: set[int],
    *,
    by: Person,
    components: Sequence[int] = (),
    once: str | None = None,
) -> Course:
    """A new draft, or the one the same form made before: each form has a word `once` of its own.

    It belongs to who made it, unless a coordinator named somebody else. Raises SentBefore."""

    def is_same(before: Course) -> bool:
        asked = {required.id for required in before.required}
        parts = [part.id for part in before.components]
        return (asked, parts) == (required_ids, list(components)) and all(
            getattr(before, name) == columns[name] for name in columns
        )

    now = clock.now()
    key = twice.key(once, by)
    course = Course(**{"owner_id": by.id, **columns}, created_at=now, updated_at=now, once=key)
    if before := twice.add(course, is_same):
        return before
    _require(course, required_ids)
    _compose(course, components)
    audit.note("course.created", "course", course.id, by=by, title=course.title)
    search.index(course)
    return course


def edit(
    course: Course,
    columns: Mapping[str, Any],
    required_ids: set[int],
    version: int,
    *,
    by: Person,
    components: Sequence[int] | None = None,
) -> None:
    """Change what the course says of itself; `components` None leaves what it consists of.

    Raises Stale, or FieldsRefused naming the fields."""
    claim(course, version)
    _refuse_below_split(course, columns.get("minutes"))
    _refuse_other_hours(course, columns, by)
    before = {name: getattr(course, name) for name in columns}
    required_before = sorted(required.id for required in course.required)
    for name, value in columns.items():
        setattr(course, name, value)
    _require(course, required_ids)
    changed = {name: [was, columns[name]] for name, was in before.items() if was != columns[name]}
    if required_before != sorted(required_ids):
        changed["required"] = [required_before, sorted(required_ids)]
    if components is not None and (parts := [part.id for part in course.components]) != list(components):
        _compose(course, components)
        changed["components"] = [parts, list(components)]
    db.session.flush()
    audit.note("course.edited", "course", course.id, by=by, changed=changed)
    search.index(course)


def archive(course: Course, version: int, *, by: Person) -> None:
    """Take the course out of the catalog. Records keep pointing at it."""
    claim(course, version)
    if course.state in (CourseState.IN_REVIEW, CourseState.ARCHIVED):
        raise WrongState
    to_come = sa.exists().where(
        Offering.course_id == course.id,
        Offering.state == OfferingState.SCHEDULED,
        sa.or_(Offering.ends_at.is_(None), Offering.ends_at > clock.now()),
    )
    if db.session.scalar(sa.select(to_come)):
        raise SessionsToCome
    _move(course, CourseState.ARCHIVED, "course.archived", by)
    letters.archived(course, by)


def unarchive(course: Course, version: int, *, by: Person) -> None:
    """Back to a draft: what was archived is looked at again before it is shown again."""
    claim(course, version)
    if course.state != CourseState.ARCHIVED:
        raise WrongState
    _move(course, CourseState.DRAFT, "course.unarchived", by)


def _move(course: Course, state: CourseState, action: str, by: Person) -> None:
    was, course.state = course.state, state
    db.session.flush()
    audit.note(action, "course", course.id, by=by, was=was)
    search.index(course)


def _refuse_below_split(course: Course, minutes: int | None) -> None:
    split = db.session.scalar(
        sa.select(sa.func.coalesce(sa.func.sum(CourseArea.minutes), 0)).where(
            CourseArea.course_id == course.id
        )
    )
    if split and split > (minutes or 0):
        sentence = f"The areas of this course already split {hours(split)}. Lower that split first."
        raise FieldsRefused({"minutes": sentence})


def _refuse_other_hours(course: Course, columns: Mapping[str, Any], by: Person) -> None:
    """What people came for is reviewed; whoever teaches it cannot change afterwards what it is worth."""
    if by.is_coordinator:
        return
    changed = [
        name for name in sorted(HOW_HOURS_COUNT & columns.keys()) if getattr(course, name) != columns[name]
    ]
    has_begun = sa.exists().where(
        Offering.course_id == course.id,
        Offering.state == OfferingState.SCHEDULED,
        Offering.starts_at <= clock.now(),
    )
    if changed and db.session.scalar(sa.select(has_begun)):
        raise FieldsRefused(dict.fromkeys(changed, HOURS_COUNT_ALREADY))


def _require(course: Course, required_ids: set[int]) -> None:
    asks = _links(course_prerequisite.c.course_id, course_prerequisite.c.required_id)
    if any(_leads_to(required_id, course.id, asks) for required_id in required_ids):
        sentence = "One of these courses asks for this one first, so nobody could begin with either."
        raise FieldsRefused({"prerequisite_titles-0": sentence})
    course.required = list(db.session.scalars(sa.select(Course).where(Course.id.in_(required_ids))))
    db.session.flush()


def _compose(course: Course, components: Sequence[int]) -> None:
    """Let the course consist of these, in this order."""
    consists = _links(course_component.c.course_id, course_component.c.component_id)
    if any(_leads_to(part, course.id, consists) for part in components):
        sentence = "One of these courses consists of this one, so nobody could ever finish either."
        raise FieldsRefused({"component_titles-0": sentence})
    db.session.execute(sa.delete(course_component).where(course_component.c.course_id == course.id))
    rows = [
        {"course_id": course.id, "component_id": part, "position": position}
        for position, part in enumerate(components, 1)
    ]
    if rows:
        db.session.execute(sa.insert(course_component), rows)
    db.session.expire(course, ["components"])


def _links(one: sa.Column[Any], other: sa.Column[Any]) -> dict[int, list[int]]:
    """Which courses each course names."""
    found: dict[int, list[int]] = {}
    for course_id, named_id in db.session.execute(sa.select(one, other)):
        found.setdefault(course_id, []).append(named_id)
    return found


def _leads_to(start: int, goal: int, names: Mapping[int, list[int]]) -> bool:
    """Whether `start` is the goal, or names it, through however many courses."""
    seen, open_ids = set(), [start]
    while open_ids:
        if (found := open_ids.pop()) == goal:
            return True
        if found not in seen:
            seen.add(found)
            open_ids += names.get(found, [])
    return False
