"""Turning a mail job into a message and handing it on: to a server, or in the demo to a folder."""

import os
import re
import smtplib
import ssl
from collections.abc import Mapping, Sequence
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime, parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from catalog.config import MailFolder, MailServer, Settings
from catalog.notices import numbering, typeset
from catalog.notices.attaching import Attached
from catalog.notices.letters import About, Letter

SECONDS_TO_WAIT = 30
PREFERENCES = "/account/mail"
WHY = {
    About.ACCOUNT: "You get this because this address was typed in here, or belongs to an account.",
    About.BOOKING: "You get this because it is about your own seat, hours, work or account.",
    About.REMINDER: "You get this to remind you of something you are on or work toward.",
    About.NEWS: "You get this because you asked to be told of it.",
    About.DESK: "You get this because you teach or coordinate here.",
}
# RFC 3463, and X.1.10 of RFC 7505: no such address, mailbox or domain, or one that is closed.
NO_SUCH_ADDRESS = re.compile(r"5\.(1\.(1|2|3|6|10)|2\.1)\b")
ANY_STATUS = re.compile(r"[245]\.[0-9]{1,3}\.[0-9]{1,3}\b")
# What a server without such numbers says when not the address is to blame, but who sends, what, or how much.
OTHERS_TO_BLAME = re.compile(r"sender|client|host|block|spam|quota|limit|polic|relay|authenti", re.IGNORECASE)

TOO_LARGE = re.compile(r"5\.2\.3|5\.3\.4|size|large", re.IGNORECASE)


class AddressRefused(Exception):
    """A mail server said for good that it takes nothing for this address."""

    def __init__(self, address: str, reason: str) -> None:
        self.address = address
        self.reason = reason
        super().__init__(f"{address}: {reason}")


class NotNow(OSError):
    """It failed this time and may be tried again; its text is what a coordinator reads."""


class ServerAway(NotNow):
    """The mail server cannot be reached, or does not answer: other letters need not be tried for a while."""


class NotLetIn(ServerAway):
    """It was not reached, or takes nothing from us, whatever the letter is: this was no try."""


class Policy(EmailPolicy):
    """SMTP's rules, and addresses of pages written whole: broken into encoded words no mail program finds them."""

    def fold(self, name: str, value: Any) -> str:
        return f"{name}: {value}\r\n" if name in WHOLE else super().fold(name, value)

    def fold_binary(self, name: str, value: Any) -> bytes:
        return self.fold(name, value).encode() if name in WHOLE else super().fold_binary(name, value)


WHOLE = ("List-Unsubscribe", "List-Id", "Message-ID")
POLICY = Policy(linesep="\r\n")


def message_of(
    job_id: int,
    payload: Mapping[str, Any],
    settings: Settings,
    at: datetime,
    *,
    letter: Letter | None = None,
    unsubscribe: str | None = None,
    parts: Sequence[Attached] = (),
) -> EmailMessage:
    """The message for a job. Its Message-ID comes from the job, so that a repeated one is recognised.

    `unsubscribe` is the address at which this person ends letters of this kind, for those one can do without."""
    message = EmailMessage(policy=POLICY)
    host = urlsplit(settings.site_url).hostname
    message["Message-ID"] = numbering.message_id(job_id, host or "", settings.secret_key)
    name, address = parseaddr(settings.mail_from)
    message["From"] = Address(name or settings.site_name, addr_spec=address)
    message["To"] = Address(_one_line(payload.get("name", "")), addr_spec=payload["to"])
    if reply_to := payload.get("reply_to"):
        message["Reply-To"] = Address(addr_spec=reply_to)
    message["Subject"] = _one_line(payload["subject"])
    message["Date"] = format_datetime(at)
    message["Auto-Submitted"] = "auto-generated"
    if letter:
        message["List-Id"] = f"<{letter.kind}.{host}>"
    if unsubscribe:
        message["List-Unsubscribe"] = f"<{unsubscribe}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    text, footer = payload["text"].rstrip(), _footer(settings, letter, unsubscribe)
    message.set_content(f"{text}\n\n-- \n{footer}\n")
    message.add_alternative(typeset.page(message["Subject"], text, footer), subtype="html")
    _attach(message, parts)
    return message


