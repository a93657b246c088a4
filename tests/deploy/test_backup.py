"""`flask catalog backup` and `restore`: a copy taken while people write holds everything that was acknowledged."""

import importlib
import os
import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask

from catalog import create_app
from catalog.accounts.models import Person
from catalog.cli import copying
from catalog.config import Settings
from catalog.extensions import db, writing
from catalog.reports.checking import invariants
from tests import engines
from tests import factories as make
from tests.factories import Cast
from tests.nodes import wait_until

pytestmark = pytest.mark.usefixtures("cast")
# The command of this name hides the module from an import.
BACKUP = importlib.import_module("catalog.cli.backup")


def run(app: Flask, *words: object) -> Result:
    with app.app_context():
        return app.test_cli_runner().invoke(args=["catalog", *map(str, words)])


@pytest.fixture
def empty(settings: Settings, tmp_path: Path) -> Iterator[Flask]:
    """An installation whose database is there and holds nothing."""
    server = os.environ.get("TEST_DATABASE_URL")
    name = f"catalog_restored_{os.getpid()}"
    url = engines.create_database(server, name) if server else f"sqlite:///{tmp_path}/restored.db"
    app = create_app(replace(settings, database_url=url), TESTING=True)
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    if server:
        engines.drop_database(server, name)


def people(app: Flask) -> set[str]:
    with app.app_context():
        writing.set(False)
        return set(db.session.scalars(sa.select(Person.email)))


def test_what_was_copied_comes_back(app: Flask, empty: Flask, tmp_path: Path) -> None:
    done = run(app, "backup", tmp_path / "copy")
    assert done.exit_code == 0, done.output
    assert "brought back and checked" in done.output
    back = run(empty, "restore", tmp_path / "copy")
    assert back.exit_code == 0, back.output
    assert people(empty) == people(app)
    assert run(empty, "check").exit_code == 0


def test_a_copy_taken_while_people_write_holds_all_that_was_acknowledged(
    app: Flask, empty: Flask, tmp_path: Path
) -> None:
    acknowledged: list[str] = []
    enough, some = threading.Event(), threading.Event()

    def write() -> None:
        while not enough.is_set():
            with app.app_context():
                writing.set(True)
                email = make.person("Nia Sample").email
                make.offering(seats=3)
                db.session.commit()
            acknowledged.append(email)
            if len(acknowledged) > 20:
                some.set()

    writers = [threading.Thread(target=write) for _ in range(3)]
    for writer in writers:
        writer.start()
    try:
        assert some.wait(30)
        before = set(acknowledged)
        done = run(app, "backup", tmp_path / "copy")
        after = set(acknowledged)
    finally:
        enough.set()
        for writer in writers:
            writer.join()
    assert done.exit_code == 0, done.output
    assert after > before, "nobody wrote meanwhile, so this shows nothing"
    assert run(empty, "restore", tmp_path / "copy").exit_code == 0
    assert before <= people(empty)
    with empty.app_context():
        writing.set(False)
        assert [name for name, _, select in invariants.ALL if db.session.execute(select).first()] == []


def test_a_database_that_holds_something_is_not_overwritten_unless_asked(app: Flask, tmp_path: Path) -> None:
    run(app, "backup", tmp_path / "copy")
    with app.app_context():
        writing.set(True)
        make.person("Late Sample", email="late@example.org")
        db.session.commit()
    refused = run(app, "restore", tmp_path / "copy")
    assert refused.exit_code == 1
    assert "is not empty" in refused.output
    assert "late@example.org" in people(app)


def test_asked_to_it_throws_away_what_was_there(app: Flask, empty: Flask, tmp_path: Path) -> None:
    run(app, "backup", tmp_path / "copy")
    run(empty, "restore", tmp_path / "copy")
    with empty.app_context():
        writing.set(True)
        make.person("Late Sample", email="late@example.org")
        db.session.execute(sa.text("CREATE TABLE of_a_newer_release (id integer)"))
        db.session.commit()
    back = run(empty, "restore", tmp_path / "copy", "--overwrite")
    assert back.exit_code == 0, back.output
    assert people(empty) == people(app)


@pytest.mark.postgres
@pytest.mark.skipif(not os.environ.get("TEST_DATABASE_URL"), reason="SQLite waits for its turn instead")
def test_a_database_that_somebody_still_uses_is_not_overwritten(
    app: Flask, empty: Flask, tmp_path: Path
) -> None:
    run(app, "backup", tmp_path / "copy")
    run(empty, "restore", tmp_path / "copy")
    before = people(empty)
    run(app, "backup", tmp_path / "another")
    node = sa.create_engine(empty.config["SQLALCHEMY_DATABASE_URI"], poolclass=sa.NullPool)
    with node.connect():
        refused = run(empty, "restore", tmp_path / "another", "--overwrite")
    assert refused.exit_code == 1
    assert "stop the nodes and workers" in refused.output
    assert people(empty) == before


SORTS = sa.text("SELECT datcollate, datlocprovider FROM pg_database WHERE datname = current_database()")


