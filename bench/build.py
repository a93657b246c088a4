"""Builds a catalog of a wanted size in an empty database: migrated as ever, filled in bulk."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import flask_migrate
import sqlalchemy as sa
from flask import Flask

from bench import crowd, sample
from catalog import clock
from catalog.accounts.models import Person, SignIn
from catalog.accounts.services import follow_keys
from catalog.competencies.models import Area, Topic
from catalog.competencies.services.loading import load_framework
from catalog.courses import search
from catalog.courses.models import Course, CourseArea, CourseTopic, Meeting, Offering
from catalog.extensions import db

FRAMEWORK = Path(__file__).parent.parent / "data" / "framework.json"
SPREAD = 200
"""How many offerings the spread-out enrollments go to."""
MANY = 50
"""How many offerings the course with the most has."""
YEAR = timedelta(days=365)
"""Between the first session and the last."""
BATCH = 5_000


@dataclass(frozen=True)
class Built:
    """What is where in a built catalog. The ids are given here, so nothing has to be looked up."""

    size: int
    pairs: int
    """How many people have an open sign-in; the hot offering has as many seats, and so have the spread ones."""
    over: float = 0.1
    """The share of the sessions that is over."""

    @property
    def courses(self) -> int:
        """Course 1 has one offering, course 2 has fifty, the others about ten each."""
        return max(self.size // 10, 3)

    @property
    def hot(self) -> int:
        """The one offering that everybody wants. It belongs to one course more, as the spread ones do."""
        return self.size + 1

    @property
    def spread(self) -> range:
        return range(self.hot + 1, self.hot + 1 + SPREAD)


def build(app: Flask, built: Built) -> None:
    """Fill the application's database, which must be empty."""
    with app.app_context():
        flask_migrate.upgrade()
        load_framework(FRAMEWORK)
        fill(built)
        search.reindex_all()
        db.session.commit()
        settle()
        db.session.remove()
        db.engine.dispose()


def fill(built: Built) -> None:
    now = clock.now()
    areas, topics = (list(db.session.scalars(sa.select(kind.id).order_by(kind.id))) for kind in (Area, Topic))
    insert(Person, sample.people(built.pairs, now))
    follow_keys(db.session.connection(), range(1, built.pairs + 1))
    insert(SignIn, sample.sign_ins(built.pairs, now))
    insert(Course, sample.courses(built.courses + 1, now))
    insert(CourseArea, sample.mapping(built.courses, "area_id", areas))
    insert(CourseTopic, sample.mapping(built.courses, "topic_id", topics))
    dated = offerings(built)
    while batch := list(islice(dated, BATCH)):
        insert(Offering, iter(batch))
        insert(Meeting, (meeting for offering in batch for meeting in sample.meetings(offering)))
    crowd.add_seats(built.size, built.pairs)
    crowd.add_people(built.size, built.pairs, now)


def offerings(built: Built) -> Iterator[sample.Row]:
    rest = built.courses - 2
    course_ids = [1, *[2] * MANY, *(3 + number % rest for number in range(built.size))][: built.size]
    yield from sample.offerings(1, course_ids, clock.now() - built.over * YEAR)
    # Those that are joined come so late that they stand on none of the pages that are measured.
    later = clock.now() + timedelta(days=364)
    each = -(-built.pairs // SPREAD)
    for offering in sample.offerings(built.hot, [built.courses + 1] * (1 + SPREAD), later):
        yield offering | {"capacity": built.pairs if offering["id"] == built.hot else each}


def insert(table: type[Any], rows: Iterator[sample.Row]) -> None:
    while batch := list(islice(rows, BATCH)):
        db.session.execute(sa.insert(table.__table__), batch)


def settle() -> None:
    """Leave the database as one that has been running for a while."""
    with db.engine.connect() as connection:
        if db.engine.dialect.name == "postgresql":
            connection.execution_options(isolation_level="AUTOCOMMIT").execute(sa.text("VACUUM ANALYZE"))
    # The last connection to a SQLite file brings its log into the file when it is closed.
