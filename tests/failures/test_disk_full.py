"""The disk is full: what cannot be written is refused with a page, what was told stays, and room is all it takes."""

import contextlib
import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from catalog.enrollment.models import Enrollment
from catalog.extensions import db, writing
from tests.failures.conftest import ENGINE, Place, is_readable, set_up
from tests.torture.site import standing

pytestmark = pytest.mark.serves
MEGABYTES = {"sqlite": 24, "postgresql": 160}


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A disk of its own in memory, where this machine lets us have one; the user of PostgreSQL gets at it too."""
    with tempfile.TemporaryDirectory(prefix="catalog-disk-", dir="/tmp") as name:
        disk = Path(name)
        disk.chmod(0o755)
        options = f"size={MEGABYTES[ENGINE]}m,mode=777"
        mount = ["mount", "-t", "tmpfs", "-o", options, "none", name]
        if subprocess.run(mount, capture_output=True, check=False).returncode:
            pytest.skip("a small disk cannot be mounted here; it takes root: mount -t tmpfs")
        yield disk
        subprocess.run(["umount", "-l", name], check=True)


@contextlib.contextmanager
def full(disk: Path) -> Iterator[None]:
    """Not a byte is left."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(b"\0" * 4096)
    yield
    filler.unlink()


def enrolled(place: Place) -> set[int]:
    with place.app.app_context():
        writing.set(False)
        found = set(db.session.scalars(sa.select(Enrollment.offering_id)))
        db.session.remove()
    return found


def test_what_does_not_fit_is_refused_and_what_was_told_is_there(small_disk: Path) -> None:
    with standing(ENGINE, under=str(small_disk)) as (app, site):
        place, told = set_up(app, site, sessions=400), []
        site.start()
        assert place.ana.get("/account").status == 200
        with full(small_disk):
            answer = place.joins()
            while answer.status == 303:
                told.append(place.sessions.pop())
                answer = place.joins()
            assert is_readable(answer)
            assert place.ana.get("/").status == 200, "reading goes on"
        assert os.statvfs(small_disk).f_bavail > 0
        assert place.joins().status == 303, "no restart was needed"
        assert enrolled(place) == {*told, place.sessions[-1]}
        assert "the data cannot be reached" in place.log()
