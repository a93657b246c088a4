"""Limits counted in Redis: the same windows as in the database, atomically, and in the database while it is away."""

import contextlib
import logging
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from urllib.parse import quote

import pytest
import sqlalchemy as sa
from flask import Flask

from catalog import counting, create_app, limits
from catalog.accounts.models import Person
from catalog.config import Settings
from catalog.extensions import db, writing
from catalog.limits import Tally, TooOften
from tests import factories as make
from tests.engines import free_port
from tests.nodes import find, wait_until
from tests.servers import at_once

WINDOW = timedelta(minutes=10)
NO_REDIS = "Redis was not found; get it with: apt-get install redis-server"


SECRET = "a pass:word/with@every%sign"


def url_of(port: int) -> str:
    return f"redis://:{quote(SECRET, safe='')}@127.0.0.1:{port}/0"


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    program, port = find("redis-server"), free_port()
    if program is None:
        pytest.skip(NO_REDIS)
    folder = tmp_path_factory.mktemp("redis")
    words = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    words += ["--requirepass", SECRET]
    server = subprocess.Popen(words, stdout=subprocess.DEVNULL)
    wait_until(counting.Counts(url_of(port)).is_there)
    yield port
    server.terminate()
    server.wait(10)


@pytest.fixture
def shared(app: Flask, settings: Settings, port: int, _rows: None) -> Iterator[Flask]:
    """An installation with a Redis, which is empty."""
    url = url_of(port)
    counting.Counts(url).client.flushall()
    yield from _installation(replace(settings, redis_url=url))


def _installation(settings: Settings) -> Iterator[Flask]:
    app = create_app(settings, TESTING=True)
    with app.app_context():
        writing.set(True)
        yield app
        db.session.remove()
        db.engine.dispose()


def fail(key: str, times: int = 1) -> None:
    for _ in range(times):
        limits.failed(key, WINDOW)
        db.session.commit()


@pytest.mark.usefixtures("shared")
class TestShared:
    def test_so_many_failures_are_let_through_and_no_more(self) -> None:
        fail("a", 2)
        limits.check("a", 3, WINDOW)
        fail("a")
        with pytest.raises(TooOften) as refused:
            limits.check("a", 3, WINDOW)
        assert 590 <= refused.value.seconds <= 601

    def test_the_database_is_not_written(self) -> None:
        fail("a", 3)
        assert db.session.scalars(sa.select(Tally)).all() == []

    def test_each_key_is_counted_by_itself(self) -> None:
        fail("a", 3)
        limits.check("b", 3, WINDOW)

    def test_what_the_failed_request_wrote_is_gone(self) -> None:
        make.person("Nia Sample")
        fail("a")
        assert db.session.scalars(sa.select(Person)).all() == []


def test_the_window_begins_with_the_first_and_ends(port: int) -> None:
    counts = counting.Counts(url_of(port))
    window = timedelta(seconds=3)
    assert counts.add("short", window).number == 1
    time.sleep(0.5)
    again = counts.add("short", window)
    assert again.number == 2
    assert again.seconds <= 2.5
    wait_until(lambda: counts.read("short") is None)


def test_none_is_lost_when_many_come_at_once(port: int) -> None:
    every = [counting.Counts(url_of(port)) for _ in range(4)]
    counted = at_once([partial(one.add, "crowd", WINDOW) for one in every for _ in range(10)])
    assert sorted(one.number for one in counted) == list(range(1, 41))


def test_one_is_given_back_and_never_below_nothing(port: int) -> None:
    counts = counting.Counts(url_of(port))
    counts.add("given", WINDOW)
    counts.give_back("given")
    counts.give_back("given")
    assert counts.add("given", WINDOW).number == 1
    counts.forget("given")
    assert counts.read("given") is None


def test_a_key_that_lost_its_end_gets_one_again(port: int) -> None:
    counts = counting.Counts(url_of(port))
    counts.client.set(counting.PREFIX + "endless", 7)
    assert counts.read("endless") is None
    assert 0 < counts.add("endless", WINDOW).seconds <= 600


@pytest.mark.usefixtures("_rows")
def test_while_redis_is_away_the_database_counts_and_the_log_says_so_once(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    away = replace(settings, redis_url=f"redis://127.0.0.1:{free_port()}/0")
    with caplog.at_level(logging.WARNING):
        for _ in _installation(away):
            fail("a", 3)
            with pytest.raises(TooOften):
                limits.check("a", 3, WINDOW)
            assert db.session.scalar(sa.select(Tally.failures)) == 3
    assert caplog.text.count("limits are counted in the database") == 1


@pytest.mark.usefixtures("_rows")
def test_a_redis_that_never_answers_is_waited_for_once(settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        for _ in _installation(replace(settings, redis_url=f"redis://127.0.0.1:{port}/0")):
            for _ in range(5):
                limits.check("a", 3, WINDOW)
        assert len(list(callers(silent))) == 1


def callers(silent: socket.socket) -> Iterator[socket.socket]:
    """Everybody who has connected so far."""
    silent.setblocking(False)
    with contextlib.suppress(BlockingIOError):
        while True:
            caller, _ = silent.accept()
            caller.close()
            yield caller
