"""Mail over TLS: to a server whose certificate holds, and to no other one."""

import ssl
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from catalog import clock
from catalog.config import MailServer, Settings
from catalog.config.settings import MailSecurity
from catalog.notices import mail
from tests.nodes import find
from tests.notices.inbox import Inbox
from tests.servers import free_port

OPENSSL = find("openssl")
pytestmark = pytest.mark.skipif(OPENSSL is None, reason="openssl was not found; apt-get install openssl")
PAYLOAD = {"to": "ana@example.org", "name": "Ana Sample", "subject": "A seat", "text": "You have a seat."}


@pytest.fixture(scope="module")
def proof(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for localhost that nobody signed but itself, and its key."""
    folder = tmp_path_factory.mktemp("tls")
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    made = [
        str(OPENSSL),
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=localhost",
    ]
    files = ["-addext", "subjectAltName=DNS:localhost", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run([*made, *files], check=True, capture_output=True)
    return certificate, key


@pytest.fixture(params=["tls", "starttls"])
def server(
    request: pytest.FixtureRequest, proof: tuple[Path, Path]
) -> Iterator[tuple[list[Any], MailServer]]:
    """What arrived, and where it did; whoever does not begin TLS is not listened to."""
    shown = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    shown.load_cert_chain(*proof)
    security: MailSecurity = request.param
    words = {"ssl_context": shown} if security == "tls" else {"tls_context": shown, "require_starttls": True}
    inbox, port = Inbox(), free_port()
    controller = Controller(inbox, hostname="127.0.0.1", port=port, **words)
    controller.start()
    yield inbox.messages, MailServer("localhost", port, security)
    controller.stop()


def deliver(settings: Settings, to: MailServer) -> None:
    given = replace(settings, mail=to)
    mail.deliver(mail.message_of(7, PAYLOAD, given, clock.now()), given)


def test_a_server_that_is_who_it_says_gets_the_letter(
    settings: Settings,
    server: tuple[list[Any], MailServer],
    proof: tuple[Path, Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(proof[0]))
    deliver(settings, server[1])
    assert len(server[0]) == 1


def test_a_certificate_that_nobody_trusts_gets_none_and_it_is_tried_again(
    settings: Settings, server: tuple[list[Any], MailServer]
) -> None:
    with pytest.raises(mail.ServerAway, match="certificate verify failed"):
        deliver(settings, server[1])
    assert server[0] == []


def test_a_certificate_for_another_name_gets_none(
    settings: Settings,
    server: tuple[list[Any], MailServer],
    proof: tuple[Path, Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(proof[0]))
    with pytest.raises(mail.ServerAway, match="certificate verify failed"):
        deliver(settings, replace(server[1], host="127.0.0.1"))
    assert server[0] == []
