"""Which categories a course serves: the topics each asks for, and how many of them the course covers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from catalog.browse.queries.course import MappedArea
from catalog.browse.vocabulary import age_bands_of
from catalog.competencies.models import (
    Category,
    Confidence,
    HourRule,
    Ledger,
    Purpose,
    RuleKind,
    Topic,
    TopicAsked,
)
from catalog.courses.models import Course, CourseTopic
from catalog.extensions import db


@dataclass
class CategoryCount:
    """What of one category's topics a course covers; never a claim that it is accepted for it."""

    name: str
    credential: str
    asks_rsc: bool
    asked: int = 0
    covered: int = 0
    is_confirmed: bool = True
    by_area: int = 0
    """Topics asked for in areas that the course covers without saying which topics."""


def counts_for(of: Course, mapped: Sequence[MappedArea], on: date) -> list[CategoryCount]:
    """The categories the course serves, by what they ask for on that day; none for one that is applied for."""
    if of.is_applied_for_elsewhere:
        return []
    areas_only = {area.id for area in mapped if not area.topics}
    found: dict[int, CategoryCount] = {}
    for category, area_id, asks_rsc, asked, covered, confirmed in db.session.execute(
        _asked_and_covered(of.id, on)
    ):
        if of.age_band not in age_bands_of(category.age_band):
            continue
        count = found.setdefault(
            category.id, CategoryCount(category.name, category.credential, bool(asks_rsc))
        )
        count.asked += asked
        count.covered += covered
        count.is_confirmed = count.is_confirmed and confirmed == asked
        count.by_area += asked if area_id in areas_only else 0
    return [count for count in found.values() if count.covered or count.by_area]


def _asked_and_covered(course_id: int, on: date) -> sa.Select[Any]:
    """For each category and area: the topics asked for, those covered, and those surely known to be asked for."""
    asks_rsc = (
        sa.exists()
        .where(
            HourRule.category_id == Category.id,
            HourRule.ledger == Ledger.RSC,
            HourRule.purpose == Purpose.FIRST,
            HourRule.kind == RuleKind.MINIMUM,
            HourRule.minutes > 0,
            HourRule.is_enabled,
            HourRule.retired_in.is_(None),
            sa.or_(HourRule.effective_from.is_(None), HourRule.effective_from <= on),
            sa.or_(HourRule.effective_until.is_(None), HourRule.effective_until >= on),
        )
        .label("asks_rsc")
    )
    confirmed = sa.and_(
        TopicAsked.confidence == Confidence.CONFIRMED, Topic.confidence == Confidence.CONFIRMED
    )
    covers = sa.and_(CourseTopic.topic_id == Topic.id, CourseTopic.course_id == course_id)
    return (
        sa.select(
            Category,
            Topic.area_id,
            asks_rsc,
            sa.func.count(),
            sa.func.count(CourseTopic.topic_id),
            sa.func.sum(sa.case((confirmed, 1), else_=0)),
        )
        .join(TopicAsked, TopicAsked.category_id == Category.id)
        .join(Topic, Topic.id == TopicAsked.topic_id)
        .outerjoin(CourseTopic, covers)
        .where(Category.is_current, Category.retired_in.is_(None), Topic.retired_in.is_(None))
        .group_by(Category.id, Topic.area_id)
        .order_by(Category.position, Category.id)
    )
