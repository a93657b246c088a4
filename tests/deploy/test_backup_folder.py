"""The folder that `deploy/backup` fills: the newest copies stay in it, and what takes them elsewhere follows each."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask

from tests.deploy.installation import run
from tests.nodes import ROOT

pytestmark = pytest.mark.usefixtures("cast")


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
