"""A mail server that is away: letters wait, other work is done, and all of them arrive when it is back."""

import socket
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from catalog import clock
from catalog.config import MailServer, Settings
from catalog.extensions import db
from catalog.notices import mail, services
from catalog.notices.models import Job, JobState
from tests import factories as make
from tests.notices.inbox import Inbox, serving
from tests.notices.plain import PAYLOAD, tell
from tests.notices.sending import run
from tests.servers import free_port


def test_a_server_that_is_away_is_an_error_to_try_again(settings: Settings) -> None:
    away = replace(settings, mail=MailServer("127.0.0.1", 1, "plain"))
    with pytest.raises(OSError, match="refused"):
        mail.deliver(mail.message_of(7, PAYLOAD, away, clock.now()), away)


@pytest.mark.usefixtures("context")
def test_a_server_that_dies_and_comes_back_gets_everything(app: Flask, settings: Settings) -> None:
    for number in range(5):
        tell(make.person(), f"Message {number}", "Text")
    db.session.commit()
    port, first, second = free_port(), Inbox(), Inbox()
    with serving(first, port) as server:
        run(app, settings, server)
    for number in range(5, 8):
        tell(make.person(), f"Message {number}", "Text")
    db.session.commit()
    run(app, settings, server)  # nobody is there
    assert (len(first.messages), len(second.messages)) == (5, 0)
    with (
        serving(second, port),
        time_machine.travel(clock.now() + services.RETRY_AFTER[0] + timedelta(seconds=1), tick=False),
    ):
        run(app, settings, server)
    assert (len(first.messages), len(second.messages)) == (5, 3)


@pytest.mark.usefixtures("context")
def test_while_the_server_is_away_other_work_is_done_and_letters_wait(app: Flask, settings: Settings) -> None:
    for number in range(5):
        tell(make.person(), f"Message {number}", "Text")
    services.queue("meetings_soon", {})
    db.session.commit()
    # The port is kept, so that no server of another test is found there.
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        run(app, settings, MailServer("127.0.0.1", nobody.getsockname()[1], "plain"))
    attempts = db.session.scalars(sa.select(Job.attempts).where(Job.kind == "mail").order_by(Job.id)).all()
    assert attempts == [0, 0, 0, 0, 0]
    assert db.session.scalars(sa.select(Job.state).where(Job.kind == "meetings_soon")).one() == JobState.DONE


@pytest.mark.usefixtures("context")
def test_a_server_that_is_away_for_days_gets_every_letter_afterwards(app: Flask, settings: Settings) -> None:
    for number in range(3):
        tell(make.person(), f"Message {number}", "Text")
    db.session.commit()
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        for hour in range(60):
            with time_machine.travel(clock.now() + timedelta(hours=hour), tick=False):
                run(app, settings, MailServer("127.0.0.1", nobody.getsockname()[1], "plain"))
    with (
        serving(inbox := Inbox()) as server,
        time_machine.travel(clock.now() + timedelta(hours=61), tick=False),
    ):
        run(app, settings, server)
    assert len(inbox.messages) == 3
