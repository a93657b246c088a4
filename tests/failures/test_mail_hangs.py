"""A mail server that takes the call and never says a word: the worker gives up on it, goes on, and tries again."""

import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from email.message import EmailMessage

import pytest
import sqlalchemy as sa
from flask import Flask

from catalog.cli.work import handlers
from catalog.config import MailServer, Settings
from catalog.extensions import db
from catalog.notices import mail, services, worker
from catalog.notices.models import Job, JobState
from tests import factories as make
from tests.notices.plain import tell

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def silent() -> Iterator[MailServer]:
    with socket.socket() as listens:
        listens.bind(("127.0.0.1", 0))
        listens.listen(50)
        yield MailServer("127.0.0.1", listens.getsockname()[1], "plain")


def test_other_work_is_done_and_letters_keep_their_attempts(
    app: Flask, settings: Settings, silent: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail, "SECONDS_TO_WAIT", 1)
    for number in range(3):
        tell(make.person(), f"Message {number}", "Text")
    services.queue("meetings_soon", {})
    db.session.commit()
    began = time.monotonic()
    worker.work(app, handlers(replace(settings, mail=silent)), stop=threading.Event(), once=True)
    assert time.monotonic() - began < 10
    db.session.rollback()
    rows = db.session.execute(sa.select(Job.attempts, Job.error).where(Job.kind == "mail").order_by(Job.id))
    first, *others = rows.all()
    assert first.attempts == 0
    assert "timed out" in first.error
    assert [row.attempts for row in others] == [0, 0]
    assert db.session.scalars(sa.select(Job.state).where(Job.kind == "meetings_soon")).one() == JobState.DONE


def test_nobody_else_waits_while_it_is_spoken_to(
    app: Flask, settings: Settings, silent: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail, "SECONDS_TO_WAIT", 4)
    tell(make.person(), "Message", "Text")
    db.session.commit()
    is_spoken_to, is_let_go = threading.Event(), threading.Event()
    deliver = mail.deliver

    def delivering(message: EmailMessage, settings: Settings) -> None:
        is_spoken_to.set()
        try:
            deliver(message, settings)
        finally:
            is_let_go.set()

    monkeypatch.setattr(mail, "deliver", delivering)
    words = {"stop": threading.Event(), "once": True}
    works = threading.Thread(
        target=worker.work, args=(app, handlers(replace(settings, mail=silent))), kwargs=words
    )
    works.start()
    assert is_spoken_to.wait(10)
    db.session.execute(sa.update(Job).values(error="Looked at meanwhile"))
    db.session.commit()
    assert not is_let_go.is_set()
    works.join()


def test_it_is_not_waited_for_longer_than_a_lease_lasts() -> None:
    """Otherwise another worker would take the letter up meanwhile, and it would go out twice."""
    assert services.LEASE.total_seconds() > 4 * mail.SECONDS_TO_WAIT
