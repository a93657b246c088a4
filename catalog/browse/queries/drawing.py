"""Drawing the picture that facets are counted in: a few narrow statements and a pass over their rows."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from catalog.browse.facets import Picture, Shelf
from catalog.browse.filters import Show
from catalog.browse.queries.conditions import (
    ONLINE_FORMATS,
    PUBLISHED,
    SCHEDULED,
    has_seats,
    offering_minutes,
)
from catalog.browse.vocabulary import AGE_FITS, ONLINE, WEEKDAYS, Name, Vocabulary
from catalog.competencies.models import Area, Category, Topic, TopicAsked
from catalog.courses.models import Course, CourseArea, CourseTopic, Offering

Values = defaultdict[Any, list[int]]
Mapped = dict[str, Mapping[Any, Iterable[int]]]
Names = tuple[tuple[Name, ...], tuple[Name, ...], tuple[Name, ...]]


def draw(connection: Connection, now: datetime, zone: str) -> Picture:
    """The picture as of now; a day begins at midnight in `zone`."""
    asked = _asked(connection)
    names = _vocabulary(connection, asked)
    courses = connection.execute(_courses()).all()
    mapped = _mapped(connection, names, asked, courses)
    offerings = connection.execute(_offerings(now)).all()
    shelves = {
        Show.OFFERINGS: _offering_shelf(offerings, mapped, ZoneInfo(zone)),
        Show.COURSES: _course_shelf(courses, mapped),
    }
    languages = {language for shelf in shelves.values() for language in shelf.bits["language"]}
    return Picture(Vocabulary(*names, tuple(sorted(languages))), shelves)


# The words of the framework.


def vocabulary(connection: Connection) -> Vocabulary:
    """What the framework names at present, without the languages, which only the sessions know."""
    return Vocabulary(*_vocabulary(connection, _asked(connection)))


def _asked(connection: Connection) -> dict[str, set[str]]:
    """The codes of the topics that each category asks for."""
    found = defaultdict(set)
    statement = (
        sa.select(Category.code, Topic.code)
        .join(TopicAsked, TopicAsked.category_id == Category.id)
        .join(Topic, Topic.id == TopicAsked.topic_id)
        .where(Category.is_current, Category.retired_in.is_(None), Topic.retired_in.is_(None))
    )
    for category, topic in connection.execute(statement):
        found[category].add(topic)
    return found


def _vocabulary(connection: Connection, asked: dict[str, set[str]]) -> Names:
    areas = sa.select(Area.code, Area.name, sa.literal(""), Area.short).where(Area.retired_in.is_(None))
    topics = sa.select(Topic.code, Topic.name, Area.code).join(Topic.area).where(Topic.retired_in.is_(None))
    categories = sa.select(Category.code, Category.name, Category.age_band).where(Category.code.in_(asked))
    return (
        tuple(
            Name(*row)
            for row in connection.execute(areas.order_by(Area.mentors_only, Area.position, Area.id))
        ),
        tuple(
            Name(*row) for row in connection.execute(topics.order_by(Area.position, Topic.position, Topic.id))
        ),
        tuple(Name(*row) for row in connection.execute(categories.order_by(Category.position, Category.id))),
    )


# Courses, and what they are mapped to. Enums are read as the plain text they are: it is quicker, and enough.


def _courses() -> sa.Select[Any]:
    kind, band, form = (_text(column) for column in (Course.kind, Course.age_band, Course.format))
    columns = (kind, band, form, Course.language, Course.minutes, Course.price_cents)
    return sa.select(Course.id, *columns).where(PUBLISHED).order_by(Course.id)


def _text(column: Any) -> sa.ColumnElement[str]:
    return sa.type_coerce(column, sa.String)


def _mapped(
    connection: Connection,
    vocabulary: Names,
    asked: dict[str, set[str]],
    courses: Sequence[Any],
) -> Mapped:
    """For each filter about courses: its values, and the ids of the courses that have them."""
    areas, topics = defaultdict(set), defaultdict(set)
    for course_id, code in connection.execute(
        sa.select(CourseArea.course_id, Area.code).join(CourseArea.area)
    ):
        areas[code].add(course_id)
    for course_id, code in connection.execute(
        sa.select(CourseTopic.course_id, Topic.code).join(CourseTopic.topic)
    ):
        topics[code].add(course_id)
    kinds, bands = defaultdict(list), defaultdict(list)
    for course in courses:
        kinds[course.kind].append(course.id)
        bands[course.age_band].append(course.id)
    area_of = {topic.code: topic.of for topic in vocabulary[1]}
    says_which: defaultdict[str, set[int]] = defaultdict(set)
    for code, ids in topics.items():
        says_which[area_of.get(code, "")] |= ids
    known = Vocabulary(*vocabulary)
    served = {}
    for category, codes in asked.items():
        by_topic = set().union(*(topics[code] for code in codes))
        by_area = set().union(*(areas[area] - says_which[area] for area in {area_of[code] for code in codes}))
        of_age = set().union(*(bands[band] for band in known.age_bands(category)))
        served[category] = (by_topic | by_area) & of_age
    ages = {
        age: [course_id for band in fitting for course_id in bands[band]] for age, fitting in AGE_FITS.items()
    }
    return {"kind": kinds, "area": areas, "topic": topics, "category": served, "age": ages}


def _course_shelf(courses: Sequence[Any], mapped: Mapped) -> Shelf:
    shelf = Shelf(course.id for course in courses)
    for name, values in mapped.items():
        shelf.add_courses(name, values)
    for column, name in ((3, "format"), (4, "language"), (5, "hours"), (6, "price")):
        shelf.add_rows(name, _by_value(courses, column))
    return shelf


# Offerings.


def _offerings(now: datetime) -> sa.Select[Any]:
    return (
        sa.select(
            Offering.course_id,
            _text(Offering.format),
            Offering.county,
            Offering.language,
            _text(Offering.starts_at),
            offering_minutes(),
            Offering.weekdays,
            sa.type_coerce(Offering.is_evening, sa.Integer),
            Offering.price_cents,
            sa.type_coerce(has_seats(now), sa.Integer),
        )
        .join(Course, Course.id == Offering.course_id)
        .where(SCHEDULED, PUBLISHED, sa.or_(Offering.starts_at > now, Offering.starts_at.is_(None)))
        .order_by(Offering.course_id)
    )


def _offering_shelf(offerings: Sequence[Any], mapped: Mapped, zone: ZoneInfo) -> Shelf:
    shelf = Shelf(offering[0] for offering in offerings)
    for name, values in mapped.items():
        shelf.add_courses(name, values)
    formats, counties, languages, instants, minutes, weekdays, evenings, prices, seats = (
        _by_value(offerings, column) for column in range(1, 10)
    )
    counties[ONLINE] = [row for form in ONLINE_FORMATS for row in formats[form]]
    days: Values = defaultdict(list)
    for instant, rows in instants.items():
        days[_day(instant, zone)] += rows
    of_week = {
        day: [row for mask, rows in weekdays.items() if mask >> bit & 1 for row in rows]
        for bit, day in enumerate(WEEKDAYS)
    }
    for name, found in (
        ("format", formats),
        ("county", counties),
        ("language", languages),
        ("dates", days),
        ("hours", minutes),
        ("weekday", of_week),
        ("evening", {"1": evenings[1]}),
        ("price", prices),
        ("seats", {"1": seats[1]}),
    ):
        shelf.add_rows(name, found)
    return shelf


def _by_value(rows: Sequence[Any], column: int) -> Values:
    """The numbers of the rows that have each value; rows with nothing there are left out."""
    found: Values = defaultdict(list)
    for number, row in enumerate(rows):
        if row[column] is not None:
            found[row[column]].append(number)
    return found


def _day(instant: str | datetime, zone: ZoneInfo) -> date:
    """SQLite hands an instant over as text in UTC, PostgreSQL as what it is."""
    at = datetime.fromisoformat(instant).replace(tzinfo=UTC) if isinstance(instant, str) else instant
    return at.astimezone(zone).date()
