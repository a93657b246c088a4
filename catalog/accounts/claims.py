"""Accounts that somebody else made: the link by which their person takes them over.

The link names the person and the address it was mailed to. It works until a password is chosen, for thirty days at
most; after that there is nothing left to claim."""

from collections.abc import Callable
from datetime import timedelta

from flask import current_app
from itsdangerous import BadData, TimestampSigner, URLSafeTimedSerializer

from catalog import clock
from catalog.accounts.models import Person
from catalog.config import Settings
from catalog.extensions import db

LASTS = timedelta(days=30)


class _Signer(TimestampSigner):
    """Tells the time by the one clock."""

    def get_timestamp(self) -> int:
        return int(clock.now().timestamp())


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt="claim an account", signer=_Signer)


def is_unclaimed(person: Person) -> bool:
    """Nobody can sign in to it yet."""
    return person.password_hash is None and person.merged_into_id is None and person.left_at is None


def token_for(person: Person) -> str:
    return str(_serializer().dumps([person.id, person.email]))


def person_of(token: str) -> Person | None:
    """Whose account this link claims; None when it is wrong, too old, or when the account has its password."""
    try:
        person_id, email = _serializer().loads(token, max_age=int(LASTS.total_seconds()))
    except (BadData, ValueError, TypeError):
        return None
    person = db.session.get(Person, person_id)
    return person if person and person.email == email and is_unclaimed(person) else None


Sender = Callable[[Person], None]
_senders: list[Sender] = []


def by_mail(sender: Sender) -> Sender:
    """Said once, when the application starts, by the feature that sends mail; it stands above the accounts."""
    _senders.append(sender)
    return sender


def send_link(person: Person) -> None:
    """Mail the link to whoever owns the address; nobody else learns by it that there is an account."""
    for sender in _senders:
        sender(person)


def link_for(person: Person) -> str:
    """The whole address, as it stands in a letter, which nobody's request has led to."""
    settings: Settings = current_app.config["CATALOG"]
    return f"{settings.site_url}/claim/{token_for(person)}"