@pytest.mark.postgres
@pytest.mark.skipif(not os.environ.get("TEST_DATABASE_URL"), reason="SQLite sorts one way")
@pytest.mark.parametrize("sorts", ["LC_COLLATE 'C'", "LOCALE_PROVIDER icu ICU_LOCALE 'de'"])
def test_a_database_sorts_as_before_once_it_was_brought_back(
    app: Flask, empty: Flask, tmp_path: Path, sorts: str
) -> None:
    url = empty.config["SQLALCHEMY_DATABASE_URI"]
    name = sa.make_url(url).database
    engines.execute(url, f'CREATE DATABASE "{name}_own" TEMPLATE template0 {sorts}', on="postgres")
    engines.drop_database(os.environ["TEST_DATABASE_URL"], str(name))
    engines.execute(url, f'ALTER DATABASE "{name}_own" RENAME TO "{name}"', on="postgres")
    with empty.app_context(), db.engine.connect() as connection:
        before = connection.execute(SORTS).one()
    run(app, "backup", tmp_path / "copy")
    with empty.app_context():
        db.engine.dispose()
    done = run(empty, "restore", tmp_path / "copy")
    assert done.exit_code == 0, done.output
    with empty.app_context(), db.engine.connect() as connection:
        assert connection.execute(SORTS).one() == before


def test_a_changed_copy_is_refused_and_nothing_is_touched(app: Flask, empty: Flask, tmp_path: Path) -> None:
    file = tmp_path / "copy"
    run(app, "backup", file)
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 255
    file.write_bytes(content)
    refused = run(empty, "restore", file)
    assert refused.exit_code == 1
    assert "SHA-256" in refused.output


def test_what_is_no_copy_is_refused(empty: Flask, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear Ana")
    assert run(empty, "restore", tmp_path / "letter.txt").exit_code == 1


def test_a_copy_that_lacks_a_row_is_not_kept(
    app: Flask, cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts = copying.counts
    monkeypatch.setattr(copying, "counts", lambda url: counts(url) | {"person": 4})
    refused = run(app, "backup", tmp_path / "copy")
    assert refused.exit_code == 1
    assert "person had 5 rows and has 4 in the copy" in refused.output
    assert list(tmp_path.iterdir()) == []


TIDY = {
    "autovacuum_naptime": "1s",
    "autovacuum_vacuum_cost_delay": "100ms",
    "autovacuum_vacuum_cost_limit": "1",
}
TIDIED = "SELECT count(*) FROM pg_stat_activity WHERE datname = '{}' AND backend_type = 'autovacuum worker'"


def asked(url: str, question: str) -> list[Any]:
    with copying.engine(url).connect() as connection:
        return list(connection.scalars(sa.text(question)))


@pytest.mark.postgres
def test_a_scratch_that_is_being_tidied_up_is_thrown_away_all_the_same(tmp_path: Path) -> None:
    with engines.throwaway_cluster(more=TIDY) as server:
        url = engines.create_database(server.url, "real")
        with copying.scratch(url, tmp_path) as scratch:
            # Work for some time, and slowly.
            many = "SELECT n, repeat('x', 500) FROM generate_series(1, 99999) AS n"
            engines.execute(scratch, f"CREATE TABLE much AS {many}")
            engines.execute(scratch, "DELETE FROM much WHERE mod(n, 2) = 0")
            tidied = TIDIED.format(sa.make_url(scratch).database)
            wait_until(lambda: asked(server.inside, tidied) == [1])
        left = asked(url, "SELECT datname FROM pg_database WHERE NOT datistemplate")
    assert set(left) == {"postgres", "real"}


@pytest.mark.sqlite
def test_a_damaged_copy_is_not_kept(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bring_back = copying.bring_back

    def damage(copied: Path, url: str) -> None:
        bring_back(copied, url)
        held = sqlite3.connect(copying.file_of(url))
        held.execute("UPDATE seat SET offering_id = 99999")
        held.commit()
        held.close()

    with app.app_context():
        writing.set(True)
        make.offering(seats=1)
        db.session.commit()
    monkeypatch.setattr(copying, "bring_back", damage)
    refused = run(app, "backup", tmp_path / "copy")
    assert refused.exit_code == 1
    assert "refers to a row" in refused.output
    assert list(tmp_path.iterdir()) == []


def test_what_is_wrong_in_the_catalog_is_kept_and_said(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(BACKUP, "broken_invariants", lambda _url: ["too_many_seated"])
    done = run(app, "backup", tmp_path / "copy")
    assert done.exit_code == 1
    assert "too_many_seated" in done.output
    assert (tmp_path / "copy").exists()


def test_it_is_readable_by_its_owner_alone_with_a_sum_beside_it(app: Flask, tmp_path: Path) -> None:
    run(app, "backup", tmp_path / "copy")
    assert (tmp_path / "copy").stat().st_mode & 0o77 == 0
    assert (tmp_path / "copy.sha256").read_text().endswith("  copy\n")
    assert {path.name for path in tmp_path.iterdir()} == {"copy", "copy.sha256"}


def test_so_many_of_the_newest_are_kept(app: Flask, tmp_path: Path) -> None:
    ending = "db" if os.environ.get("TEST_DATABASE_URL", "") == "" else "dump"
    for day in (1, 2, 3):
        (tmp_path / f"catalog-2026010{day}T000000Z.{ending}").write_text("old")
    (tmp_path / "mine.txt").write_text("mine")
    done = run(app, "backup", "--folder", tmp_path, "--keep", 2)
    assert done.exit_code == 0, done.output
    left = sorted(path.name for path in tmp_path.iterdir() if path.suffix == f".{ending}")
    assert len(left) == 2
    assert left[0] == f"catalog-20260103T000000Z.{ending}"
    assert (tmp_path / "mine.txt").exists()


@pytest.mark.postgres
def test_the_password_is_not_in_the_list_of_processes() -> None:
    url = "postgresql+psycopg://catalog:hunter2@127.0.0.1/catalog"
    assert "hunter2" not in copying._plain(url)
