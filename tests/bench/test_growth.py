"""`make bench SIZE=large`, as small as it can be: that it makes its catalog and measures every page of it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.postgres, pytest.mark.serves]

ROOT = Path(__file__).resolve().parents[2]
TINY = ["--sessions", "200", "--rounds", "1"]


@pytest.mark.parametrize(
    "given", [False, True], ids=["a server of its own", "a server that is not its own to rule"]
)
def test_every_page_is_measured(given: bool, tmp_path: Path) -> None:
    figures, picture = tmp_path / "figures.json", tmp_path / "growth.svg"
    command = [sys.executable, "-m", "bench.growth", *TINY, "--json", str(figures), "--svg", str(picture)]
    environ = {key: value for key, value in os.environ.items() if given or key != "TEST_DATABASE_URL"}
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=400, check=False, env=environ
    )
    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads(figures.read_text())
    assert len({row["title"] for row in found}) == 11
    assert all(row["p50"] > 0 and row["floor_p50"] > 0 for row in found)
    assert picture.read_text().startswith("<svg")
