"""`/healthz` says that the process lives; `/readyz` whether it can serve, in words and nothing else."""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from catalog import readiness
from catalog.config import Settings
from catalog.extensions import db, writing
from tests.engines import free_port


@pytest.fixture
def look(app: Flask, settings: Settings) -> Callable[..., str]:
    """`look(redis_url=…)` is what a process with such settings would say."""

    def look(**changes: Any) -> str:
        looking = readiness.Look(app)
        looking.settings = replace(settings, **changes)
        return str(looking.look())

    return look


def test_alive_is_said_without_the_database(client: FlaskClient) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.text) == (200, "ok\n")
    assert answer.headers["Cache-Control"] == "no-store"


def test_ready_is_said_where_the_database_has_this_code_s_migration(client: FlaskClient) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.text) == (200, "ready\n")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers


def test_posting_is_refused(client: FlaskClient) -> None:
    assert client.post("/readyz").status_code == 405


def test_another_migration_is_not_ready(app: Flask, look: Callable[..., str]) -> None:
    with app.app_context():
        writing.set(True)
        here = db.session.scalar(sa.text("SELECT version_num FROM alembic_version"))
        db.session.execute(sa.text("UPDATE alembic_version SET version_num = '0001'"))
        db.session.commit()
    try:
        assert look() == "not ready: migration"
    finally:
        with app.app_context():
            writing.set(True)
            db.session.execute(sa.text("UPDATE alembic_version SET version_num = :v"), {"v": here})
            db.session.commit()


def test_a_database_that_is_away_is_not_ready_and_only_a_word(look: Callable[..., str]) -> None:
    url = f"postgresql+psycopg://catalog:hunter2@127.0.0.1:{free_port()}/catalog"
    assert look(database_url=url).startswith("not ready: database")
    assert "hunter2" not in look(database_url=url)


@pytest.mark.sqlite
def test_a_file_that_is_gone_is_not_ready_and_is_not_made_anew(
    app: Flask, tmp_path_factory: pytest.TempPathFactory
) -> None:
    looking = readiness.Look(app)
    looking.file = tmp_path_factory.mktemp("empty") / "gone.db"
    assert str(looking.look()) == "not ready: database"
    assert not looking.file.exists()


@pytest.mark.sqlite
def test_a_full_disk_is_not_ready(look: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readiness, "LEAST_ROOM", 2**62)
    assert look() == "not ready: disk"


def test_without_its_helpers_it_serves_all_the_same_and_says_so(look: Callable[..., str]) -> None:
    away = free_port()
    assert look(redis_url=f"redis://127.0.0.1:{away}/0") == "ready, without redis"
    replica = f"postgresql+psycopg://nobody@127.0.0.1:{away}/catalog"
    assert (
        look(redis_url=f"redis://127.0.0.1:{away}/0", replica_url=replica)
        == "ready, without replica and redis"
    )


def test_a_server_that_never_answers_is_waited_for_only_so_long(
    look: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readiness, "SECONDS", 0.2)
    monkeypatch.setattr(readiness, "_version", lambda _url: time.sleep(2))
    assert look() == "not ready: database"
