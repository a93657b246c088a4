"""Which categories a course serves: the topics each asks for, and how many of them the course covers."""

from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import dataclass, field
from datetime import date

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
from catalog.extensions import alone


@dataclass(frozen=True)
class CategoryCount:
    """What of one category's topics a course covers; never a claim that it is accepted for it."""

    name: str
    credential: str
    asks_rsc: bool
    asked: int
    covered: int
    is_confirmed: bool
    by_area: int
    """Topics asked for in areas that the course covers without saying which topics."""


@dataclass
class Asked:
    """What one category asks for."""

    name: str
    credential: str
    age_band: str
    asks_rsc: bool
    is_confirmed: bool = True
    topics: set[int] = field(default_factory=set)
    in_area: Counter[int] = field(default_factory=Counter)
    """How many of the topics are in each area."""


def counts_for(
    of: Course, mapped: Sequence[MappedArea], covered: Set[int], asked: Sequence[Asked]
) -> list[CategoryCount]:
    """The categories the course serves, by what they ask for; none for one that is applied for elsewhere."""
    if of.is_applied_for_elsewhere:
        return []
    areas_only = [area.id for area in mapped if not area.topics]
    counts = [
        CategoryCount(
            name=category.name,
            credential=category.credential,
            asks_rsc=category.asks_rsc,
            asked=len(category.topics),
            covered=len(category.topics & covered),
            is_confirmed=category.is_confirmed,
            by_area=sum(category.in_area[area] for area in areas_only),
        )
        for category in asked
        if of.age_band in age_bands_of(category.age_band)
    ]
    return [count for count in counts if count.covered or count.by_area]


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
    found: dict[int, Asked] = {}
    with alone() as connection:
        for category_id, *about, area_id, topic_id, is_confirmed in connection.execute(statement):
            category = found.setdefault(category_id, Asked(*about))
            category.topics.add(topic_id)
            category.in_area[area_id] += 1
            category.is_confirmed = category.is_confirmed and is_confirmed
    return list(found.values())
