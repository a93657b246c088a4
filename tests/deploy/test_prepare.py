"""`flask catalog prepare` and `serve --node`: a release is brought up once, however many nodes start at once."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import engines
from tests.engines import free_port

pytestmark = pytest.mark.serves
ROOT = Path(__file__).resolve().parents[2]
FLASK = [sys.executable, "-m", "flask", "--app", "wsgi", "catalog"]


@pytest.fixture
def environ(tmp_path: Path) -> Iterator[dict[str, str]]:
    """An installation without a database's tables yet."""
    own = {
        "INSTANCE": str(tmp_path),
        "PORT": str(free_port()),
        "SECRET_KEY": "0123456789abcdefghijklmnopqrstuv",
        "MAIL_URL": "file:mail",
        "MAIL_FROM": "learning@example.org",
    }
    server = os.environ.get("TEST_DATABASE_URL")
    name = f"catalog_prepare_{own['PORT']}"
    if server:
        own["DATABASE_URL"] = engines.create_database(server, name)
    yield {key: value for key, value in os.environ.items() if key not in ("DEMO", "SITE_URL")} | own
    if server:
        engines.drop_database(server, name)


def start(environ: dict[str, str], *words: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [*FLASK, *words], cwd=ROOT, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def test_a_node_refuses_a_database_that_nobody_prepared(environ: dict[str, str]) -> None:
    node = start(environ, "serve", "--node")
    said = node.communicate(timeout=60)[0]
    assert node.returncode == 2
    assert "at migration none" in said
    assert "run `flask catalog prepare`" in said


@pytest.mark.postgres
def test_nodes_that_start_at_once_prepare_one_after_the_other(environ: dict[str, str]) -> None:
    started = [start(environ, "prepare") for _ in range(3)]
    said = [one.communicate(timeout=120)[0] for one in started]
    assert [one.returncode for one in started] == [0, 0, 0], said
    assert all("up to date" in text for text in said)
