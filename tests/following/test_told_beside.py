"""Two workers, and people who press twice, in the same moment."""

from collections.abc import Callable
from datetime import timedelta
from threading import Thread

import sqlalchemy as sa
from flask import Flask

from catalog import clock
from catalog.accounts.models import Person
from catalog.courses.models import Course
from catalog.extensions import db, writing
from catalog.following import services
from catalog.following.models import HowOften, SavedSearch
from catalog.following.refusals import SavedAlready, TooManySearches
from tests import factories as make
from tests.factories import Cast
from tests.following.desk import inside, letters, posted, saved, work

LATER = timedelta(minutes=6)


def beside(app: Flask, do: Callable[[], object]) -> Thread:
    """Somebody else, on a connection of their own, while this transaction is open."""

    def run() -> None:
        with app.app_context(), clock.at(clock.now() + LATER):
            writing.set(True)
            do()
            db.session.commit()

    thread = Thread(target=run)
    thread.start()
    thread.join(0.7)
    return thread


def test_two_workers_write_one_letter(app: Flask, cast: Cast) -> None:
    with inside(app):
        saved(cast.ana)
    with inside(app):
        posted()
    work(app)
    with clock.at(clock.now() + LATER), inside(app):
        services.tell(cast.ana.id)
        thread = beside(app, lambda: services.tell(cast.ana.id))
        db.session.commit()
    thread.join(20)
    assert len(letters(app, "search.found")) == 1


def test_two_workers_tell_of_a_date_once(app: Flask, cast: Cast) -> None:
    with inside(app):
        course = make.course()
        services.show_interest(course, by=db.session.get_one(Person, cast.ana.id))
    with inside(app):
        posted(db.session.get_one(Course, course.id))
    with inside(app):
        services.tell_interested(course.id)
        thread = beside(app, lambda: services.tell_interested(course.id))
        db.session.commit()
    thread.join(20)
    assert len(letters(app, "interest.dated")) == 1


def test_the_last_search_that_is_kept_is_saved_by_one_of_two(app: Flask, cast: Cast) -> None:
    with inside(app):
        for number in range(services.MOST_SEARCHES - 1):
            saved(cast.ana, f"?q=word{number}")
    refused: list[str] = []

    def another() -> None:
        try:
            saved(cast.ana, "?q=another", HowOften.DAILY)
        except (TooManySearches, SavedAlready) as refusal:
            refused.append(type(refusal).__name__)

    with inside(app):
        saved(cast.ana, "?q=last")
        thread = beside(app, another)
        db.session.commit()
    thread.join(20)
    assert refused == ["TooManySearches"]
    with inside(app):
        many = sa.select(sa.func.count()).select_from(SavedSearch)
        assert db.session.scalar(many) == services.MOST_SEARCHES


def test_a_session_that_two_workers_find_is_found_once(app: Flask, cast: Cast) -> None:
    with inside(app):
        saved(cast.ana)
    with inside(app):
        offering = posted()
    with inside(app):
        services.look_through(offering.course_id)
        thread = beside(app, lambda: services.look_through(offering.course_id))
        db.session.commit()
    thread.join(20)
    work(app)
    with clock.at(clock.now() + LATER):
        work(app)
    assert len(letters(app, "search.found")) == 1
