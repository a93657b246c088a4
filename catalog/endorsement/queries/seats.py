"""Reads: open sessions with a free seat that fill what is missing, those that fill most of it first."""

from collections.abc import Sequence
from datetime import date, datetime, time
from functools import cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from catalog.competencies.models import HourTag, Ledger
from catalog.courses.models import (
    Course,
    CourseArea,
    CourseState,
    CourseTopic,
    Format,
    Listing,
    Meeting,
    Offering,
    OfferingState,
    Seat,
    course_tag,
)
from catalog.endorsement.openings import Choice, Gaps, Wishes
from catalog.enrollment.models import IS_WAITING, LIVE, Enrollment
from catalog.extensions import db

PAGE = 20


class Found(NamedTuple):
    choices: list[Choice]
    has_more: bool


def seats(
    gaps: Gaps, wishes: Wishes, at: datetime, *, person_id: int, zone: str, page: int = 1, limit: int = PAGE
) -> Found:
    """One page of the sessions that fill some of it: by how many topics and tags, then the soonest."""
    if not gaps:
        return Found([], has_more=False)
    rows = db.session.execute(
        _statement(gaps, wishes, zone).limit(limit + 1).offset((page - 1) * limit),
        _values(gaps, person_id, at),
    ).all()
    return Found([_choice(row) for row in rows[:limit]], len(rows) > limit)


def next_seats(gaps: Gaps, at: datetime, *, person_id: int, each: int = 2) -> dict[str, list[Choice]]:
    """For each missing topic ("topic-7") and tag ("tag-iecmh_core") the sessions that fill most, in one statement."""
    found: dict[str, list[Choice]] = {}
    if gaps.topics or gaps.tags:
        for row in db.session.execute(_ranked(), {**_values(gaps, person_id, at), "each": each}):
            found.setdefault(row.what, []).append(_choice(row))
    return found


def _values(gaps: Gaps, person_id: int, at: datetime) -> dict[str, Any]:
    return {"now": at, "person_id": person_id, "topics": list(gaps.topics), "tags": list(gaps.tags)}


def _choice(row: Sequence[Any]) -> Choice:
    *plain, topics, tags, areas = row[: len(Choice._fields)]
    read = (_ids(topics), frozenset(tags.split(",") if tags else ()), _ids(areas))
    return Choice._make([*plain, *read])


def _ids(text: str | None) -> frozenset[int]:
    return frozenset(map(int, text.split(","))) if text else frozenset()


def _bound(name: str) -> Any:
    return sa.bindparam(name, expanding=True)


def _count(of: Any, *where: Any) -> Any:
    return (
        sa.select(sa.func.count()).select_from(of).where(*where).correlate(Course, Offering).scalar_subquery()
    )


@cache
def _fills() -> Any:
    """How many of the missing topics and tags each course covers; courses that cover none are not in it."""
    topics = (
        sa.select(CourseTopic.course_id, sa.func.count().label("many"))
        .where(CourseTopic.topic_id.in_(_bound("topics")))
        .group_by(CourseTopic.course_id)
    )
    tags = (
        sa.select(course_tag.c.course_id, sa.func.count().label("many"))
        .join(HourTag, HourTag.id == course_tag.c.tag_id)
        .where(HourTag.code.in_(_bound("tags")))
        .group_by(course_tag.c.course_id)
    )
    each = sa.union_all(topics, tags).subquery()
    return (
        sa.select(each.c.course_id, sa.func.sum(each.c.many).label("many"))
        .group_by(each.c.course_id)
        .cte("fills")
    )


def _worth(ledger: Ledger) -> Any:
    return (
        sa.select(sa.func.sum(Meeting.minutes))
        .where(Meeting.offering_id == Offering.id, Meeting.ledger == ledger)
        .correlate(Offering)
        .scalar_subquery()
    )


def _free() -> Any:
    return _count(Seat, Seat.offering_id == Offering.id, ~Seat.is_taken)


def _columns() -> list[Any]:
    def listed(column: Any, *where: Any) -> Any:
        joined = sa.func.aggregate_strings(sa.cast(column, sa.String), ",")
        return sa.select(joined).where(*where).correlate(Course).scalar_subquery()

    tags = (
        sa.select(sa.func.aggregate_strings(HourTag.code, ","))
        .join(course_tag, course_tag.c.tag_id == HourTag.id)
        .where(course_tag.c.course_id == Course.id)
        .correlate(Course)
        .scalar_subquery()
    )
    return [
        Offering.id,
        Course.id.label("course_id"),
        Course.title,
        Offering.format,
        Offering.county,
        Offering.place,
        Offering.zone,
        Offering.starts_at,
        Offering.ends_at,
        Offering.language,
        Offering.capacity,
        _free().label("free"),
        sa.or_(Offering.needs_approval, Offering.question != "").label("asks"),
        Offering.price_cents,
        Offering.member_price_cents,
        _worth(Ledger.TRAINING).label("training"),
        _worth(Ledger.RSC).label("rsc"),
        listed(CourseTopic.topic_id, CourseTopic.course_id == Course.id).label("topics"),
        tags.label("tags"),
        listed(CourseArea.area_id, CourseArea.course_id == Course.id).label("areas"),
    ]


