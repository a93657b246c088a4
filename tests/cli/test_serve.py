"""`flask catalog serve` as real processes: from an empty folder to a catalog that answers, and away again."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from catalog import demo
from tests import engines

pytestmark = pytest.mark.serves

ROOT = Path(__file__).resolve().parents[2]
REAL = {
    "DEMO": "0",
    "SECRET_KEY": "0123456789abcdefghijklmnopqrstuv",
    "MAIL_URL": "file:mail",
    "MAIL_FROM": "learning@example.org",
}
LOADED = ["edition", "person", "course", "offering", "enrollment"]
COMMAND = [sys.executable, "-m", "flask", "--app", "wsgi", "catalog", "serve"]

Served = "subprocess.Popen[str]"
Serve = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def environ(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of an installation of its own, on the database that this run is about."""
    port = str(engines.free_port())
    own = {"DEMO": "1", "INSTANCE": str(tmp_path), "PORT": port, "WORKERS": "1", "PYTHONUNBUFFERED": "1"}
    server = os.environ.get("TEST_DATABASE_URL")
    if server:
        own["DATABASE_URL"] = engines.create_database(server, f"catalog_serve_{port}")
    yield {name: value for name, value in os.environ.items() if name not in ("HOST", "SITE_URL")} | own
    if server:
        engines.drop_database(server, f"catalog_serve_{port}")


@pytest.fixture
def serve(environ: dict[str, str]) -> Iterator[Serve]:
    """`serve()` starts the catalog and waits until it says that it is ready."""
    started = []

    def serve() -> "subprocess.Popen[str]":
        served = subprocess.Popen(
            COMMAND, cwd=ROOT, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        started.append(served)
        assert served.stdout is not None
        said = ""
        for line in served.stdout:
            said += line
            if " is ready at " in line:
                return served
        raise AssertionError(f"it ended before it was ready:\n{said}")

    yield serve
    for served in started:
        served.terminate()
        served.wait(30)
        if served.stdout:
            served.stdout.close()


def refused(environ: dict[str, str], **changes: str) -> str:
    """What a start says that refuses at once, which must be one sentence with status 2."""
    done = subprocess.run(
        COMMAND, cwd=ROOT, env=environ | changes, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert re.fullmatch(r"Error: [^\n]+\n", done.stderr)
    return done.stderr.removeprefix("Error: ").strip()


def get(environ: dict[str, str], path: str) -> int:
    with closing(http.client.HTTPConnection("127.0.0.1", int(environ["PORT"]), timeout=10)) as connection:
        connection.request("GET", path)
        return connection.getresponse().status


def is_listening(environ: dict[str, str]) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", int(environ["PORT"]))) == 0


def execute(environ: dict[str, str], statement: str) -> int | None:
    """Ask the database itself; the answer's first value, if it has any."""
    url = environ.get("DATABASE_URL") or f"sqlite:///{environ['INSTANCE']}/catalog.db"
    with sa.create_engine(url, poolclass=sa.NullPool).begin() as connection:
        result = connection.execute(sa.text(statement))
        return result.scalar() if result.returns_rows else None


def count_of(environ: dict[str, str], table: str) -> int:
    return execute(environ, f"SELECT count(*) FROM {table}") or 0


def test_a_first_start_loads_the_framework_and_answers(serve: Serve, environ: dict[str, str]) -> None:
    environ.update(REAL)
    served = serve()
    assert get(environ, "/healthz") == 200
    assert count_of(environ, "edition") == 1
    assert count_of(environ, "area") >= 8
    served.terminate()
    assert served.wait(30) == 0
    assert not is_listening(environ)


def test_the_demo_is_loaded_once_and_says_at_every_start_who_may_sign_in(
    serve: Serve, environ: dict[str, str]
) -> None:
    first = serve()
    assert get(environ, "/") == 200
    before = [count_of(environ, table) for table in LOADED]
    assert all(before)
    assert said_signing_in(first)
    second = serve()
    assert [count_of(environ, table) for table in LOADED] == before
    assert said_signing_in(second)


def said_signing_in(served: "subprocess.Popen[str]") -> bool:
    """Whether what it still had to say, until it was stopped, names everybody one may look around as."""
    served.terminate()
    said = served.communicate()[0]
    return all(re.search(rf"{email} .*{demo.PASSWORD}", said) for email, _does in demo.SIGN_INS)


def test_a_killed_start_leaves_no_server_behind(serve: Serve, environ: dict[str, str]) -> None:
    environ.update(REAL)
    served = serve()
    served.send_signal(signal.SIGKILL)
    limit = time.monotonic() + 30
    while is_listening(environ) and time.monotonic() < limit:
        time.sleep(0.1)
    assert not is_listening(environ)


def test_a_taken_port_is_one_sentence(environ: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", int(environ["PORT"]))):
        assert refused(environ).startswith(f"PORT {environ['PORT']} on HOST 127.0.0.1 cannot be listened on")


def test_a_setting_that_cannot_be_read_is_one_sentence(environ: dict[str, str]) -> None:
    assert refused(environ, PORT="eighty").startswith("PORT is “eighty”")


def test_the_development_key_outside_the_demo_is_one_sentence(environ: dict[str, str]) -> None:
    assert refused(environ, DEMO="0").startswith("SECRET_KEY is not set")


def test_a_database_that_is_away_is_one_sentence(environ: dict[str, str]) -> None:
    away = f"postgresql://catalog:hunter2@127.0.0.1:{engines.free_port()}/catalog"
    sentence = refused(environ, DATABASE_URL=away)
    assert sentence.startswith("DATABASE_URL names a database that cannot be opened")
    assert "hunter2" not in sentence


@pytest.mark.postgres
def test_a_database_that_cannot_hold_every_name_is_one_sentence(
    environ: dict[str, str], database_url: str
) -> None:
    name = f"catalog_ascii_{os.getpid()}"
    kind = "TEMPLATE template0 ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C'"
    engines.execute(database_url, f'CREATE DATABASE "{name}" {kind}')
    url = sa.make_url(database_url).set(database=name).render_as_string(hide_password=False)
    try:
        sentence = refused(environ, DATABASE_URL=url)
        assert sentence.startswith("DATABASE_URL names a database whose encoding is SQL_ASCII")
    finally:
        engines.drop_database(database_url, name)


def test_an_own_copy_of_htmx_that_is_missing_is_one_sentence(environ: dict[str, str]) -> None:
    assert refused(environ, HTMX_SOURCE="local").startswith(
        "HTMX_SOURCE is local, but no copy was fetched yet"
    )
