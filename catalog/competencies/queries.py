"""Reads of the framework. Retired facts are left out unless a name says otherwise."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from catalog.competencies import rulebook as plain
from catalog.competencies.models import (
    Area,
    Category,
    Confidence,
    Credential,
    Edition,
    HourRule,
    HourTag,
    Policy,
    Topic,
    TopicAsked,
)
from catalog.competencies.rulebook import AreaLine, HourLine, Rulebook, TopicLine, window
from catalog.extensions import db

STRIP = 8


class AreaTopics(NamedTuple):
    area: Area
    topics: list[Topic]


class AskedTopic(NamedTuple):
    """A topic a category asks for, and how surely we know that it does."""

    topic: Topic
    confidence: Confidence

    @property
    def is_confirmed(self) -> bool:
        return self.confidence == Confidence.CONFIRMED and self.topic.is_confirmed


def edition_in_force() -> Edition | None:
    """The edition that was loaded last; None before any was."""
    return db.session.scalar(
        sa.select(Edition).order_by(Edition.loaded_at.desc(), Edition.id.desc()).limit(1)
    )


def credentials() -> Sequence[Credential]:
    return db.session.scalars(
        sa.select(Credential).where(Credential.retired_in.is_(None)).order_by(Credential.id)
    ).all()


def areas() -> Sequence[Area]:
    """Every area in the framework's order: those of the strip, then those asked of Mentors alone."""
    return db.session.scalars(
        sa.select(Area).where(Area.retired_in.is_(None)).order_by(Area.mentors_only, Area.position, Area.id)
    ).all()


def strip_areas() -> Sequence[Area]:
    """The eight areas of the strip, in its order."""
    return [area for area in areas() if not area.mentors_only][:STRIP]


def topics_by_area() -> list[AreaTopics]:
    """Each area with its topics, in order, in two statements. An area without topics has an empty list."""
    by_area: dict[int, list[Topic]] = {}
    for topic in db.session.scalars(
        sa.select(Topic).where(Topic.retired_in.is_(None)).order_by(Topic.position, Topic.id)
    ):
        by_area.setdefault(topic.area_id, []).append(topic)
    return [AreaTopics(area, by_area.get(area.id, [])) for area in areas()]


def categories() -> Sequence[Category]:
    """The categories one can be endorsed in today, add-ons last."""
    return db.session.scalars(
        sa.select(Category)
        .where(Category.is_current, Category.retired_in.is_(None))
        .order_by(Category.is_add_on, Category.position, Category.id)
    ).all()


def tags() -> Sequence[HourTag]:
    return db.session.scalars(
        sa.select(HourTag).where(HourTag.retired_in.is_(None)).order_by(HourTag.id)
    ).all()


def rules() -> Sequence[HourRule]:
    """Every rule of every category, switched off and outdated ones too, for those who keep them."""
    return db.session.scalars(_rules()).all()


def policies() -> Sequence[Policy]:
    """Every policy, outdated ones and those not in use too; those for every category first."""
    return db.session.scalars(
        sa.select(Policy)
        .outerjoin(Policy.category)
        .options(contains_eager(Policy.category))
        .where(Policy.retired_in.is_(None), Category.retired_in.is_(None))
        .order_by(
            Policy.kind,
            Category.position.nulls_first(),
            Policy.effective_from.desc().nulls_last(),
            Policy.id,
        )
    ).all()


def every_category() -> Sequence[Category]:
    """Also those that nobody can be endorsed in any more, in the framework's order."""
    return db.session.scalars(
        sa.select(Category).where(Category.retired_in.is_(None)).order_by(Category.position, Category.id)
    ).all()


def _rules() -> sa.Select[tuple[HourRule]]:
    return (
        sa.select(HourRule)
        .join(HourRule.category)
        .options(contains_eager(HourRule.category), joinedload(HourRule.tag))
        .where(HourRule.retired_in.is_(None), Category.retired_in.is_(None))
        .order_by(
            Category.position,
            HourRule.purpose,
            HourRule.ledger.desc(),
            HourRule.tag_id.nulls_first(),
            HourRule.kind,
            HourRule.effective_from.nulls_first(),
            HourRule.id,
        )
    )


def topics_asked(category: Category) -> list[AskedTopic]:
    """The topics the category asks for, by area, each with its area loaded."""
    found = db.session.execute(
        sa.select(Topic, TopicAsked.confidence)
        .join(TopicAsked, TopicAsked.topic_id == Topic.id)
        .join(Topic.area)
        .options(contains_eager(Topic.area))
        .where(TopicAsked.category_id == category.id, Topic.retired_in.is_(None))
        .order_by(Area.position, Topic.position, Topic.id)
    )
    return [AskedTopic(topic, confidence) for topic, confidence in found]


def asking(topic_ids: Iterable[int]) -> dict[int, dict[int, Confidence]]:
    """Which current categories ask for these topics: category id, then topic id, then how surely."""
    found: dict[int, dict[int, Confidence]] = {}
    for asked in db.session.scalars(
        sa.select(TopicAsked)
        .join(Category, Category.id == TopicAsked.category_id)
        .where(TopicAsked.topic_id.in_(list(topic_ids)), Category.is_current, Category.retired_in.is_(None))
        .order_by(Category.position)
    ):
        found.setdefault(asked.category_id, {})[asked.topic_id] = asked.confidence
    return found


