"""Everything the page of one course says, in a fixed number of statements however much there is."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload

from catalog.accounts.models import Person
from catalog.competencies.models import (
    Area,
    HourTag,
    Topic,
)
from catalog.courses.models import (
    Basis,
    Course,
    CourseArea,
    CourseTopic,
    course_prerequisite,
    course_tag,
)
from catalog.extensions import db
from catalog.wording import day


def course(course_id: int) -> Course | None:
    return db.session.scalar(
        sa.select(Course).options(joinedload(Course.owner)).where(Course.id == course_id)
    )


# The mapping, and what else hangs on a course.


class Status(NamedTuple):
    """How a mapping is known."""

    basis: Basis
    reviewer: str | None
    reviewed_at: datetime | None

    def sentence(self, zone: str) -> str:
        """Never more than is known: only a review with its name and date makes a mapping reviewed."""
        if self.reviewed_at:
            by = f" by {self.reviewer}" if self.reviewer else ""
            return f"Mapping reviewed{by} on {day(self.reviewed_at, zone)}"
        return {
            Basis.PROPOSED: "Mapping proposed by the trainer",
            Basis.STATED: "Stated by the provider",
            Basis.SUGGESTED: "Suggested, not reviewed",
        }[self.basis]


@dataclass(frozen=True)
class MappedArea:
    id: int
    code: str
    name: str
    by_references: bool
    minutes: int | None
    status: Status
    topics: list[tuple[str, Status]] = field(default_factory=list)


def mapping(course_id: int) -> list[MappedArea]:
    """The areas the course covers, in the framework's order, each with its topics."""
    reviewer, topic_reviewer = aliased(Person), aliased(Person)
    topics = (
        sa.select(Topic.area_id, Topic.name, Topic.position, CourseTopic.basis, CourseTopic.reviewed_at)
        .add_columns(topic_reviewer.name.label("reviewer"))
        .join(CourseTopic, CourseTopic.topic_id == Topic.id)
        .outerjoin(topic_reviewer, topic_reviewer.id == CourseTopic.reviewed_by_id)
        .where(CourseTopic.course_id == course_id)
        .subquery()
    )
    statement = (
        sa.select(CourseArea, Area, reviewer.name.label("reviewer"), topics)
        .join(Area, Area.id == CourseArea.area_id)
        .outerjoin(reviewer, reviewer.id == CourseArea.reviewed_by_id)
        .outerjoin(topics, topics.c.area_id == Area.id)
        .where(CourseArea.course_id == course_id)
        .order_by(Area.mentors_only, Area.position, topics.c.position)
    )
    found: dict[int, MappedArea] = {}
    for covers, area, name, _, topic, _, basis, at, topic_name in db.session.execute(statement):
        status = Status(covers.basis, name, covers.reviewed_at)
        mapped = found.setdefault(
            area.id, MappedArea(area.id, area.code, area.name, area.by_references, covers.minutes, status)
        )
        if topic:
            mapped.topics.append((topic, Status(basis, topic_name, at)))
    return list(found.values())


@dataclass(frozen=True)
class Extras:
    tags: list[str]
    required: list[tuple[int, str]]


def extras(course_id: int) -> Extras:
    """The tags its hours carry, and the courses that come first."""
    tags = (
        sa.select(sa.literal("tag"), HourTag.id, HourTag.label)
        .join(course_tag, course_tag.c.tag_id == HourTag.id)
        .where(course_tag.c.course_id == course_id)
    )
    required = (
        sa.select(sa.literal("required"), Course.id, Course.title)
        .join(course_prerequisite, course_prerequisite.c.required_id == Course.id)
        .where(course_prerequisite.c.course_id == course_id)
    )
    rows = db.session.execute(sa.union_all(tags, required)).all()
    return Extras(
        tags=[text for what, _, text in rows if what == "tag"],
        required=[(id_, text) for what, id_, text in rows if what == "required"],
    )
