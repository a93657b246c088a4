"""Counting what may be tried only so often: in windows, in rows, across processes."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from catalog import clock, limits
from catalog.accounts import services as accounts
from catalog.accounts.models import Person
from catalog.extensions import db
from catalog.limits import Tally, TooOften
from tests import factories as make
from tests.attendance.sheets import inside
from tests.checkin.doors import scene
from tests.factories import Cast
from tests.servers import Browser, at_once, running

WINDOW = timedelta(minutes=10)


def fail(key: str, times: int = 1) -> None:
    for _ in range(times):
        limits.failed(key, WINDOW)
        db.session.commit()


def tallies() -> dict[str, int]:
    return dict(db.session.execute(sa.select(Tally.key, Tally.failures)).tuples().all())


@pytest.mark.usefixtures("context")
class TestWindows:
    def test_so_many_failures_are_let_through_and_no_more(self) -> None:
        fail("a", 2)
        limits.check("a", 3, WINDOW)
        fail("a")
        with pytest.raises(TooOften):
            limits.check("a", 3, WINDOW)

    def test_what_never_failed_is_let_through(self) -> None:
        limits.check("a", 1, WINDOW)

    def test_each_key_is_counted_by_itself(self) -> None:
        fail("a", 3)
        limits.check("b", 3, WINDOW)

    def test_the_window_ends_and_counting_begins_again(self) -> None:
        fail("a", 3)
        with clock.at(clock.now() + WINDOW):
            limits.check("a", 3, WINDOW)
            fail("a")
            assert tallies() == {"a": 1}

    def test_the_window_begins_with_the_first_failure(self) -> None:
        now = clock.now()
        for minutes in (0, 5, 9):
            with clock.at(now + timedelta(minutes=minutes)):
                fail("a")
        with clock.at(now + timedelta(minutes=9.5)), pytest.raises(TooOften):
            limits.check("a", 3, WINDOW)
        with clock.at(now + timedelta(minutes=10.1)):
            limits.check("a", 3, WINDOW)

    def test_the_refusal_says_how_long_to_wait(self) -> None:
        now = clock.now()
        with clock.at(now):
            fail("a", 3)
        with clock.at(now + timedelta(minutes=7, seconds=30)), pytest.raises(TooOften) as refused:
            limits.check("a", 3, WINDOW)
        assert refused.value.seconds == 151
        assert str(refused.value) == "That was tried too often. Wait 3 minutes and try again."

    def test_what_the_failed_request_wrote_is_gone(self) -> None:
        make.person("Nia Sample")
        fail("a")
        assert db.session.scalars(sa.select(Person)).all() == []
        assert tallies() == {"a": 1}

    def test_a_clock_that_was_ahead_blocks_nobody_after_it_is_put_back(self) -> None:
        now = clock.now()
        for ahead in (timedelta(hours=1), timedelta(days=400)):
            with clock.at(now + ahead):
                fail("a", 3)
            with clock.at(now):
                limits.check("a", 3, WINDOW)
                fail("a", 2)
                limits.check("a", 3, WINDOW)
                fail("a")
                with pytest.raises(TooOften):
                    limits.check("a", 3, WINDOW)

    def test_nor_are_tries_refused_then(self) -> None:
        now = clock.now()
        with clock.at(now + timedelta(days=1)):
            limits.count_try("a", 1, WINDOW)
        with clock.at(now):
            limits.count_try("a", 1, WINDOW)
            with pytest.raises(TooOften):
                limits.count_try("a", 1, WINDOW)

    def test_a_clock_that_is_a_little_behind_another_begins_nothing_anew(self) -> None:
        now = clock.now()
        with clock.at(now + timedelta(seconds=20)):
            fail("a", 3)
        with clock.at(now):
            with pytest.raises(TooOften):
                limits.check("a", 3, WINDOW)
            fail("a")
            assert tallies() == {"a": 4}

    def test_old_rows_are_swept(self) -> None:
        fail("a")
        with clock.at(clock.now() + timedelta(days=2)):
            fail("b")
        assert tallies() == {"b": 1}


@pytest.mark.race
def test_the_limit_holds_across_processes(app: Flask, cast: Cast, database_url: str) -> None:
    """Twenty guesses at two servers, then the right code at either: refused until the window ends."""
    room = scene(app, cast, starts=clock.now() - timedelta(minutes=5))
    with inside(app):
        token = accounts.begin_sign_in(room.person(cast.ana))
    with running(database_url) as ports:
        browsers = [Browser(port, {"sign_in": token}) for port in ports]
        answers = [browsers[turn % 2].get(f"/in/guess{turn}").status for turn in range(20)]
        assert answers == [410] * 10 + [429] * 10
        assert [browser.get(room.drawn()).status for browser in browsers] == [429, 429]
        with inside(app):
            db.session.execute(sa.update(Tally).values(until=clock.now()))
        assert browsers[1].get(room.drawn()).status == 303


@pytest.mark.race
def test_no_failure_is_lost_when_many_come_at_once(app: Flask, cast: Cast, database_url: str) -> None:
    with inside(app):
        token = accounts.begin_sign_in(db.session.get_one(Person, cast.ana.id))
    with running(database_url) as ports:
        guesses = [
            lambda port=port: Browser(port, {"sign_in": token}).get("/in/guess").status for port in ports * 4
        ]
        statuses = at_once(guesses)
    with inside(app):
        assert sum(tallies().values()) == statuses.count(410) == 8
