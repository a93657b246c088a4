"""The counts beside the choices, and the list itself, against a plain count over all rows."""

import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.datastructures import MultiDict

from catalog import clock
from catalog.browse import facets, forms
from catalog.browse.facets import Counts, Picture
from catalog.browse.filters import Filters
from catalog.browse.queries import drawing, listing
from catalog.browse.vocabulary import WEEKDAYS
from catalog.courses.models import AgeBand, Course, CourseArea, CourseTopic, Format, Kind, Offering, Seat
from catalog.extensions import db, writing
from tests import factories as make
from tests.browse.pages import inside

ZONE = "America/Chicago"
TOPICS = ("TF.a", "TF.b", "SE.a", "SE.b", "REF.a")
ASKED = {"IFS": ("TF.a", "SE.a"), "ECFS": ("TF.b", "REF.a")}
BANDS = {"IFS": "birth-36-months (and pregnancy)", "ECFS": "3-up-to-6-years"}

CHOICES: dict[str, list[str]] = {
    "kind": [str(kind) for kind in Kind],
    "area": ["TF", "SE", "REF"],
    "topic": list(TOPICS),
    "category": list(ASKED),
    "age": ["birth-3", "3-6", "birth-6", "unknown"],
    "format": [str(form) for form in Format],
    "county": ["01109", "01101", "online"],
    "language": ["English", "Spanish"],
    "weekday": list(WEEKDAYS),
    "evening": ["1"],
    "seats": ["1"],
}


@pytest.fixture
def dice() -> random.Random:
    return random.Random(7)


@pytest.fixture
def _full_catalog(app: Flask, _rows: None, dice: random.Random) -> None:
    with inside(app):
        for code, asked in ASKED.items():
            make.category(code, tuple(make.topic(topic) for topic in asked), age_band=BANDS[code])
        courses = [_course(dice) for _ in range(25)]
        for _ in range(120):
            _offering(dice, dice.choice(courses))


def _course(dice: random.Random) -> Course:
    topics = tuple(dice.sample(TOPICS, dice.choice([0, 0, 1, 2])))
    areas = tuple(dice.sample(["TF", "SE", "REF"], dice.choice([0, 1])))
    fields = {"kind": dice.choice(list(Kind)), "age_band": dice.choice(list(AgeBand))}
    return make.course(topics=topics, areas=areas, minutes=dice.choice([60, 120, None]), **fields)


def _offering(dice: random.Random, course: Course) -> None:
    days = dice.choice([-3, 1, 5, 5, 20])
    form = dice.choice(list(Format))
    is_free = dice.random() < 0.5
    made = make.offering(
        course,
        seats=dice.choice([None, 1, 2]),
        starts=clock.now() + timedelta(days=days, hours=dice.choice([0, 12])),
        hours=dice.choice([1, 2, 6]),
        meetings=0 if form == Format.SELF_PACED else 1,
        format=form,
        county=dice.choice(["01109", "01101", None]),
        language=dice.choice(["English", "Spanish"]),
        weekdays=dice.randrange(128),
        is_evening=dice.random() < 0.5,
        price_cents=dice.choice([None, 0, 2500, 9900]),
        closes_at=clock.now() + timedelta(days=dice.choice([-1, 1])) if dice.random() < 0.3 else None,
    )
    if not is_free:
        db.session.execute(sa.update(Seat).where(Seat.offering_id == made.id).values(is_taken=True))


# The plain way: every rule in Python, one row after the other.


