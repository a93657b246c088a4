"""`flask catalog backup` and `restore`: a copy taken while people write holds everything that was acknowledged."""

import importlib
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask

from catalog import clock, create_app
from catalog.accounts.models import Person
from catalog.cli import copying
from catalog.config import Settings
from catalog.extensions import db, writing
from catalog.reports.checking import invariants
from tests import engines
from tests import factories as make
from tests.factories import Cast
from tests.nodes import ROOT, wait_until

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


HALTED = """
import sys
from pathlib import Path
from catalog.cli import copying
from flask.cli import main

done = getattr(copying, {name!r})

def halted(*words):
    done(*words)
    print("halted", *words, flush=True)
    sys.stdin.read()

copying.{name} = halted
main()
"""
"""A command that stops, for as long as its input is open, when it has done a part of its work."""


@contextmanager
def started(database_url: str, code: str, *words: object) -> Iterator["subprocess.Popen[str]"]:
    environ = os.environ | {"DEMO": "1", "DATABASE_URL": database_url}
    command = [sys.executable, "-c", code, "--app", "wsgi", "catalog", *map(str, words)]
    with subprocess.Popen(
        command, cwd=ROOT, env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def halts(process: "subprocess.Popen[str]") -> list[str]:
    """Wait until it halts; the scratch databases that it named then."""
    assert process.stdout
    while not (line := process.stdout.readline()).startswith("halted"):
        assert line, "it ended"
    return re.findall(r"catalog_scratch_\w+|\.scratch-\w+\.db", line)


def there(url: str, names: list[str], folder: Path) -> list[str]:
    """Those of them that are there. Beside PostgreSQL's other tests make some too."""
    if copying.is_file(url):
        return [path.name for path in folder.rglob(".scratch-*")]
    return sorted({*names} & {*asked(url, "SELECT datname FROM pg_database")})


@pytest.mark.parametrize("part", ["copy", "bring_back"])
def test_a_backup_that_is_told_to_stop_leaves_nothing_behind(
    app: Flask, database_url: str, tmp_path: Path, part: str
) -> None:
    with started(database_url, HALTED.format(name=part), "backup", "--folder", tmp_path) as process:
        names = halts(process)
        assert list(tmp_path.iterdir())
        assert there(database_url, names, tmp_path) == names
        assert len(names) == (part == "bring_back")
        process.send_signal(signal.SIGTERM)
        assert process.wait() == 128 + signal.SIGTERM
    assert list(tmp_path.iterdir()) == []
    assert there(database_url, names, tmp_path) == []


@pytest.mark.parametrize("part", ["bring_back", "take_place"])
def test_a_restore_that_is_told_to_stop_leaves_nothing_behind(
    app: Flask, empty: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    run(app, "backup", tmp_path / "copy")
    url, temporary = empty.config["SQLALCHEMY_DATABASE_URI"], tmp_path / "temporary"
    with empty.app_context():
        db.engine.dispose()
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    with started(url, HALTED.format(name=part), "restore", tmp_path / "copy") as process:
        [name] = halts(process)
        names = [name, f"{name}_old"]
        assert there(url, names, temporary)
        process.send_signal(signal.SIGTERM)
        assert process.wait() == 128 + signal.SIGTERM
    assert there(url, names, temporary) == []
    assert list(temporary.iterdir()) == []


AT_WORK = "SELECT datname FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(1000)'"


@pytest.mark.postgres
def test_what_still_works_at_the_scratch_ends_with_the_backup(
    app: Flask, database_url: str, tmp_path: Path
) -> None:
    """As pg_restore does when it builds an index, which goes on at the server when nobody waits for it any more."""
    long = tmp_path / "long"
    long.write_text('#!/bin/sh\nexec psql --dbname "$6" --command "SELECT pg_sleep(1000)"\n')
    long.chmod(0o755)
    code = f"""
from catalog.cli import copying
from flask.cli import main

program = copying._program
copying._program = lambda name: {str(long)!r} if name == "pg_restore" else program(name)
main()
"""
    with started(database_url, code, "backup", "--folder", tmp_path / "kept") as process:
        wait_until(lambda: bool(asked(database_url, AT_WORK)))
        names = asked(database_url, AT_WORK)
        process.send_signal(signal.SIGTERM)
        assert process.wait() == 128 + signal.SIGTERM
    assert there(database_url, names, tmp_path) == []
    assert asked(database_url, AT_WORK) == []


def test_what_killed_backups_left_in_the_folder_goes_after_a_day(app: Flask, tmp_path: Path) -> None:
    left = [
        ".catalog-20260101T023000Z.db.abcd_123",
        ".catalog-20260101T023000Z.dump.abcd_123",
        ".catalog-20260101T023000Z.db.abcd_123-journal",
        f".scratch-{'0a' * 16}.db",
        f".scratch-{'0a' * 16}.db-wal",
    ]
    others = [".catalog-settings", ".catalog-20260101T023000Z.db.note", ".scratch-mine.db", "scratch.db"]
    young = [".catalog-20260102T023000Z.db.abcd_124", f".scratch-{'0b' * 16}.db"]
    yesterday = (clock.now() - timedelta(days=1, minutes=1)).timestamp()
    for name in (*left, *others, *young):
        (tmp_path / name).write_text("half a copy")
        if name not in young:
            os.utime(tmp_path / name, (yesterday, yesterday))
    done = run(app, "backup", "--folder", tmp_path)
    assert done.exit_code == 0, done.output
    found = {path.name for path in tmp_path.iterdir() if not path.name.startswith("catalog-")}
    assert found == {*others, *young}


@pytest.mark.postgres
def test_scratch_databases_of_killed_backups_go_after_a_day_unless_somebody_is_there(tmp_path: Path) -> None:
    now = clock.now()
    old, young = now - timedelta(days=1, minutes=1), now - timedelta(hours=23)
    left, used, others = (
        f"catalog_scratch_{old:%Y%m%d%H%M%S}_00000000000a",
        f"catalog_scratch_{old:%Y%m%d%H%M%S}_00000000000b",
        [
            f"catalog_scratch_{young:%Y%m%d%H%M%S}_00000000000c",
            # What a restore replaced that was killed before it was told that all is well.
            f"catalog_scratch_{old:%Y%m%d%H%M%S}_00000000000d_old",
            "catalog_scratch_of_mine",
        ],
    )
    with engines.throwaway_cluster() as server:
        url = engines.create_database(server.url, "real")
        urls = {name: engines.create_database(server.url, name) for name in (left, used, *others)}
        existing = "SELECT datname FROM pg_database WHERE datname LIKE 'catalog%'"
        with copying.engine(urls[used]).connect():
            copying.remove_leftovers(url, tmp_path, now)
            assert set(asked(url, existing)) == {used, *others}
        wait_until(lambda: not asked(url, f"SELECT pid FROM pg_stat_activity WHERE datname = '{used}'"))
        copying.remove_leftovers(url, tmp_path, now)
        assert set(asked(url, existing)) == set(others)


@pytest.mark.sqlite
def test_the_scratch_is_readable_by_its_owner_alone(app: Flask, tmp_path: Path) -> None:
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    before = os.umask(0o022)
    try:
        copying.copy(url, tmp_path / "copy")
        with copying.scratch(url, tmp_path) as scratch:
            copying.bring_back(tmp_path / "copy", scratch)
            assert copying.file_of(scratch).stat().st_mode & 0o777 == 0o600
    finally:
        os.umask(before)


@pytest.fixture
def script(tmp_path: Path) -> Path:
    """`deploy/backup` in a release whose invariants do not hold, where BROKEN says so."""
    release = tmp_path / "release"
    flask = release / ".venv" / "bin" / "flask"
    flask.parent.mkdir(parents=True)
    code = (
        "import importlib, os; from flask.cli import main; "
        "module = importlib.import_module('catalog.cli.backup'); "
        "module.broken_invariants = lambda url: os.environ['BROKEN'].split(); main()"
    )
    flask.write_text(f'#!/bin/sh\ncd {ROOT}\nexec {sys.executable} -c "{code}" "$@"\n')
    flask.chmod(0o755)
    release.joinpath("deploy").mkdir()
    return Path(shutil.copy(ROOT / "deploy" / "backup", release / "deploy"))


@pytest.mark.parametrize(
    ("broken", "is_there", "status", "follows"),
    [("", True, 0, True), ("too_many_seated", True, 1, True), ("", False, 1, False)],
    ids=["well", "broken", "failed"],
)
def test_what_follows_a_backup_follows_each_that_made_a_copy(
    app: Flask,
    database_url: str,
    tmp_path: Path,
    script: Path,
    broken: str,
    is_there: bool,
    status: int,
    follows: bool,
) -> None:
    kept, copied = tmp_path / "kept", tmp_path / "elsewhere"
    kept.mkdir()
    # An older one is no new one.
    kept.joinpath("catalog-20260101T000000Z.db").write_text("older")
    if not is_there:
        database_url = f"sqlite:///{tmp_path}/nothing.db"
    environ = os.environ | {
        "DEMO": "1",
        "DATABASE_URL": database_url,
        "BROKEN": broken,
        "BACKUP_THEN": f"cp -R {kept} {copied}",
    }
    done = subprocess.run([str(script), str(kept)], env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == status, done.stderr
    assert copied.exists() == follows
    assert not follows or len(list(copied.glob("catalog-*Z.*[bp]"))) == 2


def test_a_restore_says_which_database_it_fills_and_no_password(
    app: Flask, empty: Flask, tmp_path: Path
) -> None:
    run(app, "backup", tmp_path / "copy")
    url = sa.make_url(empty.config["SQLALCHEMY_DATABASE_URI"])
    said = run(empty, "restore", tmp_path / "copy").output.splitlines()
    assert str(url.database) in said[0]
    assert "This fills" in said[0]
    assert str(url.database) in said[1]
    assert "Brought back" in said[1]
    assert not url.password or str(url.password) not in "".join(said)
    refused = run(empty, "restore", tmp_path / "copy").output.splitlines()
    assert str(url.database) in refused[0]


@pytest.mark.postgres
def test_the_password_is_not_in_the_list_of_processes() -> None:
    url = "postgresql+psycopg://catalog:hunter2@127.0.0.1/catalog"
    assert "hunter2" not in copying._plain(url)
