"""Asking for work and mail, in the transaction that causes it. Nothing here asks the database anything."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa

from catalog import clock
from catalog.accounts.models import Person
from catalog.extensions import db, insert
from catalog.notices.letters import Letter, fill, fill_body
from catalog.notices.models import Job, JobState


def send(
    person: Person,
    letter: Letter,
    values: Mapping[str, str],
    *,
    dedupe_key: str | None = None,
    at: datetime | None = None,
    calendar: int | Sequence[int] | None = None,
    reply_to: str | None = None,
    about: Mapping[str, Any] | None = None,
) -> None:
    """A letter to a person, sent by the worker after this transaction has been committed.

    `values` are what its placeholders say, in words, as things stand now. `calendar` is the number of the offering,
    or of several, whose meetings the letter brings up to date in the person's calendar; `reply_to` is whom an answer
    goes to; `about` is what the letter looks at when it is sent, to say whether it still holds."""
    payload = {
        **mail(person, letter, values),
        **({"calendar": calendar} if calendar else {}),
        **({"reply_to": reply_to} if reply_to else {}),
        **({"about": dict(about)} if about else {}),
    }
    queue("mail", payload, dedupe_key=dedupe_key, at=at, person_id=person.id)


def mail(person: Person, letter: Letter, values: Mapping[str, str]) -> dict[str, Any]:
    """What the job of every letter says."""
    filled = {"name": person.name, **values}
    return {
        "person_id": person.id,
        "to": person.email,
        "name": person.name,
        "kind": letter.kind,
        "values": filled,
        # In the words it comes with; those a coordinator chose are put in when it is sent.
        "subject": fill(letter.subject, filled),
        "text": fill_body(letter.body, filled),
    }


def send_to(address: str, letter: Letter, values: Mapping[str, str], *, person: Person | None = None) -> None:
    """A letter to exactly this address, whoever's it is; also where nobody here has it. `person` is whose account it
    is about, if it is about one. It names nobody else, and nobody at all to a stranger."""
    filled = {"name": person.name if person else "", **values}
    payload = {
        "to": address,
        "fixed": True,
        "name": filled["name"],
        "kind": letter.kind,
        "values": filled,
        "subject": fill(letter.subject, filled),
        "text": fill_body(letter.body, filled),
    }
    queue("mail", payload, person_id=person.id if person else None)


def queue(
    kind: str,
    payload: dict[str, Any],
    *,
    dedupe_key: str | None = None,
    at: datetime | None = None,
    person_id: int | None = None,
) -> None:
    """A job for the worker, to be done at `at` or at once. The same dedupe key is queued only once."""
    made = {**row(kind, payload, at=at, person_id=person_id), "dedupe_key": dedupe_key}
    db.session.connection().execute(_insert(dedupe_key is not None), made)


def row(
    kind: str, payload: dict[str, Any], *, at: datetime | None = None, person_id: int | None = None
) -> dict[str, Any]:
    """A new job's columns, for whoever writes it together with other rows."""
    now = clock.now()
    return {
        "kind": kind,
        "payload": payload,
        "state": JobState.READY,
        "run_at": at or now,
        "attempts": 0,
        "created_at": now,
        "person_id": person_id,
    }


@cache
def _insert(only_once: bool) -> sa.Insert:
    """Written once, because every movement of a queue sends mail."""
    if not only_once:
        return sa.insert(Job.__table__)  # type: ignore[arg-type]
    once: sa.Insert = insert(Job).on_conflict_do_nothing(index_elements=["dedupe_key"])
    return once
