"""A mail server on this machine that keeps what it is sent, dies, and comes back under the same address."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any, NamedTuple

from aiosmtpd.controller import Controller

from catalog.config import MailServer
from tests.servers import free_port


class Arrived(NamedTuple):
    to: str
    message_id: str
    subject: str
    message: EmailMessage


class Sink:
    """`forgetful` messages are taken and never acknowledged: the sender cannot know that they arrived."""

    def __init__(self) -> None:
        self.arrived: list[Arrived] = []
        self.forgetful = 0
        self.server = MailServer("127.0.0.1", free_port(), "plain")
        self.controller: Controller | None = None

    def start(self) -> None:
        self.controller = Controller(self, hostname=self.server.host, port=self.server.port)
        self.controller.start()

    def stop(self) -> None:
        if self.controller:
            self.controller.stop()
            self.controller = None

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        message = message_from_bytes(envelope.content, policy=default)
        assert isinstance(message, EmailMessage)
        (to,) = envelope.rcpt_tos
        self.arrived.append(Arrived(to, str(message["Message-ID"]), str(message["Subject"]), message))
        if self.forgetful:
            self.forgetful -= 1
            return "451 Try again later"
        return "250 OK"

    def each_once(self) -> list[Arrived]:
        """What a mailbox holds that knows a repeated message by its Message-ID."""
        return list({one.message_id: one for one in self.arrived}.values())
