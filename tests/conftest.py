"""One application and one migrated database for each test process; rows are deleted after each test."""

import os
import socket
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import event

from catalog import create_app, limits
from catalog.accounts import services as accounts
from catalog.accounts.models import Person
from catalog.config import Settings, read
from catalog.extensions import db, writing
from tests import engines, rows
from tests.factories import Cast, make_cast

OWN_DATABASES = (
    "tests/test_demo.py",
    "tests/cli/",
    "tests/bench/",
    "tests/failures/",
    "tests/torture/",
    "tests/test_migrations",
)
"""Tests that make databases of their own, beside the one that all others share."""
WHOLE_JOBS = tuple(f"tests/browser/test_{job}.py" for job in ("learner", "trainer", "coordinator", "door"))
"""What a page looks like and how it is reached by keyboard does not change with the database, so the other browser
tests run with the first one alone."""
TAKE_MINUTES = ("/year/test_year.py", "/browser/test_access.py")
LOCAL = ("127.0.0.1", "::1", "localhost")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What takes minutes goes first, so that no worker is left with it alone at the end. What is the same on every
    engine runs with the first one."""
    items.sort(key=lambda item: not str(item.path).endswith(TAKE_MINUTES))
    if os.environ.get("TEST_DATABASE_URL"):
        alike = [item for item in items if not _leans_on_the_engine(item)]
        config.hook.pytest_deselected(items=alike)
        items[:] = [item for item in items if _leans_on_the_engine(item)]


def _leans_on_the_engine(item: pytest.Item) -> bool:
    path = item.path.relative_to(item.config.rootpath).as_posix()
    if path.startswith("tests/browser/"):
        return path in WHOLE_JOBS
    return path.startswith(OWN_DATABASES) or "database_url" in getattr(item, "fixturenames", ())


@pytest.fixture(scope="session", autouse=True)
def _no_network() -> Iterator[None]:
    """Tests reach this machine and nothing else."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and address[0] not in LOCAL:
            raise AssertionError(f"a test tried to reach {address[0]}")
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded)
        yield


@pytest.fixture(scope="module", autouse=True)
def _no_thread_is_left() -> Iterator[None]:
    """A thread that goes on after its tests takes its share of the processor from all that come later."""
    before = set(threading.enumerate())
    yield
    until = time.monotonic() + 20
    while left := [one.name for one in threading.enumerate() if one not in before and _is_of_a_test(one)]:
        assert time.monotonic() < until, f"still running: {left}"
        time.sleep(0.05)


def _is_of_a_test(thread: threading.Thread) -> bool:
    """Playwright waits for its own process until the end of the session."""
    return not thread.name.startswith("asyncio-waitpid")


@pytest.fixture(scope="session")
def database_url(worker_id: str) -> Iterator[str]:
    """An empty database of this process's own: PostgreSQL where TEST_DATABASE_URL names one, else SQLite."""
    server = os.environ.get("TEST_DATABASE_URL")
    if server:
        name = f"catalog_test_{worker_id}_{os.getpid()}"
        yield engines.create_database(server, name)
        engines.drop_database(server, name)
    else:
        with tempfile.TemporaryDirectory() as folder:
            yield f"sqlite:///{folder}/test.db"


@pytest.fixture(scope="session")
def settings(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    instance = tmp_path_factory.mktemp("instance")
    environ = {"DEMO": "1", "DATABASE_URL": database_url, "BROWSE_REFRESH_SECONDS": "0"}
    # Tests live through days in which nobody clicks anything.
    environ |= {"IDLE_DAYS": "90", "STAFF_IDLE_HOURS": "2160"}
    return read(environ, Path(instance))


@pytest.fixture(scope="session")
def app(settings: Settings) -> Iterator[Flask]:
    app = create_app(settings, TESTING=True)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            # A test's rows need not survive a power cut; the servers that are started for races keep theirs.
            event.listen(
                db.engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF")
            )
        upgrade()
    yield app
    with app.app_context():
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()


@pytest.fixture
def _rows(app: Flask) -> Iterator[None]:
    """Whatever a test wrote is gone after it."""
    yield
    limits.forget()
    with app.app_context():
        rows.delete_all()


@pytest.fixture
def context(app: Flask, _rows: None) -> Iterator[None]:
    """An application context for tests that call services and queries, without a request."""
    writing.set(True)
    with app.app_context():
        yield


@pytest.fixture
def client(app: Flask, _rows: None) -> FlaskClient:
    """A browser without a sign-in. Forms need no token here; the token has tests of its own."""
    app.config["WTF_CSRF_ENABLED"] = False
    return app.test_client()


@pytest.fixture
def cast(app: Flask, _rows: None) -> Cast:
    """Ana learns, Ivo teaches, Mira coordinates, Otto is a stranger to everything, Ada administers."""
    with app.app_context():
        writing.set(True)
        cast = make_cast()
        db.session.commit()
        for person in cast:
            db.session.refresh(person)
        db.session.expunge_all()
    return cast


@pytest.fixture
def login_as(app: Flask, _rows: None) -> Callable[[Person], FlaskClient]:
    """`login_as(cast.ana)` gives a browser in which Ana is signed in."""

    def login_as(person: Person) -> FlaskClient:
        app.config["WTF_CSRF_ENABLED"] = False
        with app.app_context():
            writing.set(True)
            token = accounts.begin_sign_in(person)
            db.session.commit()
        client = app.test_client()
        client.set_cookie("sign_in", token)
        return client

    return login_as


@pytest.fixture
def htmx() -> dict[str, str]:
    """The headers of a plain htmx request: `client.get(url, headers=htmx)`."""
    return {"HX-Request": "true"}
