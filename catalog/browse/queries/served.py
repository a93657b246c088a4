"""Which categories a course serves: the topics each asks for, and how many of them the course covers."""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

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
from catalog.courses.models import Course
from catalog.extensions import reading


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


class Asked(NamedTuple):
    """A topic that a category asks for."""

    category_id: int
    category: str
    credential: str
    age_band: str
    asks_rsc: bool
    area_id: int
    topic_id: int
    is_confirmed: bool


def counts_for(
    of: Course, mapped: Sequence[MappedArea], covered: Set[int], asked: Sequence[Asked]
) -> list[CategoryCount]:
    """The categories the course serves, by what they ask for; none for one that is applied for elsewhere."""
    if of.is_applied_for_elsewhere:
        return []
    areas_only = {area.id for area in mapped if not area.topics}
    found: dict[int, CategoryCount] = {}
    for topic in asked:
        if of.age_band not in age_bands_of(topic.age_band):
            continue
        count = found.setdefault(
            topic.category_id, CategoryCount(topic.category, topic.credential, topic.asks_rsc)
        )
        count.asked += 1
        count.covered += topic.topic_id in covered
        count.is_confirmed = count.is_confirmed and topic.is_confirmed
        count.by_area += topic.area_id in areas_only
    return [count for count in found.values() if count.covered or count.by_area]


def asked(on: date) -> list[Asked]:
    """What every category asks for on that day, in the order of the categories."""
    asks_rsc = sa.exists().where(
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
    confirmed = sa.and_(
        TopicAsked.confidence == Confidence.CONFIRMED, Topic.confidence == Confidence.CONFIRMED
    )
    statement = (
        sa.select(Category.id, Category.name, Category.credential, Category.age_band, asks_rsc)
        .add_columns(Topic.area_id, Topic.id, sa.func.coalesce(confirmed, sa.false()))
        .join(TopicAsked, TopicAsked.category_id == Category.id)
        .join(Topic, Topic.id == TopicAsked.topic_id)
        .where(Category.is_current, Category.retired_in.is_(None), Topic.retired_in.is_(None))
        .order_by(Category.position, Category.id)
    )
    with reading() as connection:
        return [Asked(*row) for row in connection.execute(statement)]
