"""`flask catalog backup`: a copy taken while people write holds all that was acknowledged, or it is not kept."""

import importlib
import sqlite3
import threading
from pathlib import Path

import pytest
from flask import Flask

from catalog.cli import copying
from catalog.extensions import db, writing
from catalog.reports.checking import invariants
from tests import factories as make
from tests.deploy.installation import people, run
from tests.factories import Cast

pytestmark = pytest.mark.usefixtures("cast")
# The command of this name hides the module from an import.
BACKUP = importlib.import_module("catalog.cli.backup")


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


def test_a_copy_that_lacks_a_row_is_not_kept(
    app: Flask, cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts = copying.counts
    monkeypatch.setattr(copying, "counts", lambda url: counts(url) | {"person": 4})
    refused = run(app, "backup", tmp_path / "copy")
    assert refused.exit_code == 1
    assert "person had 5 rows and has 4 in the copy" in refused.output
    assert list(tmp_path.iterdir()) == []


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
