"""Which areas and topics a certificate names, and how surely: never more than a review with its name and date."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from catalog.attendance.models import Credit
from catalog.courses.models import Basis, CourseArea, CourseTopic
from catalog.wording import day

BASES = {
    Basis.PROPOSED: "Mapping proposed by the trainer",
    Basis.STATED: "Mapping stated by the provider, not reviewed",
    Basis.SUGGESTED: "Mapping suggested, not reviewed",
}
REVIEWED, NOT_REVIEWED = "Mapping reviewed", "Mapping not reviewed"


class Standing(NamedTuple):
    """How each area and topic of the course is mapped at this moment, in words, by id."""

    areas: Mapping[int, str]
    topics: Mapping[int, str]


def standing(areas: Sequence[CourseArea], topics: Sequence[CourseTopic], zone: str) -> Standing:
    return Standing(
        {one.area_id: _said(one, zone) for one in areas}, {one.topic_id: _said(one, zone) for one in topics}
    )


def _said(mapped: CourseArea | CourseTopic, zone: str) -> str:
    if mapped.reviewed_at is None:
        return BASES[mapped.basis]
    by = f" by {mapped.reviewed_by.name}" if mapped.reviewed_by else ""
    return f"{REVIEWED}{by} on {day(mapped.reviewed_at, zone)}"


def areas(given: Sequence[Credit], standing: Standing) -> list[dict[str, Any]]:
    """The areas that these credits touch, in the framework's order, each with its topics.

    An area keeps the minutes that the course gives it; they are the same in each ledger only where there is one."""
    rows = {row.area_id: row for credit in given for row in credit.areas}
    topics = {row.topic_id: row for credit in given for row in credit.topics}
    return [
        {
            "code": row.area.code,
            "name": row.area.name,
            "minutes": [
                [credit.ledger.value, one.minutes]
                for credit in given
                for one in credit.areas
                if one.area_id == row.area_id and one.minutes
            ],
            "mapping": _mapping(standing.areas.get(row.area_id), row.was_reviewed),
            "topics": [
                {
                    "name": topic.topic.name,
                    "mapping": _mapping(standing.topics.get(topic.topic_id), topic.was_reviewed),
                }
                for topic in sorted(topics.values(), key=lambda one: (one.topic.position, one.topic_id))
                if topic.topic.area_id == row.area_id
            ],
        }
        for row in sorted(rows.values(), key=lambda one: (one.area.position, one.area_id))
    ]


def _mapping(said: str | None, was_reviewed: bool) -> str:
    """As it stands; and for what the course covers no longer, as it was when the credit was given."""
    return said or (REVIEWED if was_reviewed else NOT_REVIEWED)