def topics_asked_counts() -> dict[int, tuple[int, bool]]:
    """For each category id: how many topics it asks for, and whether all of that is confirmed."""
    unsure = sa.func.sum(sa.case((TopicAsked.confidence == Confidence.CONFIRMED, 0), else_=1))
    found = db.session.execute(
        sa.select(TopicAsked.category_id, sa.func.count(), unsure)
        .join(Topic, Topic.id == TopicAsked.topic_id)
        .where(Topic.retired_in.is_(None))
        .group_by(TopicAsked.category_id)
    )
    return {category_id: (count, not unsure_ones) for category_id, count, unsure_ones in found}


def rulebook(category: Category) -> Rulebook:
    """Everything the category asks for, on whatever day, in three statements."""
    areas, topics = _asked_lines(category)
    providers, sources, cycles = plain.policies(_policy_rows(category))
    return Rulebook(
        category_id=category.id,
        code=category.code,
        name=category.name,
        hours=_hour_lines(category),
        providers=providers,
        sources=sources,
        cycles=cycles,
        areas=areas,
        topics=topics,
    )


def _hour_lines(category: Category) -> tuple[HourLine, ...]:
    rows = db.session.execute(_hour_statement(), {"category_id": category.id})
    return tuple(
        HourLine(
            purpose=rule.purpose,
            ledger=rule.ledger,
            kind=rule.kind,
            minutes=rule.minutes,
            tag=code,
            tag_label=label or "",
            months=window(rule.window_months),
            applies_when=rule.applies_when or "",
            condition=rule.condition,
            **_carried(rule),
        )
        for rule, code, label in rows
    )


@cache
def _hour_statement() -> sa.Select[Any]:
    return (
        sa.select(HourRule, HourTag.code, HourTag.label)
        .outerjoin(HourTag, HourTag.id == HourRule.tag_id)
        .where(
            HourRule.category_id == sa.bindparam("category_id"),
            HourRule.is_enabled,
            HourRule.retired_in.is_(None),
        )
        .order_by(
            HourRule.purpose,
            HourRule.ledger.desc(),
            HourRule.tag_id.nulls_first(),
            HourRule.kind,
            HourRule.id,
        )
    )


def _policy_rows(category: Category) -> list[tuple[Any, Any, dict[str, Any]]]:
    rows = db.session.scalars(_policy_statement(), {"category_id": category.id})
    return [(row.kind, row.facts, _carried(row)) for row in rows]


@cache
def _policy_statement() -> sa.Select[Any]:
    """Those of the category first, and of two the one that began later."""
    return (
        sa.select(Policy)
        .where(
            sa.or_(Policy.category_id == sa.bindparam("category_id"), Policy.category_id.is_(None)),
            Policy.is_enabled,
            Policy.retired_in.is_(None),
        )
        .order_by(Policy.category_id.nulls_last(), Policy.effective_from.desc().nulls_last(), Policy.id)
    )


def _carried(rule: HourRule | Policy) -> dict[str, Any]:
    return {
        "id": rule.id,
        "effective_from": rule.effective_from,
        "effective_until": rule.effective_until,
        "edition": rule.edition,
        "is_confirmed": rule.is_confirmed,
    }


def _asked_lines(category: Category) -> tuple[tuple[AreaLine, ...], tuple[TopicLine, ...]]:
    """Every area in the framework's order, and the topics that this category asks for."""
    areas: dict[int, AreaLine] = {}
    topics: list[TopicLine] = []
    is_ecmh = "ECMH" in category.credential and "IMH-E" not in category.credential.replace("ECMH-E", "")
    for row in db.session.connection().execute(_asked_statement(), {"category_id": category.id}):
        if row.area_id not in areas:
            areas[row.area_id] = AreaLine(
                row.area_id, row.area_code, row.area_name, row.short, row.by_references, row.mentors_only
            )
        if row.asked is not None:
            name = (row.name_ecmh if is_ecmh else None) or row.name
            is_confirmed = row.asked == Confidence.CONFIRMED and row.known == Confidence.CONFIRMED
            topics.append(TopicLine(row.topic_id, row.code, name, row.area_id, is_confirmed))
    return tuple(areas.values()), tuple(topics)


@cache
def _asked_statement() -> sa.Select[Any]:
    is_asked = sa.and_(TopicAsked.topic_id == Topic.id, TopicAsked.category_id == sa.bindparam("category_id"))
    return (
        sa.select(
            Area.id.label("area_id"),
            Area.code.label("area_code"),
            Area.name.label("area_name"),
            Area.short,
            Area.by_references,
            Area.mentors_only,
            Topic.id.label("topic_id"),
            Topic.code,
            Topic.name,
            Topic.name_ecmh,
            Topic.confidence.label("known"),
            TopicAsked.confidence.label("asked"),
        )
        .outerjoin(Topic, sa.and_(Topic.area_id == Area.id, Topic.retired_in.is_(None)))
        .outerjoin(TopicAsked, is_asked)
        .where(Area.retired_in.is_(None))
        .order_by(Area.mentors_only, Area.position, Area.id, Topic.position, Topic.id)
    )
