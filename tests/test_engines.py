"""The engines of the tests: found where they are, named where they are not, and never left behind."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests import engines, htmx_file

ROOT = Path(__file__).resolve().parents[1]


def run_without_programs(**environ: str) -> "subprocess.CompletedProcess[str]":
    """`python -m tests.run` on a machine that has nothing installed; no test is chosen, so none is run."""
    nothing = {"PATH": "/nonexistent", "TEST_DATABASE_URL": "postgresql+psycopg://nobody@127.0.0.1:1/none"}
    command = [sys.executable, "-m", "tests.run", "--collect-only", "-q", "tests/test_config.py"]
    return subprocess.run(
        command, cwd=ROOT, env=os.environ | nothing | environ, capture_output=True, text=True, check=False
    )


def test_what_is_absent_is_named_with_the_way_to_get_it() -> None:
    done = run_without_programs(CI="")
    assert engines.NO_CHROMIUM in done.stdout.splitlines()
    assert done.returncode == 0


def test_what_is_absent_is_a_failure_in_continuous_integration() -> None:
    done = run_without_programs(CI="true")
    assert engines.NO_CHROMIUM in done.stdout
    assert done.returncode == 1
    assert "== SQLite ==" not in done.stdout


@pytest.mark.postgres
@pytest.mark.skipif(engines.find_postgres_bin() is None, reason=engines.NO_POSTGRES)
def test_a_throwaway_cluster_works_and_is_gone_afterwards() -> None:
    with engines.throwaway_postgres() as url:
        own = sa.create_engine(engines.create_database(url, "own"), poolclass=sa.NullPool)
        with own.connect() as connection:
            assert connection.scalar(sa.text("SELECT current_database()")) == "own"
            folder = Path(str(connection.scalar(sa.text("SHOW data_directory"))))
    assert not folder.exists()
    with pytest.raises(sa.exc.OperationalError):
        own.connect()


def test_a_damaged_copy_of_htmx_is_thrown_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = tmp_path / "htmx.js"
    copy.write_bytes(b"alert('not htmx')")
    monkeypatch.setattr(htmx_file, "CACHE", copy)
    with pytest.raises(htmx_file.HtmxMissing, match="removed"):
        htmx_file.htmx_bytes()
    assert not copy.exists()


def test_without_npm_the_way_to_get_htmx_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(htmx_file, "CACHE", tmp_path / "htmx.js")
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(htmx_file.HtmxMissing, match="npm pack"):
        htmx_file.htmx_bytes()
