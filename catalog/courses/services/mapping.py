"""Saying which areas and topics a course covers."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from catalog.accounts.models import Person
from catalog.competencies.models import HourTag
from catalog.courses import search
from catalog.courses.models import Basis, Course, CourseArea, CourseTopic
from catalog.courses.refusals import FieldsRefused
from catalog.courses.services.versions import claim
from catalog.extensions import db
from catalog.notices import audit
from catalog.wording import hours


class Covered(NamedTuple):
    """One area a course covers, the minutes of the course it is given, and its topics."""

    area_id: int
    minutes: int | None
    topic_ids: frozenset[int]


def save_mapping(
    course: Course, covered: Sequence[Covered], tag_ids: set[int], version: int, *, by: Person
) -> None:
    """Replace the mapping. What did not change keeps its review; what did is the trainer's proposal.

    Rows of areas and topics that the framework has retired cannot be chosen any more and are kept. Raises
    Stale, or FieldsRefused naming `area_<id>-minutes`."""
    claim(course, version)
    _refuse_long_split(course, covered)
    before = said(course)
    _set_areas(course, {row.area_id: row.minutes for row in covered})
    _set_topics(course, frozenset().union(*(row.topic_ids for row in covered)))
    course.tags = list(db.session.scalars(sa.select(HourTag).where(HourTag.id.in_(tag_ids))))
    db.session.flush()
    audit.note("course.mapped", "course", course.id, by=by, was=before, now=said(course))
    search.index(course)


def said(course: Course) -> dict[str, list[str] | dict[str, int | None]]:
    """The mapping in codes, for the audit trail."""
    return {
        "areas": {row.area.code: row.minutes for row in sorted(course.areas, key=lambda row: row.area_id)},
        "topics": sorted(row.topic.code for row in course.topics),
        "tags": sorted(tag.code for tag in course.tags),
    }


def mark_reviewed(course: Course, by: Person, at: datetime) -> None:
    rows: list[CourseArea | CourseTopic] = [*course.areas, *course.topics]
    for row in rows:
        row.reviewed_by_id, row.reviewed_at = by.id, at


def _set_areas(course: Course, wanted: dict[int, int | None]) -> None:
    known = {row.area_id: row for row in course.areas}
    for row in known.values():
        if row.area_id not in wanted and row.area.retired_in is None:
            course.areas.remove(row)
    for area_id, minutes in wanted.items():
        if area_id not in known:
            course.areas.append(CourseArea(area_id=area_id, minutes=minutes, basis=Basis.PROPOSED))
        elif known[area_id].minutes != minutes:
            known[area_id].minutes = minutes
            _propose(known[area_id])


def _set_topics(course: Course, wanted: frozenset[int]) -> None:
    known = {row.topic_id: row for row in course.topics}
    for row in known.values():
        if row.topic_id not in wanted and row.topic.retired_in is None:
            course.topics.remove(row)
    for topic_id in wanted - known.keys():
        course.topics.append(CourseTopic(topic_id=topic_id, basis=Basis.PROPOSED))


def _propose(row: CourseArea) -> None:
    row.basis = Basis.PROPOSED
    row.reviewed_by_id = row.reviewed_at = None


def _refuse_long_split(course: Course, covered: Sequence[Covered]) -> None:
    split = {row.area_id: row.minutes for row in covered if row.minutes is not None}
    sentences = {
        f"area_{area_id}-minutes": _too_long(course, split, minutes) for area_id, minutes in split.items()
    }
    refused = {name: sentence for name, sentence in sentences.items() if sentence}
    if refused:
        raise FieldsRefused(refused)


def _too_long(course: Course, split: dict[int, int], minutes: int) -> str | None:
    if course.minutes is None:
        return "This course does not say how long it is. Write its length first; then it can be split."
    if minutes > course.minutes:
        return f"The whole course has {hours(course.minutes)}."
    total = sum(split.values())
    if total > course.minutes:
        return f"Together the areas have {hours(total)}, but the whole course has {hours(course.minutes)}."
    return None
