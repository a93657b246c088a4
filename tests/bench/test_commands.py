"""The benches that nothing else runs, as small as they can be: that each makes its data and measures every line."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.serves

ROOT = Path(__file__).resolve().parents[2]


def measured(*words: str) -> list[str]:
    """The lines of the table that the bench prints."""
    command = [sys.executable, "-m", *words]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=400, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return [line for line in done.stdout.splitlines() if line.startswith("| ")][1:]


@pytest.mark.sqlite
def test_plans_are_made_and_timed() -> None:
    lines = measured("bench.plan", "--sizes", "100")
    assert len(lines) == 4
    assert all("9 of 9" in line for line in lines)


@pytest.mark.postgres
def test_every_page_of_the_reports_is_asked() -> None:
    assert os.environ["TEST_DATABASE_URL"]
    lines = measured("bench.reports", "--enrollments", "2000", "--rounds", "1")
    assert len(lines) > 10
