"""Backups and restores that are told to stop leave nothing behind; what killed backups left goes after a day."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from catalog import clock
from catalog.cli import copying
from catalog.extensions import db
from tests import engines
from tests.deploy.installation import run
from tests.nodes import ROOT, wait_until

pytestmark = pytest.mark.usefixtures("cast")
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