def _footer(settings: Settings, letter: Letter | None, unsubscribe: str | None) -> str:
    lines = [settings.site_name, settings.site_url]
    if letter:
        lines += ["", WHY[letter.about]]
    if letter and letter.about != About.ACCOUNT:
        lines.append(f"Which letters you get: {settings.site_url}{PREFERENCES}")
    if unsubscribe:
        lines.append(f"No more letters of this kind: {unsubscribe}")
    return "\n".join(lines)


def _attach(message: EmailMessage, parts: Sequence[Attached]) -> None:
    """What is for the calendar, in both ways that programs look for it: as another reading of the letter, which
    there can be one of, and as files."""
    for part in parts[:1]:
        text = part.content.decode()
        message.add_alternative(text, subtype="calendar", params={"method": part.method})
    for number, part in enumerate(parts, start=1):
        name = "invite.ics" if number == 1 else f"invite-{number}.ics"
        message.add_attachment(part.content, maintype="application", subtype="ics", filename=name)


def deliver(message: EmailMessage, settings: Settings) -> None:
    """Hand the message on. Raises AddressRefused when the server takes nothing for its address, and NotNow or another
    OSError when it failed otherwise: then it may be tried again."""
    if isinstance(settings.mail, MailFolder):
        _write(message, settings.mail.path)
        return
    try:
        _send(message, settings.mail)
    except smtplib.SMTPRecipientsRefused as refusal:
        for address, (code, said) in refusal.recipients.items():
            reason = _said(said)
            # We were let in, so it is about this letter, also where it speaks of us: others may well be taken.
            if is_address_to_blame(code, reason):
                raise AddressRefused(address, f"{code} {reason}") from refusal
            raise NotNow(f"The mail server answered: {code} {reason}") from refusal
    except smtplib.SMTPSenderRefused as error:
        reason = _said(error.smtp_error)
        # RFC 1870: the size of the letter is told together with the sender, and answered for with it.
        if error.smtp_code == 552 and TOO_LARGE.search(reason):
            raise NotNow(f"The mail server answered: 552 {reason}") from error
        raise _not_let_in(error.smtp_code, reason) from error
    except smtplib.SMTPResponseException as error:
        raise NotNow(f"The mail server answered: {error.smtp_code} {_said(error.smtp_error)}") from error
    except NotNow:
        raise
    except OSError as error:
        raise ServerAway(f"The mail server broke off: {error}") from error


def is_address_to_blame(code: int, reason: str) -> bool:
    """For good, so only where nothing else can be meant: an address that is marked is sent nothing any more."""
    if ANY_STATUS.match(reason):
        return 500 <= code <= 599 and NO_SUCH_ADDRESS.match(reason) is not None
    return code in (550, 551, 553) and not OTHERS_TO_BLAME.search(reason)


def _not_let_in(code: int, reason: str) -> NotLetIn:
    return NotLetIn(f"The mail server takes nothing from us: {code} {reason}")


def _said(answer: bytes | str) -> str:
    return answer if isinstance(answer, str) else answer.decode(errors="replace")


def _write(message: EmailMessage, folder: Path) -> None:
    """One file a message, named by its job: a repeated message replaces itself, whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    name = str(message["Message-ID"]).strip("<>").partition(".")[0] + ".eml"
    part = folder / f".{name}.{os.getpid()}"
    part.write_bytes(message.as_bytes())
    part.replace(folder / name)


def _send(message: EmailMessage, server: MailServer) -> None:
    with _connected(server) as connection:
        connection.send_message(message)


def _connected(server: MailServer) -> smtplib.SMTP:
    """Raises NotLetIn."""
    try:
        connection = _reached(server)
        try:
            if server.security == "starttls":
                connection.starttls(context=ssl.create_default_context())
            if server.user:
                connection.login(server.user, server.password or "")
            # Otherwise it is greeted when the letter is sent, and a refusal would be laid at the letter's door.
            connection.ehlo_or_helo_if_needed()
        except BaseException:
            connection.close()
            raise
    except smtplib.SMTPResponseException as error:
        raise _not_let_in(error.smtp_code, _said(error.smtp_error)) from error
    except OSError as error:
        raise NotLetIn(f"The mail server could not be reached: {error}") from error
    return connection


def _reached(server: MailServer) -> smtplib.SMTP:
    if server.security == "tls":
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(server.host, server.port, timeout=SECONDS_TO_WAIT, context=context)
    return smtplib.SMTP(server.host, server.port, timeout=SECONDS_TO_WAIT)


def _one_line(text: str) -> str:
    """A header is one line; a title with a line end in it must not start another header."""
    return " ".join(text.split())
