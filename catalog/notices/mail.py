"""Turning a mail job into a message and handing it on: to a server, or in the demo to a folder."""

import os
import smtplib
import ssl
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from catalog.config import MailFolder, MailServer, Settings

SECONDS_TO_WAIT = 30


def message_of(job_id: int, payload: dict[str, Any], settings: Settings, at: datetime) -> EmailMessage:
    """The message for a job. Its Message-ID comes from the job, so that a repeated one is recognised."""
    message = EmailMessage(policy=SMTP)
    message["Message-ID"] = f"<job-{job_id}@{urlsplit(settings.site_url).hostname}>"
    name, address = parseaddr(settings.mail_from)
    message["From"] = Address(name or settings.site_name, addr_spec=address)
    message["To"] = Address(_one_line(payload.get("name", "")), addr_spec=payload["to"])
    message["Subject"] = _one_line(payload["subject"])
    message["Date"] = format_datetime(at)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(f"{payload['text'].rstrip()}\n\n-- \n{settings.site_name}\n{settings.site_url}\n")
    return message


def deliver(message: EmailMessage, settings: Settings) -> None:
    """Hand the message on. Raises OSError or smtplib.SMTPException when that failed; it may be tried again."""
    if isinstance(settings.mail, MailFolder):
        _write(message, settings.mail.path)
    else:
        _send(message, settings.mail)


def _write(message: EmailMessage, folder: Path) -> None:
    """One file a message, named by its Message-ID: a repeated message replaces itself, whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    name = str(message["Message-ID"]).strip("<>").partition("@")[0] + ".eml"
    part = folder / f".{name}.{os.getpid()}"
    part.write_bytes(message.as_bytes())
    part.replace(folder / name)


def _send(message: EmailMessage, server: MailServer) -> None:
    secure = ssl.create_default_context()
    if server.security == "tls":
        connection: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, timeout=SECONDS_TO_WAIT, context=secure
        )
    else:
        connection = smtplib.SMTP(server.host, server.port, timeout=SECONDS_TO_WAIT)
    with connection:
        if server.security == "starttls":
            connection.starttls(context=secure)
        if server.user:
            connection.login(server.user, server.password or "")
        connection.send_message(message)


def _one_line(text: str) -> str:
    """A header is one line; a title with a line end in it must not start another header."""
    return " ".join(text.split())
