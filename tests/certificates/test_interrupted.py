"""A worker that is killed in the middle, and workers that meet: nothing is lost, and nothing is made twice."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from catalog import clock
from catalog.certificates import services
from catalog.certificates.models import Certificate, CertificatePage
from catalog.extensions import db, writing
from catalog.notices.models import Job, JobState
from tests.attendance.sheets import inside
from tests.certificates.papers import closed
from tests.servers import ROOT, at_once

pytestmark = [pytest.mark.serves, pytest.mark.usefixtures("_rows")]

MANY = 60


@contextmanager
def worker(database_url: str, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    told = os.environ | {"DEMO": "1", "DATABASE_URL": database_url, "INSTANCE": str(folder)}
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "catalog", "work", "--once"]
    process = subprocess.Popen(command, cwd=ROOT, env=told, start_new_session=True)
    try:
        yield process
    finally:
        process.kill()
        process.wait(timeout=20)


def count(app: Flask) -> int:
    with app.app_context():
        writing.set(False)
        return db.session.scalars(sa.select(sa.func.count(CertificatePage.certificate_id))).one()


def ready(app: Flask, people: int) -> None:
    """A session whose certificates are issued and not made; the letters about them are not what is tried here."""
    with inside(app):
        offering = closed(*(f"Person{number} Sample" for number in range(people)), seats=people)
        services.issue_for_offering(offering.id)
        db.session.execute(sa.update(Job).where(Job.kind == "mail").values(state=JobState.DONE))


def test_a_killed_worker_goes_on_where_it_was(app: Flask, database_url: str, tmp_path: Path) -> None:
    ready(app, MANY)
    with worker(database_url, tmp_path) as first:
        until = time.monotonic() + 180
        while not 0 < count(app) < MANY and time.monotonic() < until:
            time.sleep(0.05)
        os.killpg(first.pid, signal.SIGKILL)
        first.wait(timeout=20)
    made = count(app)
    assert 0 < made < MANY
    with inside(app):
        before = dict(
            db.session.execute(sa.select(CertificatePage.certificate_id, CertificatePage.made_at))
            .tuples()
            .all()
        )
        # What the dead worker had leased is leased again when the lease runs out, which is now.
        over = clock.now() - timedelta(seconds=1)
        db.session.execute(sa.update(Job).where(Job.leased_until.is_not(None)).values(leased_until=over))
    with worker(database_url, tmp_path) as second:
        assert second.wait(timeout=300) == 0
    with inside(app):
        pages = {page.certificate_id: page for page in db.session.scalars(sa.select(CertificatePage))}
        assert len(pages) == MANY
        assert all(pages[number].made_at == at for number, at in before.items()), "none is made again"
        assert all(page.content.startswith(b"%PDF-") for page in pages.values())
        left = db.session.scalars(
            sa.select(Job.kind).where(Job.state != JobState.DONE, Job.run_at <= clock.now())
        )
        assert left.all() == []


def test_two_workers_that_issue_at_once_issue_once(app: Flask) -> None:
    with inside(app):
        offering_id = closed("Ana Sample", "Ben Sample").id

    def issue() -> int:
        with app.app_context():
            writing.set(True)
            new = services.issue_for_offering(offering_id)
            db.session.commit()
            return len(new)

    found = at_once([issue] * 4)
    assert sorted(found) == [0, 0, 0, 2]
    with inside(app):
        assert db.session.query(Certificate).count() == 2


def test_two_workers_that_draw_one_page_at_once_keep_one(app: Flask) -> None:
    ready(app, 1)
    with inside(app):
        number = db.session.scalars(sa.select(Certificate.id)).one()

    def render() -> None:
        with app.app_context():
            services.render(number)
            db.session.commit()

    assert at_once([render] * 3) == [None] * 3
    assert count(app) == 1
