"""Saves at the very same moment, each in a transaction of its own: one wins and the others are told."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import sqlalchemy as sa
from flask import Flask

from catalog.courses import services
from catalog.courses.models import Course, Format, Kind, Offering
from catalog.courses.refusals import Stale
from catalog.extensions import db
from tests import factories as make
from tests.courses.desk import inside, own, wall
from tests.factories import Cast

MANY = 6


def at_once(app: Flask, act: Callable[[int], None]) -> Counter[str]:
    """What came of it, when so many do it together."""
    start = Barrier(MANY)

    def one(number: int) -> str:
        start.wait(timeout=30)
        try:
            with inside(app):
                act(number)
        except Stale:
            return "told"
        return "saved"

    with ThreadPoolExecutor(MANY) as pool:
        return Counter(pool.map(one, range(MANY)))


@pytest.fixture
def course_id(app: Flask, cast: Cast) -> int:
    with inside(app):
        return make.course("Attachment", owner_id=cast.ivo.id).id


def test_one_of_many_edits_is_saved(app: Flask, cast: Cast, course_id: int) -> None:
    def edit(number: int) -> None:
        course = db.session.get_one(Course, course_id)
        services.edit(course, {"title": f"Title {number}"}, set(), 1, by=own(cast.ivo))

    assert at_once(app, edit) == {"saved": 1, "told": MANY - 1}
    with inside(app):
        assert db.session.get_one(Course, course_id).version == 2


def test_one_of_many_posts_makes_the_session(app: Flask, cast: Cast, course_id: int) -> None:
    starts, ends = wall("2035-01-16 09:00"), wall("2035-01-16 12:00")
    columns = {"zone": "America/Chicago", "format": Format.IN_PERSON, "place": "Sample hall", "capacity": 3}

    def post(_number: int) -> None:
        course = db.session.get_one(Course, course_id)
        services.post(course, columns, [services.Row(0, None, starts, ends)], by=own(cast.ivo), once="a")

    assert at_once(app, post) == {"saved": MANY}
    with inside(app):
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Offering)) == 1


def test_one_of_many_taps_writes_the_course(app: Flask, cast: Cast) -> None:
    def create(_number: int) -> None:
        services.create({"title": "Bonds", "kind": Kind.IN_SERVICE}, set(), by=own(cast.ivo), once="a")

    assert at_once(app, create) == {"saved": MANY}
    with inside(app):
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Course)) == 1


def test_many_trainers_post_sessions_of_one_course(app: Flask, course_id: int) -> None:
    with inside(app):
        trainers = [make.person(f"Pat{number} Sample", is_trainer=True) for number in range(MANY)]
    starts, ends = wall("2035-01-16 09:00"), wall("2035-01-16 12:00")
    columns = {"zone": "America/Chicago", "format": Format.IN_PERSON, "place": "Sample hall", "capacity": 3}

    def post(number: int) -> None:
        course = db.session.get_one(Course, course_id)
        services.post(course, columns, [services.Row(0, None, starts, ends)], by=own(trainers[number]))

    assert at_once(app, post) == {"saved": MANY}
    with inside(app):
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Offering)) == MANY
