"""Reading what mail servers report back: RFC 3464, the part of a multipart/report that programs read.

Whoever knows the mailbox's address can write such a report, so nothing here is believed; it is only read."""

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from email.utils import parseaddr
from typing import NamedTuple

from catalog.notices import mail

LARGEST = 1024 * 1024
"""Reports come with the letter they are about, and ours are short."""
MOST_RECIPIENTS = 20


class Report(NamedTuple):
    """What a server says about one address."""

    address: str
    is_permanent: bool
    reason: str
    message_id: str
    """That of the letter it is about; empty when the report does not say."""


def reports(raw: bytes) -> list[Report]:
    """All that a message reports as failed or late; nothing when it is no such report. Raises ValueError when it is
    larger than any report that we would get."""
    if len(raw) > LARGEST:
        raise ValueError("it is too large for a report about one of our letters")
    message = message_from_bytes(raw)
    if message.get_content_type() != "multipart/report":
        return []
    status = _part(message, "message/delivery-status")
    if status is None or not isinstance(status.get_payload(), list):
        return []
    message_id = _message_id(message)
    return [
        Report(address, permanent, reason, message_id)
        for address, permanent, reason in _recipients(status.get_payload())
    ][:MOST_RECIPIENTS]


def _recipients(groups: object) -> Iterator[tuple[str, bool, str]]:
    """The first group of fields is about the whole message; each of the others is about one address."""
    for fields in groups if isinstance(groups, list) else []:
        address = _address(fields, "Original-Recipient") or _address(fields, "Final-Recipient")
        action = _field(fields, "Action").lower()
        status = re.match(r"([45])\.[0-9]{1,3}\.[0-9]{1,3}", _field(fields, "Status"))
        if address and status and action in ("failed", "delayed"):
            reason = _field(fields, "Diagnostic-Code").partition(";")[2].strip() or status[0]
            # 5.0.0 says no more than that it failed.
            said = reason if status[0] == "5.0.0" else status[0]
            is_permanent = action == "failed" and mail.is_address_to_blame(550, said)
            yield address, is_permanent, reason if status[0] in reason else f"{status[0]} {reason}"


def _address(fields: Message, name: str) -> str:
    kind, _, address = _field(fields, name).partition(";")
    return parseaddr(address.strip())[1] if kind.strip().lower() == "rfc822" else ""


def _message_id(message: Message) -> str:
    """Of the letter that comes back with the report, whole or as its headers."""
    for kind in ("message/rfc822", "text/rfc822-headers"):
        part = _part(message, kind)
        if part is None:
            continue
        payload = part.get_payload()
        inner = payload[0] if isinstance(payload, list) and payload else None
        if isinstance(inner, Message):
            return _field(inner, "Message-ID")
        content = part.get_payload(decode=True)
        return _field(message_from_bytes(content if isinstance(content, bytes) else b""), "Message-ID")
    return ""


def _part(message: Message, kind: str) -> Message | None:
    parts = message.get_payload()
    for part in parts if isinstance(parts, list) else []:
        if isinstance(part, Message) and part.get_content_type() == kind:
            return part
    return None


def _field(fields: Message, name: str) -> str:
    """On one line, without what no database holds."""
    text = str(fields.get(name, "")).encode("utf-8", "replace").decode()
    return " ".join(re.sub(r"[\x00-\x1f\x7f]", " ", text).split())[:500]