class Plain:
    """What is known of the rows, loaded as they are."""

    def __init__(self) -> None:
        self.now = clock.now()
        upcoming = [
            o for o in db.session.scalars(sa.select(Offering)) if not o.starts_at or o.starts_at > self.now
        ]
        self.offerings = upcoming
        self.areas = self._codes(sa.select(CourseArea.course_id, CourseArea).join(CourseArea.area), "area")
        self.topics = self._codes(
            sa.select(CourseTopic.course_id, CourseTopic).join(CourseTopic.topic), "topic"
        )
        self.free = set(db.session.scalars(sa.select(Seat.offering_id).where(Seat.is_taken.is_(False))))

    def _codes(self, statement: Any, name: str) -> Mapping[int, set[str]]:
        found: dict[int, set[str]] = {}
        for course_id, link in db.session.execute(statement):
            found.setdefault(course_id, set()).add(getattr(link, name).code)
        return found

    def has(self, offering: Offering, name: str, value: Any) -> bool:
        course = offering.course
        areas, topics = self.areas.get(course.id, set()), self.topics.get(course.id, set())
        rules: dict[str, Callable[[], bool]] = {
            "kind": lambda: course.kind == value,
            "area": lambda: value in areas,
            "topic": lambda: value in topics,
            "category": lambda: self._serves(course, value, areas, topics),
            "age": lambda: course.age_band == value or (course.age_band == "birth-6" and value != "unknown"),
            "format": lambda: offering.format == value,
            "county": lambda: (
                offering.format in ("virtual", "self_paced")
                if value == "online"
                else offering.county == value
            ),
            "language": lambda: offering.language == value,
            "weekday": lambda: bool(offering.weekdays >> WEEKDAYS.index(value) & 1),
            "evening": lambda: offering.is_evening,
            "seats": lambda: self._has_seats(offering),
        }
        return rules[name]()

    def _serves(self, course: Course, code: str, areas: set[str], topics: set[str]) -> bool:
        ages = ("birth-3", "birth-6", "unknown") if code == "IFS" else ("3-6", "birth-6", "unknown")
        unsaid = areas - {topic.split(".")[0] for topic in topics}
        by_area = {topic.split(".")[0] for topic in ASKED[code]} & unsaid
        return course.age_band in ages and bool(topics & set(ASKED[code]) or by_area)

    def _has_seats(self, offering: Offering) -> bool:
        is_closed = offering.closes_at is not None and offering.closes_at <= self.now
        return not is_closed and (offering.capacity is None or offering.id in self.free)

    def fits(self, offering: Offering, filters: Filters, left_out: str = "") -> bool:
        return all(self._fits(offering, filters, name) for name in filters.names if name != left_out)

    def _fits(self, offering: Offering, filters: Filters, name: str) -> bool:
        if name == "dates":
            starts = offering.starts_at
            return starts is not None and _within(starts.astimezone(ZoneInfo(ZONE)).date(), filters.days)
        if name == "hours":
            minutes = offering.minutes if offering.starts_at else offering.course.minutes
            return minutes is not None and _within(minutes, filters.minutes)
        if name == "price":
            return offering.price_cents is not None and offering.price_cents <= (filters.price or 0)
        return any(self.has(offering, name, value) for value in filters.get(name))


def _within(value: Any, limits: tuple[Any, Any]) -> bool:
    low, high = limits
    return (low is None or low <= value) and (high is None or value <= high)


def _wishes(dice: random.Random) -> Iterable[MultiDict[str, str]]:
    """The page without filters, every choice alone, and forty states with several filters."""
    today = datetime.now(ZoneInfo(ZONE)).date()
    yield MultiDict()
    for name, values in CHOICES.items():
        yield from (MultiDict([(name, value)]) for value in values)
    for _ in range(40):
        args: MultiDict[str, str] = MultiDict()
        for name in dice.sample(list(CHOICES), dice.choice([1, 2, 3])):
            args.setlist(name, dice.sample(CHOICES[name], min(len(CHOICES[name]), dice.choice([1, 1, 2]))))
        args.update(
            dice.choice([{}, {"price": "25"}, {"min_hours": "1.5"}, {"max_hours": "2"}, _span(today)])
        )
        yield args


def _span(today: date) -> dict[str, str]:
    return {"from": today.isoformat(), "to": (today + timedelta(days=6)).isoformat()}


@pytest.mark.usefixtures("_full_catalog")
def test_counts_and_lists_are_those_of_a_plain_count(app: Flask, dice: random.Random) -> None:
    writing.set(False)
    with app.app_context():
        plain = Plain()
        with db.engine.connect() as connection:
            picture = drawing.draw(connection, plain.now, ZONE)
        for args in _wishes(dice):
            filters = forms.read(args, picture.vocabulary)
            assert filters.problems == (), args
            counts = facets.count(picture, filters, [])
            fitting = [o for o in plain.offerings if plain.fits(o, filters)]
            assert counts.total == len(fitting), filters.query
            _check_choices(plain, filters, counts)
            for out_of in (1, 10**9):
                asked = replace(counts, out_of=out_of)
                assert _listed(picture, filters, asked, plain.now) == {o.id for o in fitting}, (
                    filters.query,
                    out_of,
                )


def _check_choices(plain: Plain, filters: Filters, counts: Counts) -> None:
    for name, values in CHOICES.items():
        others = [o for o in plain.offerings if plain.fits(o, filters, left_out=name)]
        for value in values:
            expected = sum(plain.has(o, name, value) for o in others)
            assert counts.each[name].get(value, 0) == expected, (filters.query, name, value)
        if name in filters.names:
            assert counts.without[name] == len(others)


def _listed(picture: Picture, filters: Filters, counts: Counts, now: datetime) -> set[int]:
    """The ids on all pages. `out_of` decides whether the statement for many rows is asked or the one for few."""
    reader = listing.Reader(now, ZONE, None)
    pages = [listing.page(filters.at(number), picture, counts, reader) for number in range(1, 7)]
    return {row.id for page in pages for row in page.rows}
