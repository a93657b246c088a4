"""What stands at the other end of SMTP."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from aiosmtpd.controller import Controller

from catalog.config import MailServer
from tests.servers import free_port


class Inbox:
    """Keeps what it is sent."""

    def __init__(self) -> None:
        self.messages: list[Any] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        self.messages.append(envelope)
        return "250 OK"


class Moody(Inbox):
    """Answers each recipient as `says` tells, and takes its time."""

    def __init__(self, says: dict[str, str] | None = None, pause: float = 0) -> None:
        super().__init__()
        self.says = says or {}
        self.pause = pause
        self.asked = threading.Event()

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        self.asked.set()
        await asyncio.sleep(self.pause)
        if address in self.says:
            return self.says[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"


@contextmanager
def serving(inbox: Inbox, port: int | None = None, **words: Any) -> Iterator[MailServer]:
    port = port or free_port()
    controller = Controller(inbox, hostname="127.0.0.1", port=port, **words)
    controller.start()
    try:
        yield MailServer("127.0.0.1", port, "plain")
    finally:
        controller.stop()


def told(inbox: Inbox) -> list[str]:
    return [address for envelope in inbox.messages for address in envelope.rcpt_tos]