def _is_open() -> list[Any]:
    """Anybody may join it now, a seat is free, nobody waits for it, and the person is not on it yet."""
    now: Any = sa.bindparam("now")
    return [
        Offering.state == OfferingState.SCHEDULED,
        sa.or_(Offering.starts_at.is_(None), Offering.starts_at > now),
        sa.or_(Offering.opens_at.is_(None), Offering.opens_at <= now),
        sa.or_(Offering.closes_at.is_(None), Offering.closes_at > now),
        Course.state == CourseState.PUBLISHED,
        Course.listing == Listing.OPEN,
        Course.apply_url == "",
        sa.or_(
            Offering.capacity.is_(None),
            sa.and_(
                sa.exists().where(Seat.offering_id == Offering.id, ~Seat.is_taken),
                ~sa.exists().where(Enrollment.offering_id == Offering.id, IS_WAITING),
            ),
        ),
        ~sa.exists().where(
            Enrollment.offering_id == Offering.id,
            Enrollment.person_id == sa.bindparam("person_id"),
            Enrollment.state.in_(LIVE),
        ),
    ]


def _statement(gaps: Gaps, wishes: Wishes, zone: str) -> sa.Select[Any]:
    fills = _fills()
    statement = sa.select(*_columns()).join(Course, Course.id == Offering.course_id)
    if not gaps.ledgers:
        return (
            statement.join(fills, fills.c.course_id == Course.id)
            .where(*_is_open(), *_wished(wishes, zone))
            .order_by(fills.c.many.desc(), *_soonest())
        )
    gives = sa.or_(fills.c.many > 0, *(_worth(ledger) > 0 for ledger in sorted(gaps.ledgers)))
    return (
        statement.outerjoin(fills, fills.c.course_id == Course.id)
        .where(*_is_open(), gives, *_wished(wishes, zone))
        .order_by(sa.func.coalesce(fills.c.many, 0).desc(), Offering.minutes.desc(), *_soonest())
    )


def _soonest() -> tuple[Any, ...]:
    """Dated sessions before those at one's own pace."""
    return Offering.starts_at.is_(None), Offering.starts_at, Offering.id


def _wished(wishes: Wishes, zone: str) -> list[Any]:
    found = []
    online = Offering.format.in_((Format.VIRTUAL, Format.HYBRID, Format.SELF_PACED))
    there = Offering.county.in_(wishes.counties) if wishes.counties else sa.false()
    if wishes.counties or wishes.online:
        found.append(sa.or_(there, online) if wishes.online else there)
    if wishes.most_cents is not None:
        found.append(Offering.price_cents <= wishes.most_cents)
    if wishes.begins:
        found.append(Offering.starts_at >= _midnight(wishes.begins, zone))
    if wishes.ends:
        found.append(Offering.ends_at < _midnight(date.fromordinal(wishes.ends.toordinal() + 1), zone))
    if wishes.language:
        found.append(Offering.language == wishes.language)
    return found


def _midnight(on: date, zone: str) -> datetime:
    return datetime.combine(on, time(), ZoneInfo(zone))


@cache
def _ranked() -> sa.Select[Any]:
    """The first few for each missing topic and tag, ranked by how many of all that is missing they fill."""
    fills, covers = _fills(), _covers().subquery()
    rank = sa.func.row_number().over(partition_by=covers.c.what, order_by=(fills.c.many.desc(), *_soonest()))
    ranked = (
        sa.select(Offering.id, covers.c.what, rank.label("rank"))
        .join(Course, Course.id == Offering.course_id)
        .join(fills, fills.c.course_id == Course.id)
        .join(covers, covers.c.course_id == Course.id)
        .where(*_is_open())
        .subquery()
    )
    return (
        sa.select(*_columns(), ranked.c.what, ranked.c.rank)
        .join(Course, Course.id == Offering.course_id)
        .join(ranked, ranked.c.id == Offering.id)
        .where(ranked.c.rank <= sa.bindparam("each"))
        .order_by(ranked.c.what, ranked.c.rank)
    )


def _covers() -> Any:
    """Which course covers which of the missing topics and tags, a row for each."""
    topics = sa.select(
        CourseTopic.course_id,
        sa.literal("topic-").concat(sa.cast(CourseTopic.topic_id, sa.String)).label("what"),
    ).where(CourseTopic.topic_id.in_(_bound("topics")))
    tags = (
        sa.select(course_tag.c.course_id, sa.literal("tag-").concat(HourTag.code))
        .join(HourTag, HourTag.id == course_tag.c.tag_id)
        .where(HourTag.code.in_(_bound("tags")))
    )
    return sa.union_all(topics, tags)


def languages(at: datetime) -> list[str]:
    """Of the sessions to come."""
    return list(
        db.session.scalars(
            sa.select(Offering.language)
            .where(Offering.state == OfferingState.SCHEDULED, Offering.starts_at > at)
            .distinct()
            .order_by(Offering.language)
        )
    )


def offered_counties(at: datetime) -> Sequence[str]:
    """Counties in which sessions are to come, by FIPS code."""
    return list(
        db.session.scalars(
            sa.select(Offering.county)
            .where(
                Offering.state == OfferingState.SCHEDULED,
                Offering.starts_at > at,
                Offering.county.is_not(None),
            )
            .distinct()
            .order_by(Offering.county)
        )
    )
