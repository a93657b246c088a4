"""A session is posted, and whoever asked for such sessions at once is told: once, in one letter."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from catalog import clock
from catalog.courses import search
from catalog.courses.models import CourseState, Format, OfferingState
from catalog.enrollment import services as enrollment
from catalog.extensions import db
from catalog.following import services
from catalog.following.models import HowOften, SavedSearch, SavedSearchHit
from tests import factories as make
from tests.factories import Cast
from tests.following.desk import inside, later, letters, posted, saved, work

SOON = timedelta(minutes=6)


def told(app: Flask) -> list[str]:
    """The letters once the minutes in which they are gathered are over."""
    work(app)
    with later(SOON):
        work(app)
    return [letter["text"] for letter in letters(app, "search.found")]


def test_a_new_session_that_fits_is_told_with_the_way_to_it(app: Flask, cast: Cast) -> None:
    with inside(app):
        make.area("RF", name="Reflection")
        saved(cast.ana, "?area=RF&format=in_person&county=01101&county=01109")
    with inside(app):
        fits = posted(make.course("Looking back", areas=("RF",)), county="01109")
        posted(make.course("Elsewhere", areas=("RF",)), county="01097")
        posted(make.course("Online", areas=("RF",)), format=Format.VIRTUAL, county="01109")
        posted(make.course("Another area", areas=("TF",)), county="01109")
    [text] = told(app)
    assert "Looking back" in text
    assert f"/offerings/{fits.id}" in text
    assert "Reflection, In person, Montgomery County, Pike County: " in text
    assert "/searches" in text
    assert not any(title in text for title in ("Elsewhere", "Online", "Another area"))


def test_what_is_posted_together_is_one_letter(app: Flask, cast: Cast) -> None:
    with inside(app):
        saved(cast.ana)
    with inside(app):
        for title in ("First", "Second"):
            posted(make.course(title))
    [text] = told(app)
    assert "First" in text
    assert "Second" in text


def test_what_was_there_is_no_news_even_when_its_course_is_edited(app: Flask, cast: Cast) -> None:
    with inside(app):
        there = posted(make.course("There before"))
        saved(cast.ana)
    assert told(app) == []
    with inside(app):
        search.index(db.session.merge(there).course)
        posted(make.course("New one"))
    [text] = told(app)
    assert "New one" in text
    assert "There before" not in text


def test_a_session_that_newly_fits_is_told(app: Flask, cast: Cast) -> None:
    with inside(app):
        offering = posted(county="01097")
        draft = posted(make.course("A draft", state=CourseState.DRAFT))
        saved(cast.ana, "?county=01101")
    assert told(app) == []
    with inside(app):
        offering = db.session.merge(offering)
        offering.county = "01101"
        search.index(offering.course)
        draft = db.session.merge(draft)
        draft.course.state = CourseState.PUBLISHED
        search.index(draft.course)
    [text] = told(app)
    assert offering.course.title in text
    assert "A draft" in text


def test_nothing_is_told_twice(app: Flask, cast: Cast) -> None:
    with inside(app):
        saved(cast.ana, "?county=01101")
        saved(cast.ana, "?format=in_person", HowOften.DAILY)
    with inside(app):
        offering = posted(make.course("Only one"))
    assert len(told(app)) == 1
    with inside(app):
        search.index(db.session.merge(offering).course)
        posted(make.course("Elsewhere"), county="01097")
    work(app)
    with later(timedelta(days=2)):
        work(app)
    _, digest = letters(app)
    assert "Elsewhere" in digest["text"]
    assert "Only one" not in digest["text"]


def test_what_was_called_off_moved_or_taken_meanwhile_is_left_out(app: Flask, cast: Cast) -> None:
    with inside(app):
        saved(cast.ana, "?county=01101")
    with inside(app):
        gone, moved, mine = (posted(make.course(title)) for title in ("Gone", "Moved", "Mine"))
    work(app)
    with inside(app):
        gone, moved, mine = (db.session.merge(one) for one in (gone, moved, mine))
        gone.state = OfferingState.CANCELLED
        moved.county = "01097"
        enrollment.add(db.session.merge(cast.ana), mine, by=cast.mira)
    assert told(app) == []


def test_what_is_full_by_now_is_said_to_be(app: Flask, cast: Cast) -> None:
    with inside(app):
        saved(cast.ana)
    with inside(app):
        full = posted(seats=1)
        enrollment.add(db.session.merge(cast.otto), full, by=cast.mira)
    [text] = told(app)
    assert "All seats are taken by now." in text


def test_a_search_that_is_not_understood_any_more_finds_nothing(app: Flask, cast: Cast) -> None:
    with inside(app):
        topic = make.topic("TF.attachment")
        saved(cast.ana, "?topic=TF.attachment")
        topic.retired_in = "later"
    with inside(app):
        posted()
    assert told(app) == []
    with inside(app):
        assert db.session.scalar(sa.select(sa.func.count()).select_from(SavedSearchHit)) == 0


def test_a_language_that_nobody_taught_in_before_is_found(app: Flask, cast: Cast) -> None:
    with inside(app):
        saved(cast.ana, "?language=Spanish")
    with inside(app):
        posted(make.course("In English"))
        posted(make.course("En español"), language="Spanish")
    [text] = told(app)
    assert "En español" in text
    assert "In English" not in text


def test_posting_that_is_rolled_back_tells_nobody(app: Flask, cast: Cast) -> None:
    with inside(app):
        saved(cast.ana)
    with app.app_context():
        posted()
        db.session.rollback()
    assert told(app) == []


def test_many_searches_are_looked_through_in_batches(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("catalog.following.services.matching.BATCH", 2)
    monkeypatch.setattr("catalog.following.services.matching.TOGETHER", 2)
    with inside(app):
        for query in ("", "?county=01101", "?county=01097", "?format=in_person", "?seats=1"):
            saved(cast.otto, query, HowOften.WEEKLY)
        saved(cast.ana, "?seats=1")
    with inside(app):
        posted()
    work(app)
    with inside(app):
        found = db.session.scalars(
            sa.select(SavedSearch.query).join(SavedSearchHit).order_by(SavedSearch.query)
        )
        assert list(found) == ["", "?county=01101", "?format=in_person", "?seats=1", "?seats=1"]


def test_two_workers_tell_once(app: Flask, cast: Cast) -> None:
    with inside(app):
        saved(cast.ana)
    with inside(app):
        posted()
    work(app)
    with later(SOON):
        for _ in range(2):
            with inside(app):
                services.tell(cast.ana.id)
    assert len(letters(app)) == 1


def test_it_is_found_even_with_a_clock_that_stands(app: Flask, cast: Cast) -> None:
    with clock.at(clock.now()), inside(app):
        saved(cast.ana)
    with inside(app):
        posted()
    assert len(told(app)) == 1
