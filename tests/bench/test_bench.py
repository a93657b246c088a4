"""The whole bench, run as people run it. That it measures what it promises, not how fast anything is."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from bench.__main__ import ROWS

pytestmark = pytest.mark.serves

ROOT = Path(__file__).resolve().parents[2]
DATABASE = "postgresql" if os.environ.get("TEST_DATABASE_URL") else "sqlite"
TINY = ["--sizes", "100", "--databases", DATABASE, "--seconds", "0.1"]


def left_behind() -> set[Path]:
    return set(Path(tempfile.gettempdir()).glob("catalog-bench-*"))


def test_a_tiny_run_prints_every_row_and_leaves_nothing_behind(tmp_path: Path) -> None:
    figures, before = tmp_path / "figures.json", left_behind()
    command = [sys.executable, "-m", "bench", *TINY, "--json", str(figures)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=400, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    expected = [name for name in ROWS if name != "writers"]
    assert [row["row"] for row in json.loads(figures.read_text())] == expected
    assert done.stdout.count("\n| ") == 1 + len(expected)
    assert ("With 8 writers the slowest" in done.stdout) == (DATABASE == "sqlite")
    assert left_behind() <= before
