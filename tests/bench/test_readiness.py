"""The bench of readiness, with a small catalog: that it measures what it promises."""

import subprocess
import sys

import pytest

from tests.servers import ROOT

pytestmark = [pytest.mark.serves, pytest.mark.sqlite]


def test_a_tiny_run_prints_both_pages() -> None:
    sizes = ["--size", "60", "--entries", "12", "--seconds", "0.2", "--databases", "sqlite"]
    command = [sys.executable, "-m", "bench.readiness", *sizes]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=200, check=False)
    assert done.returncode == 0, done.stderr
    rows = [line.split("|")[1].strip() for line in done.stdout.splitlines() if line.startswith("| ")]
    assert rows == ["Page", "Course page", "Goal"]
