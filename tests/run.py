"""Every test, on every engine this machine has: `python -m tests.run`, which `make test` calls.

Everything runs on SQLite, and then what leans on the database runs again on PostgreSQL: the server that
TEST_DATABASE_URL names, or one that is made for this run and thrown away. What is absent is skipped with one line
that says how to get it; with CI=true an absence is a failure. Words on the command line go to pytest.
"""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator

from tests import engines, nodes
from tests.htmx_file import HtmxMissing, htmx_bytes

# Two workers: the suite is measured for two cores, and the races want some of both for their servers.
NONE_CHOSEN = 5
"""What pytest ends with when it was given nothing to run."""
PYTEST = [sys.executable, "-m", "pytest", "-n", os.environ.get("TEST_WORKERS") or "2"]


def main(words: list[str]) -> int:
    """The exit status: 0 when everything that ran passed and nothing was absent that had to be there."""
    absent: list[str] = []
    browser = _browser(absent)
    if line := nodes.absent(but_postgres=True):
        absent.append(line)
    with engines.stopping_cleanly(), _postgres(absent) as postgres:
        for line in absent:
            print(line)
        if absent and os.environ.get("CI", "").lower() in ("1", "true"):
            print("CI runs on every engine, so this is a failure.")
            return 1
        status = _pytest("SQLite", {"TEST_DATABASE_URL": ""}, ["not postgres", *browser], words)
        if postgres and status in (0, 1):
            again = _pytest("PostgreSQL", {"TEST_DATABASE_URL": postgres}, ["not sqlite", *browser], words)
            # Nothing that was asked for looks at the database: there was nothing to run a second time.
            status = status or (0 if again == NONE_CHOSEN else again)
    return status


def _pytest(name: str, environ: dict[str, str], marks: list[str], words: list[str]) -> int:
    print(f"\n== {name} ==", flush=True)
    return subprocess.call([*PYTEST, "-m", " and ".join(marks), *words], env=os.environ | environ)


@contextlib.contextmanager
def _postgres(absent: list[str]) -> Iterator[str | None]:
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given
    elif engines.find_postgres_bin() is None:
        absent.append(engines.NO_POSTGRES)
        yield None
    else:
        with engines.throwaway_postgres() as url:
            yield url


def _browser(absent: list[str]) -> list[str]:
    """The mark that leaves the browser tests out, when they cannot run. Fetches htmx once for all workers."""
    if engines.find_chromium() is None:
        absent.append(engines.NO_CHROMIUM)
        return ["not browser"]
    try:
        htmx_bytes()
    except HtmxMissing as missing:
        absent.append(str(missing))
        return ["not browser"]
    return []


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
