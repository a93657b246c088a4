"""`make sabotage`: take one guard away at a time, and see the suite notice.

Each time the project is copied into a folder of its own, one small change is made there, and the tests that should
notice are run on it, on the engine that the guard is for. First the same tests run on the copy as it is: a test that
fails anyway would notice nothing. Words on the command line choose sabotages by name; without any, all are tried.
The exit status is 0 when every one was noticed."""

import contextlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests import engines
from tests.sabotage.patches import ALL, Patch, apply

ROOT = Path(__file__).resolve().parents[2]
FAILED = re.compile(r"^(?:FAILED|ERROR) (\S+)", re.MULTILINE)
NOTICED = 1
"""What pytest ends with when tests ran and some failed; anything above is a run that did not take place."""


def main(words: list[str]) -> int:
    chosen = [one for one in ALL if not words or one.name in words]
    if not chosen or set(words) - {one.name for one in ALL}:
        print("There is no sabotage of that name. There are: " + ", ".join(one.name for one in ALL))
        return 2
    missed = 0
    with engines.stopping_cleanly(), _postgres(chosen) as postgres:
        for number, patch in enumerate(chosen, 1):
            begun = time.monotonic()
            said = try_one(patch, postgres)
            missed += not said.startswith("noticed")
            seconds = time.monotonic() - begun
            print(f"{number:>3}/{len(chosen)}  {patch.name:<34} {said}  ({seconds:.0f} s)", flush=True)
    print(f"{len(chosen) - missed} of {len(chosen)} sabotages were noticed.")
    return 1 if missed else 0


def try_one(patch: Patch, postgres: str | None) -> str:
    """What became of it, in words that begin with "noticed" when a test failed because of it."""
    if patch.engine == "postgresql" and postgres is None:
        return f"not tried: {engines.NO_POSTGRES}"
    with tempfile.TemporaryDirectory(prefix="catalog-sabotage-") as name:
        folder = Path(name)
        copy_project(folder)
        before, output = run_tests(folder, patch, postgres)
        if before != 0:
            return f"not tried: its tests do not pass as it is (status {before})\n{output[-2000:]}"
        apply(patch, folder)
        after, output = run_tests(folder, patch, postgres)
    if after != NOTICED:
        return f"MISSED (status {after})"
    failed = FAILED.findall(output)
    return f"noticed by {failed[0] if failed else 'a test'}" + (
        f" and {len(failed) - 1} more" if len(failed) > 1 else ""
    )


def copy_project(into: Path) -> None:
    """Every file that git knows or would take up, as it is now."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout.decode()
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (into / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, into / name)


def run_tests(folder: Path, patch: Patch, postgres: str | None) -> tuple[int, str]:
    environ = os.environ | {
        "TEST_DATABASE_URL": (postgres or "") if patch.engine == "postgresql" else "",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    marks = "not sqlite" if patch.engine == "postgresql" else "not postgres"
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-n0", "-q", "--tb=no", "-m", marks, *patch.noticed_by],
        cwd=folder,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@contextlib.contextmanager
def _postgres(chosen: list[Patch]) -> Iterator[str | None]:
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given
    elif engines.find_postgres_bin() is None or all(one.engine == "sqlite" for one in chosen):
        yield None
    else:
        with engines.throwaway_postgres() as url:
            yield url


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
