"""A mail server that takes nothing from us until it is shown a password: letters wait until we are let in."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import sqlalchemy as sa
import time_machine
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from flask import Flask

from catalog import clock, config
from catalog.config import MailServer, Settings
from catalog.extensions import db
from catalog.notices.models import Job, JobState
from tests import factories as make
from tests.notices.inbox import Inbox, serving
from tests.notices.plain import tell
from tests.notices.sending import run, the_job
from tests.servers import free_port

SECRET = "p@ss/word: 100%"
NOT_LET_IN = {"login": "535", "sender": "553"}
# That such a server should have TLS is right, and not what is tried here.
without_tls = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")


class Doorkeeper(Inbox):
    """Lets nobody in without the password, and none but our own sender."""

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's name
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if address.startswith("stranger"):
            return "553 5.7.1 Not your address"
        envelope.mail_from = address
        return "250 OK"

    def lets_in(self, _server: Any, _session: Any, _envelope: Any, _how: str, shown: Any) -> AuthResult:
        is_ours = (shown.login, shown.password) == (b"ours@example.org", SECRET.encode())
        return AuthResult(success=is_ours, handled=False)


@pytest.fixture
def kept() -> Iterator[tuple[Doorkeeper, int]]:
    inbox, port = Doorkeeper(), free_port()
    words: dict[str, Any] = {"authenticator": inbox.lets_in, "auth_required": True, "auth_require_tls": False}
    controller = Controller(inbox, hostname="127.0.0.1", port=port, **words)
    controller.start()
    yield inbox, port
    controller.stop()


def mail_url(port: int, password: str) -> MailServer:
    """As the setting names a server: its signs are escaped."""
    url = f"smtp://{quote('ours@example.org')}:{quote(password, safe='')}@127.0.0.1:{port}"
    read = config.read({"DEMO": "1", "MAIL_URL": url, "MAIL_FROM": "ours@example.org"}, Path())
    assert isinstance(read.mail, MailServer)
    return read.mail


@without_tls
@pytest.mark.usefixtures("context")
def test_a_server_that_asks_for_a_password_is_told_it(
    app: Flask, settings: Settings, kept: tuple[Doorkeeper, int]
) -> None:
    tell(make.person(), "A subject", "Text")
    db.session.commit()
    run(app, settings, mail_url(kept[1], SECRET))
    assert len(kept[0].messages) == 1


@without_tls
@pytest.mark.usefixtures("context")
@pytest.mark.parametrize("what", NOT_LET_IN)
def test_while_we_are_not_let_in_letters_wait_and_keep_their_attempts(
    app: Flask, settings: Settings, kept: tuple[Doorkeeper, int], what: str
) -> None:
    for number in range(3):
        tell(make.person(), f"Message {number}", "Text")
    db.session.commit()
    refused = settings if what == "login" else replace(settings, mail_from="stranger@example.org")
    run(app, refused, mail_url(kept[1], "wrong" if what == "login" else SECRET))
    assert db.session.scalars(sa.select(Job.attempts)).all() == [0, 0, 0]
    said = db.session.scalars(sa.select(Job.error).where(Job.error.is_not(None))).one() or ""
    assert said.startswith(f"The mail server takes nothing from us: {NOT_LET_IN[what]}")
    assert SECRET not in said
    with time_machine.travel(clock.now() + timedelta(minutes=1), tick=False):
        run(app, settings, mail_url(kept[1], SECRET))
    assert len(kept[0].messages) == 3


@pytest.mark.usefixtures("context")
def test_a_server_that_does_not_even_greet_us_lets_us_not_in(app: Flask, settings: Settings) -> None:
    tell(make.person(), "A subject", "Text")
    db.session.commit()
    with serving(Unfriendly()) as server:
        run(app, settings, server)
    assert (the_job().state, the_job().attempts) == (JobState.READY, 0)
    assert the_job().error == "The mail server takes nothing from us: 550 5.7.1 Client host blocked"


class Unfriendly(Inbox):
    async def handle_HELO(  # noqa: N802 - aiosmtpd's name
        self, _server: Any, _session: Any, _envelope: Any, _hostname: str
    ) -> str:
        return "550 5.7.1 Client host blocked"

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's name
        self, _server: Any, _session: Any, _envelope: Any, _hostname: str, _responses: list[str]
    ) -> list[str]:
        return ["550 5.7.1 Client host blocked"]
