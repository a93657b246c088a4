"""The short run of `make torture`: a few kills while twenty people work, and nothing is lost or done twice."""

import os
import random
import sys
from pathlib import Path

import pytest

from tests import engines
from tests.torture.killing import torture

pytestmark = [
    pytest.mark.serves,
    pytest.mark.skipif(sys.platform != "linux", reason="processes are found as Linux tells them"),
]
KILLS = 6
POSTGRES = bool(os.environ.get("TEST_DATABASE_URL"))


@pytest.mark.skipif(POSTGRES and engines.find_postgres_bin() is None, reason=engines.NO_POSTGRES)
def test_a_few_kills_lose_nothing_and_do_nothing_twice() -> None:
    seed = random.randrange(10**6)
    figures = torture("postgresql" if POSTGRES else "sqlite", KILLS, seed, patient=False, say=lambda _: None)
    assert figures.wrong == [], f"seed {seed}"
    assert figures.kills.total() == KILLS
    assert min(figures.told[what] for what in ("enroll", "import", "mark")) > 0


def test_the_command_is_in_the_makefile() -> None:
    assert "-m tests.torture" in Path("Makefile").read_text()
