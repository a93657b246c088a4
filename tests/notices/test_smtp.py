"""Mail over SMTP, to a real server on this machine: a letter arrives whole, and nobody waits for a lock meanwhile."""

import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest
from aiosmtpd.controller import Controller
from flask import Flask

from catalog import clock
from catalog.config import MailServer, Settings
from catalog.extensions import db, writing
from catalog.notices import mail
from tests import factories as make
from tests.notices.inbox import Inbox, Moody, serving
from tests.notices.plain import PAYLOAD, tell
from tests.notices.sending import run
from tests.servers import free_port


@pytest.fixture
def inbox() -> Iterator[tuple[Inbox, MailServer]]:
    inbox = Inbox()
    port = free_port()
    controller = Controller(inbox, hostname="127.0.0.1", port=port)
    controller.start()
    yield inbox, MailServer("127.0.0.1", port, "plain")
    controller.stop()


def test_a_message_arrives_whole(settings: Settings, inbox: tuple[Inbox, MailServer]) -> None:
    server = replace(settings, mail=inbox[1])
    mail.deliver(mail.message_of(7, PAYLOAD, server, clock.now()), server)
    (envelope,) = inbox[0].messages
    assert envelope.rcpt_tos == ["ana@example.org"]
    assert b"<job-7." in envelope.content
    assert b"You have a seat." in envelope.content


@pytest.mark.usefixtures("context")
def test_nobody_waits_for_a_lock_while_a_mail_server_takes_its_time(app: Flask, settings: Settings) -> None:
    """On SQLite there is one lock for all writers; on both no transaction is left open meanwhile."""
    tell(make.person(), "A subject", "Text")
    db.session.commit()
    slow = Moody(pause=4)
    with serving(slow) as server:
        sending = threading.Thread(target=run_alone, args=(app, settings, server))
        sending.start()
        assert slow.asked.wait(30)
        writing.set(True)
        make.person()
        db.session.commit()
        sent_by_then = len(slow.messages)
        sending.join()
    assert (sent_by_then, len(slow.messages)) == (0, 1)


def run_alone(app: Flask, settings: Settings, server: MailServer) -> None:
    with app.app_context():
        run(app, settings, server)
