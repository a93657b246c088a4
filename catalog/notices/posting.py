"""What a mail job becomes when it is sent: to whom, at which address, in whose words, or why not at all."""

from collections.abc import Mapping, Sequence
from email.message import EmailMessage
from typing import Any, NamedTuple

from catalog import clock
from catalog.accounts.queries import plain_address
from catalog.config import Settings
from catalog.extensions import db
from catalog.notices import attaching, mail, muting
from catalog.notices.attaching import Attached
from catalog.notices.letters import Letter, fill, fill_body, find
from catalog.notices.models import LetterTemplate, Muted
from catalog.notices.outcomes import NO_ADDRESS, NO_LONGER_SO, NOBODY, NOT_WANTED
from catalog.notices.queries.addresses import address_of, whose


class Outgoing(NamedTuple):
    """A message, and what goes with it, which is to hear of it once the message is out."""

    message: EmailMessage
    parts: Sequence[Attached]


def message_or_reason(job_id: int, payload: Mapping[str, Any], settings: Settings) -> Outgoing | str:
    """The message as it is to be sent now, or why none is. It reads only: the transaction may end before."""
    letter = find(payload.get("kind", ""))
    if payload.get("fixed"):
        return _fixed(job_id, payload, settings, letter)
    person = whose(payload["person_id"]) if "person_id" in payload else None
    if person is None:
        return NOBODY
    if letter and letter.can_be_muted and db.session.get(Muted, (person.id, letter.kind)):
        return NOT_WANTED
    if letter and letter.holds and not letter.holds(payload.get("about", {})):
        return NO_LONGER_SO
    address = address_of(person)
    if address is None:
        return NO_ADDRESS
    parts = attaching.attached(person, payload)
    message = mail.message_of(
        job_id,
        {**payload, **_words(letter, payload, person.name), "to": address, "name": person.name},
        settings,
        clock.now(),
        letter=letter,
        unsubscribe=muting.link_for(person.id, letter.kind) if letter and letter.can_be_muted else None,
        parts=parts,
    )
    return Outgoing(message, parts)


def goes_elsewhere(payload: Mapping[str, Any], refused: str) -> bool:
    """Whether there is another address to try, now that this one is marked. A fixed letter has none: what it says is
    for whoever reads that address."""
    person = None if payload.get("fixed") else whose(payload["person_id"])
    return person is not None and address_of(person) not in (None, plain_address(refused))


def _fixed(job_id: int, payload: Mapping[str, Any], settings: Settings, letter: Letter | None) -> Outgoing:
    """To the address that it is about, whoever has it by now."""
    filled = {**payload, **_words(letter, payload, payload["name"])}
    return Outgoing(mail.message_of(job_id, filled, settings, clock.now(), letter=letter), ())


def _words(letter: Letter | None, payload: Mapping[str, Any], name: str) -> dict[str, str]:
    """Those a coordinator chose for this kind, else those it comes with; as they stood for a kind that is gone."""
    if letter is None:
        return {"subject": payload["subject"], "text": payload["text"]}
    chosen = db.session.get(LetterTemplate, letter.kind)
    values = {**payload["values"], "name": name}
    subject, body = (chosen.subject, chosen.body) if chosen else (letter.subject, letter.body)
    return {"subject": fill(subject, values), "text": fill_body(body, values)}
