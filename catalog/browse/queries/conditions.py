"""Each filter as SQL: which offerings are upcoming, and what a filter asks of a course or of an offering."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from catalog.browse.filters import Filters, Show
from catalog.browse.vocabulary import AGE_FITS, ONLINE, WEEKDAYS, Vocabulary
from catalog.competencies.models import Area, Category, Topic, TopicAsked
from catalog.courses import search
from catalog.courses.models import (
    Course,
    CourseArea,
    CourseState,
    CourseTopic,
    Format,
    Offering,
    OfferingState,
    Seat,
)

Condition = sa.ColumnElement[bool]

PUBLISHED = Course.state == CourseState.PUBLISHED
SCHEDULED = Offering.state == OfferingState.SCHEDULED
ONLINE_FORMATS = (Format.VIRTUAL, Format.SELF_PACED)


def has_seats(now: Any) -> Condition:
    """There is a free seat, or no limit, and enrollment is not over.

    A scalar subquery, because PostgreSQL would answer EXISTS by reading every free seat there is."""
    free = sa.select(sa.true()).where(Seat.offering_id == Offering.id, ~Seat.is_taken).limit(1)
    return sa.and_(
        sa.or_(Offering.capacity.is_(None), free.scalar_subquery()),
        sa.or_(Offering.closes_at.is_(None), Offering.closes_at > now),
    )


def offering_minutes() -> sa.ColumnElement[int]:
    """The time that is met; a session at one's own pace has the length of its course."""
    return sa.case((Offering.starts_at.is_(None), Course.minutes), else_=Offering.minutes)


def of_offering(filters: Filters, now: Any, zone: str, minutes: Any) -> list[Condition]:
    """What the filters ask of an offering itself. `now` may be a parameter; days begin at midnight in `zone`;
    `minutes` is the column that says how long it is."""
    found: list[Condition] = []
    if places := filters.get("county"):
        there = Offering.county.in_([place for place in places if place != ONLINE])
        found.append(sa.or_(there, Offering.format.in_(ONLINE_FORMATS)) if ONLINE in places else there)
    if formats := filters.get("format"):
        found.append(Offering.format.in_([Format(value) for value in formats]))
    if languages := filters.get("language"):
        found.append(Offering.language.in_(languages))
    if days := filters.get("weekday"):
        mask = sum(1 << WEEKDAYS.index(day) for day in days)
        found.append(Offering.weekdays.bitwise_and(mask) != 0)
    if filters.get("evening"):
        found.append(Offering.is_evening.is_(True))
    if filters.get("seats"):
        found.append(has_seats(now))
    first, last = filters.days
    if first:
        found.append(Offering.starts_at >= _midnight(first, zone))
    if last:
        found.append(Offering.starts_at < _midnight(last + timedelta(days=1), zone))
    found += _between(minutes, *filters.minutes)
    return found + _between(Offering.price_cents, None, filters.price)


def of_course(filters: Filters, vocabulary: Vocabulary, *, few: bool) -> list[Condition]:
    """What the filters ask of the course.

    `few` says how to look for mapped courses. Where few rows fit it is quicker to list the courses first;
    where many fit, it is quicker to ask about each row as it comes."""
    found: list[Condition] = [PUBLISHED]
    if kinds := filters.get("kind"):
        found.append(Course.kind.in_(kinds))
    if ages := filters.get("age"):
        found.append(Course.age_band.in_([band for age in ages for band in AGE_FITS[age]]))
    if areas := filters.get("area"):
        codes = sa.select(Area.id).where(Area.code.in_(areas))
        found.append(_mapped(CourseArea.course_id, CourseArea.area_id.in_(codes), few))
    if topics := filters.get("topic"):
        codes = sa.select(Topic.id).where(Topic.code.in_(topics))
        found.append(_mapped(CourseTopic.course_id, CourseTopic.topic_id.in_(codes), few))
    for category in filters.get("category"):
        found.append(_serves(category, few))
        found.append(Course.age_band.in_(vocabulary.age_bands(category)))
    if filters.q:
        found.append(sa.or_(*(Course.id.in_(hits) for hits in search.hits(filters.q))))
    if filters.show == Show.COURSES:
        if formats := filters.get("format"):
            found.append(Course.format.in_([Format(value) for value in formats]))
        if languages := filters.get("language"):
            found.append(Course.language.in_(languages))
        found += _between(Course.minutes, *filters.minutes) + _between(
            Course.price_cents, None, filters.price
        )
    return found


def _mapped(course_id: Any, asked: Condition, few: bool) -> Condition:
    if few:
        return Course.id.in_(sa.select(course_id).where(asked))
    return sa.exists().where(course_id == Course.id, asked)


def _serves(category: str, few: bool) -> Condition:
    """The course covers a topic the category asks for, or an area of such a topic without saying which topic."""
    asked = (
        sa.select(TopicAsked.topic_id)
        .join(Category, Category.id == TopicAsked.category_id)
        .join(Topic, Topic.id == TopicAsked.topic_id)
        .where(Category.code == category, Topic.retired_in.is_(None))
    )
    areas = sa.select(Topic.area_id).where(Topic.id.in_(asked))
    says_which = (
        sa.exists()
        .where(CourseTopic.course_id == CourseArea.course_id, CourseTopic.topic_id == Topic.id)
        .where(Topic.area_id == CourseArea.area_id)
        .correlate(CourseArea)
    )
    by_topic = _mapped(CourseTopic.course_id, CourseTopic.topic_id.in_(asked), few)
    by_area = _mapped(CourseArea.course_id, sa.and_(CourseArea.area_id.in_(areas), ~says_which), few)
    return sa.or_(by_topic, by_area)


def _between(column: Any, low: Any, high: Any) -> list[Condition]:
    return [*([column >= low] if low is not None else []), *([column <= high] if high is not None else [])]


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone))
