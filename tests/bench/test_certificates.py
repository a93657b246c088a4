"""The bench of certificates, with few of them: that it measures what it promises."""

import subprocess
import sys

import pytest

from tests.servers import ROOT

pytestmark = pytest.mark.serves


def test_a_tiny_run_prints_both_rows() -> None:
    command = [sys.executable, "-m", "bench.certificates", "--people", "3", "--rounds", "1"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=200, check=False)
    assert done.returncode == 0, done.stderr
    assert [line.split("|")[1].strip() for line in done.stdout.splitlines()[2:]] == [
        "One page each, one worker",
        "One PDF of all",
    ]
