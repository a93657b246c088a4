"""How a course stands: all that its page says of it, found by one statement and handed over as one text.

Two pages with the same text look the same, so what was painted for it is shown again; a text that is new is read
into the objects that a page is painted from."""

import json
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from catalog.accounts.models import Person
from catalog.browse.queries.course import MappedArea, Status
from catalog.browse.queries.lines import OfferingLine, line_columns
from catalog.browse.queries.statements import NOW, PERSON
from catalog.browse.queries.text import array, array_of_rows, instant, rows_of, values_of
from catalog.competencies.models import Area, HourTag, Topic
from catalog.courses.models import (
    Basis,
    Course,
    CourseArea,
    CourseState,
    CourseTopic,
    Offering,
    course_component,
    course_prerequisite,
    course_tag,
)
from catalog.extensions import alone
from catalog.notices.models import AuditEntry

COURSE = sa.bindparam("course_id", type_=sa.Integer)
MOST_OFFERINGS = 200


class CourseRead(NamedTuple):
    """What a text says."""

    course: Course
    """Read from the text; no session knows it."""
    mapped: list[MappedArea]
    covered: frozenset[int]
    """The ids of its topics."""
    tags: list[str]
    required: list[tuple[int, str | None]]
    """Numbers and titles; what is not public keeps its title to itself."""
    components: list[tuple[int, str | None]]
    """The same of the courses it consists of, in their order."""
    lines: list[OfferingLine]
    """Those at one's own pace first, then by date; of very many, the latest."""
    changes: int
    """How often the framework has been changed."""


def of(course_id: int, person_id: int | None, now: datetime) -> str | None:
    """How the course stands for this reader; None when there is no such course."""
    values = {"course_id": course_id, "person_id": person_id, "now": now}
    with alone() as connection:
        return connection.execute(_statement(person_id is not None), values).scalar()


def read(text: str) -> CourseRead:
    columns, owner, trains, *parts, changes = json.loads(text)
    areas, topics, tags, required, components, offerings = (rows_of(part) for part in parts)
    course = Course(**values_of(Course, columns))
    course.owner = Person(name=owner, is_trainer=bool(trains)) if owner else None
    found = [OfferingLine.read(row) for row in offerings]
    dated = [line for line in found if line.starts_at]
    return CourseRead(
        course=course,
        mapped=_mapped(areas, topics),
        covered=frozenset(topic[1] for topic in topics),
        tags=[label for (label,) in tags],
        required=[(required_id, title) for required_id, title in required],
        components=[(component_id, title) for component_id, title in components],
        lines=[line for line in found if not line.starts_at] + dated[::-1],
        changes=changes,
    )


def _mapped(areas: list[list[Any]], topics: list[list[Any]]) -> list[MappedArea]:
    found = {
        area_id: MappedArea(area_id, code, name, bool(by_references), minutes, _status(*how))
        for area_id, code, name, by_references, minutes, *how in areas
    }
    for area_id, _, name, *how in topics:
        if area_id in found:
            found[area_id].topics.append((name, _status(*how)))
    return list(found.values())


def _status(basis: str, reviewer: str | None, reviewed_at: str | None) -> Status:
    return Status(Basis(basis), reviewer, instant(reviewed_at))


# The statement.


@cache
def _statement(is_signed_in: bool) -> sa.Select[tuple[str]]:
    owner = aliased(Person)
    offerings = _offerings(PERSON if is_signed_in else None)
    parts = (_rows(part) for part in (_areas(), _topics(), _tags(), _required(), _components(), offerings))
    everything = (array(*Course.__table__.c), owner.name, owner.is_trainer, *parts, _changes())
    return (
        sa.select(sa.cast(array(*everything), sa.Text))
        .select_from(Course)
        .outerjoin(owner, owner.id == Course.owner_id)
        .where(Course.id == COURSE)
    )


def _rows(statement: sa.Select[Any]) -> sa.ScalarSelect[str]:
    return sa.select(array_of_rows(array(*statement.subquery().c))).scalar_subquery()


def _areas() -> sa.Select[Any]:
    reviewer = aliased(Person)
    how = (CourseArea.basis, reviewer.name, CourseArea.reviewed_at)
    return (
        sa.select(Area.id, Area.code, Area.name.label("area"), Area.by_references, CourseArea.minutes, *how)
        .join(CourseArea, CourseArea.area_id == Area.id)
        .outerjoin(reviewer, reviewer.id == CourseArea.reviewed_by_id)
        .where(CourseArea.course_id == COURSE)
        .order_by(Area.mentors_only, Area.position)
    )


def _topics() -> sa.Select[Any]:
    reviewer = aliased(Person)
    how = (CourseTopic.basis, reviewer.name, CourseTopic.reviewed_at)
    return (
        sa.select(Topic.area_id, Topic.id, Topic.name.label("topic"), *how)
        .join(CourseTopic, CourseTopic.topic_id == Topic.id)
        .outerjoin(reviewer, reviewer.id == CourseTopic.reviewed_by_id)
        .where(CourseTopic.course_id == COURSE)
        .order_by(Topic.position)
    )


def _tags() -> sa.Select[Any]:
    return (
        sa.select(HourTag.label)
        .join(course_tag, course_tag.c.tag_id == HourTag.id)
        .where(course_tag.c.course_id == COURSE)
        .order_by(HourTag.id)
    )


def _required() -> sa.Select[Any]:
    required = aliased(Course)
    return (
        sa.select(required.id, sa.case((required.state == CourseState.PUBLISHED, required.title)))
        .join(course_prerequisite, course_prerequisite.c.required_id == required.id)
        .where(course_prerequisite.c.course_id == COURSE)
        .order_by(required.id)
    )


def _components() -> sa.Select[Any]:
    component = aliased(Course)
    return (
        sa.select(component.id, sa.case((component.state == CourseState.PUBLISHED, component.title)))
        .join(course_component, course_component.c.component_id == component.id)
        .where(course_component.c.course_id == COURSE)
        .order_by(course_component.c.position)
    )


def _offerings(person_id: Any) -> sa.Select[Any]:
    return (
        sa.select(*line_columns(person_id, NOW))
        .where(Offering.course_id == COURSE)
        .order_by(Offering.starts_at.is_not(None), Offering.starts_at.desc(), Offering.id)
        .limit(MOST_OFFERINGS)
    )


def _changes() -> sa.ScalarSelect[int]:
    """Whoever changes the framework writes it down, and what is written down is never taken away."""
    # Written out: PostgreSQL then knows that these are few in a long trail, and keeps its plan.
    about = AuditEntry.about == sa.literal_column("'framework'")
    return sa.select(sa.func.count()).where(about).scalar_subquery()
