"""What a newer framework means for courses: every mapping stays, and what it points at is told."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from catalog.competencies.effects import after_load
from catalog.competencies.models import Area, HourTag, Topic
from catalog.courses import search
from catalog.courses.models import Course, CourseArea, CourseTopic, course_tag
from catalog.extensions import db


def carry_over() -> list[str]:
    """Bring the mappings in line after a framework was loaded, and say what could not be carried over.

    A topic that moved to another area takes its courses along: they cover the new area too. Mappings to retired
    facts are kept, because records and reviews stand on them; somebody has to look at them."""
    return [*_follow_topics(), *_retired_but_mapped()]


def _follow_topics() -> list[str]:
    covers = sa.exists().where(
        CourseArea.course_id == CourseTopic.course_id, CourseArea.area_id == Topic.area_id
    )
    uncovered = db.session.execute(
        sa.select(CourseTopic, Topic.area_id)
        .join(CourseTopic.topic)
        .where(~covers)
        .order_by(CourseTopic.course_id, CourseTopic.topic_id)
    ).all()
    added = {(row.CourseTopic.course_id, row.area_id): row.CourseTopic.basis for row in uncovered}
    for (course_id, area_id), basis in added.items():
        db.session.add(CourseArea(course_id=course_id, area_id=area_id, basis=basis))
    db.session.flush()
    for course in db.session.scalars(sa.select(Course).where(Course.id.in_({key[0] for key in added}))):
        search.index(course)
    if not added:
        return []
    courses = len({key[0] for key in added})
    return [f"Topics moved to another area; courses that cover the new area now: {courses}."]


def _retired_but_mapped() -> Iterator[str]:
    for word, model, mapped, column in (
        ("area", Area, CourseArea.__table__, "area_id"),
        ("topic", Topic, CourseTopic.__table__, "topic_id"),
        ("hour tag", HourTag, course_tag, "tag_id"),
    ):
        label: Any = getattr(model, "label", None) or getattr(model, "name")  # noqa: B009 - one or the other
        found = db.session.execute(
            sa.select(model.code, label, model.retired_in, sa.func.count())
            .join(mapped, mapped.c[column] == model.id)
            .where(model.retired_in.is_not(None))
            .group_by(model.id, model.code, label, model.retired_in)
            .order_by(model.id)
        )
        for code, name, edition, count in found:
            yield (
                f"Could not carry over: {word} {code} ({name}) is not in edition {edition}; "
                f"{_courses(count)} still mapped to it."
            )


def _courses(count: int) -> str:
    return "1 course is" if count == 1 else f"{count} courses are"


after_load(carry_over)
