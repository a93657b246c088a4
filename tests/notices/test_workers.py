"""Several workers send each letter once, and no letter is lost when workers are killed."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from catalog import clock
from catalog.cli.work import handlers
from catalog.config import Settings
from catalog.extensions import db, writing
from catalog.notices import worker
from catalog.notices.models import Job, JobState
from tests import factories as make
from tests.notices.inbox import Inbox, Moody, serving
from tests.notices.plain import tell
from tests.servers import ROOT, at_once, free_port

Start = Callable[[str], subprocess.Popen[bytes]]


@pytest.fixture
def start(database_url: str, _rows: None) -> Iterator[Start]:
    """`start(mail_url)` starts a worker; none outlives its test."""
    started: list[subprocess.Popen[bytes]] = []

    def start(mail_url: str) -> subprocess.Popen[bytes]:
        environ = os.environ | {"DEMO": "1", "DATABASE_URL": database_url, "MAIL_URL": mail_url}
        command = [sys.executable, "-m", "flask", "--app", "wsgi", "catalog", "work"]
        started.append(subprocess.Popen(command, cwd=ROOT, env=environ))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()


@pytest.mark.usefixtures("_rows")
def test_several_workers_send_each_letter_once(app: Flask, settings: Settings) -> None:
    with app.app_context():
        writing.set(True)
        for number in range(24):
            tell(make.person(), f"Message {number}", "Text")
        db.session.commit()
    with serving(inbox := Inbox()) as server:
        ours = replace(settings, mail=server)
        works = [lambda: worker.work(app, handlers(ours), stop=threading.Event(), once=True)] * 4
        assert at_once(works) == [None] * 4
    assert len(inbox.messages) == 24
    assert len({tuple(envelope.rcpt_tos) for envelope in inbox.messages}) == 24


@pytest.mark.serves
def test_workers_killed_while_a_server_dies_and_returns_lose_nothing(app: Flask, start: Start) -> None:
    """Over SMTP: two workers are killed, the server goes away and comes back, and in the end every letter is there;
    one that came twice is known by its Message-ID."""
    with app.app_context():
        writing.set(True)
        person = make.person()
        for number in range(40):
            tell(person, f"Message {number}", "Text")
        db.session.commit()
        wanted = {f"job-{job_id}" for job_id in db.session.scalars(sa.select(Job.id))}
    inbox, port = Moody(pause=0.02), free_port()
    url = f"smtp://127.0.0.1:{port}"
    with serving(inbox, port):
        workers = [start(url), start(url)]
        wait_until(lambda: len(inbox.messages) > 5)
        workers[0].kill()
        workers[0].wait()
    wait_until(lambda: any_waits_again(app))
    workers[1].kill()
    workers[1].wait()
    forget_leases(app)
    with serving(inbox, port):
        last = start(url)
        wait_until(lambda: message_ids(inbox) == wanted)
        wait_until(lambda: states(app) == {JobState.DONE})
        last.terminate()
        assert last.wait(timeout=20) == 0


def any_waits_again(app: Flask) -> bool:
    with app.app_context():
        writing.set(False)
        return bool(db.session.scalar(sa.select(sa.exists().where(Job.error.is_not(None)))))


def states(app: Flask) -> set[JobState]:
    with app.app_context():
        writing.set(False)
        return set(db.session.scalars(sa.select(Job.state).where(Job.kind == "mail")))


def message_ids(inbox: Inbox) -> set[str]:
    found = (re.search(rb"<(job-[0-9]+)\.", envelope.content) for envelope in inbox.messages)
    return {match[1].decode() for match in found if match}


@pytest.mark.serves
def test_a_killed_worker_loses_no_mail(app: Flask, start: Start, tmp_path: Path) -> None:
    """The worker is killed again and again; in the end every message is there, each under its own number."""
    with app.app_context():
        writing.set(True)
        person = make.person()
        for number in range(60):
            tell(person, f"Message {number}", "Text")
        db.session.commit()
        wanted = {f"job-{job_id}.eml" for job_id in db.session.scalars(sa.select(Job.id))}
    folder = tmp_path / "mail"
    for _ in range(3):
        process = start(f"file:{folder}")
        before = len(list(folder.glob("*.eml"))) if folder.exists() else 0
        wait_until(lambda before=before: folder.exists() and len(list(folder.glob("*.eml"))) > before)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        forget_leases(app)
    process = start(f"file:{folder}")
    wait_until(lambda: {path.name for path in folder.glob("*.eml")} == wanted)
    process.terminate()
    assert process.wait(timeout=20) == 0
    with app.app_context():
        states = set(db.session.scalars(sa.select(Job.state).where(Job.kind == "mail")))
    assert states == {JobState.DONE}


def forget_leases(app: Flask) -> None:
    """What some minutes do: the leases of the killed worker run out, and what failed has rested."""
    with app.app_context():
        writing.set(True)
        db.session.execute(
            sa.update(Job).where(Job.state == JobState.READY).values(leased_until=None, run_at=clock.now())
        )
        db.session.commit()


def wait_until(is_so: Any, seconds: float = 150) -> None:
    until = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.02)
