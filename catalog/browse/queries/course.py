"""Which areas and topics a course covers, and how that is known."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from catalog.accounts.models import Person
from catalog.competencies.models import Area, Topic
from catalog.courses.models import Basis, CourseArea, CourseTopic
from catalog.extensions import db
from catalog.wording import day


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
