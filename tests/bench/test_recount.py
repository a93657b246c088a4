"""The bench of the recount, with few people: that it measures what it promises."""

import subprocess
import sys

import pytest

from tests.servers import ROOT

pytestmark = [pytest.mark.serves, pytest.mark.sqlite]


def test_a_run_of_fifty_people_prints_how_fast_it_is() -> None:
    command = [sys.executable, "-m", "bench.recount", "--people", "50", "--databases", "sqlite"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=200, check=False)
    assert done.returncode == 0, done.stderr
    row = [cell.strip() for cell in done.stdout.splitlines()[2].split("|")]
    assert row[1].startswith("SQLite")
    assert row[2:4] == ["50", "1,000"]
    assert 0 < int(row[7]) < 50
