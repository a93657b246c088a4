"""Mail over SMTP, to a real server on this machine; and a worker that is killed while it works."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from aiosmtpd.controller import Controller
from flask import Flask

from catalog import clock
from catalog.config import MailServer, Settings
from catalog.extensions import db, writing
from catalog.notices import mail
from catalog.notices.models import Job, JobState
from tests import factories as make
from tests.notices.plain import tell
from tests.servers import ROOT, free_port


class Inbox:
    """Keeps what it is sent."""

    def __init__(self) -> None:
        self.messages: list[Any] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        self.messages.append(envelope)
        return "250 OK"


@pytest.fixture
def inbox() -> Iterator[tuple[Inbox, MailServer]]:
    inbox = Inbox()
    port = free_port()
    controller = Controller(inbox, hostname="127.0.0.1", port=port)
    controller.start()
    yield inbox, MailServer("127.0.0.1", port, "plain")
    controller.stop()


PAYLOAD = {"to": "ana@example.org", "name": "Ana Sample", "subject": "Añoranza", "text": "You have a seat."}


def test_a_message_arrives_whole(settings: Settings, inbox: tuple[Inbox, MailServer]) -> None:
    server = replace(settings, mail=inbox[1])
    mail.deliver(mail.message_of(7, PAYLOAD, server, clock.now()), server)
    (envelope,) = inbox[0].messages
    assert envelope.rcpt_tos == ["ana@example.org"]
    assert b"<job-7@" in envelope.content
    assert b"You have a seat." in envelope.content


def test_a_server_that_is_away_is_an_error_to_try_again(settings: Settings) -> None:
    away = replace(settings, mail=MailServer("127.0.0.1", 1, "plain"))
    with pytest.raises(OSError, match="refused"):
        mail.deliver(mail.message_of(7, PAYLOAD, away, clock.now()), away)


@pytest.mark.serves
@pytest.mark.usefixtures("_rows")
def test_a_killed_worker_loses_no_mail(app: Flask, database_url: str, tmp_path: Path) -> None:
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
        worker = start_worker(database_url, folder)
        before = len(list(folder.glob("*.eml"))) if folder.exists() else 0
        wait_until(lambda before=before: folder.exists() and len(list(folder.glob("*.eml"))) > before)
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()
        forget_leases(app)
    worker = start_worker(database_url, folder)
    wait_until(lambda: {path.name for path in folder.glob("*.eml")} == wanted)
    worker.terminate()
    assert worker.wait(timeout=20) == 0
    with app.app_context():
        states = set(db.session.scalars(sa.select(Job.state).where(Job.kind == "mail")))
    assert states == {JobState.DONE}


def start_worker(database_url: str, folder: Path) -> subprocess.Popen[bytes]:
    environ = os.environ | {"DEMO": "1", "DATABASE_URL": database_url, "MAIL_URL": f"file:{folder}"}
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "catalog", "work"]
    return subprocess.Popen(command, cwd=ROOT, env=environ)


def forget_leases(app: Flask) -> None:
    """What two minutes do: the leases of the killed worker run out."""
    with app.app_context():
        writing.set(True)
        db.session.execute(sa.update(Job).where(Job.state == JobState.READY).values(leased_until=None))
        db.session.commit()


def wait_until(is_so: Any, seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.02)
