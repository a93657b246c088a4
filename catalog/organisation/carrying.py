"""What a browser carries while somebody is at the provider, and until they have shown which account here is theirs.

Both are cookies that only this program can write: whoever comes back in another browser has neither."""

from datetime import timedelta
from typing import Any

from flask import current_app
from itsdangerous import BadData, TimestampSigner, URLSafeTimedSerializer

from catalog import clock
from catalog.organisation.provider import Claims

COOKIE = "organisation"
LASTS = timedelta(minutes=15)


class _Signer(TimestampSigner):
    """Tells the time by the one clock."""

    def get_timestamp(self) -> int:
        return int(clock.now().timestamp())


def _serializer(what: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt=f"organisation {what}", signer=_Signer)


def way(state: str, nonce: str, verifier: str, then: str) -> str:
    return str(_serializer("way").dumps([state, nonce, verifier, then]))


def way_of(cookie: str) -> tuple[str, str, str, str] | None:
    """State, nonce, verifier, and where to go on to."""
    found = _loads("way", cookie)
    return (found[0], found[1], found[2], found[3]) if found else None


def waiting(claims: Claims) -> str:
    return str(_serializer("claims").dumps(list(claims)))


def waiting_of(cookie: str) -> Claims | None:
    """Who the provider said it is, while nobody here is linked to them."""
    found = _loads("claims", cookie)
    return Claims(*found) if found else None


def _loads(what: str, cookie: str) -> list[Any] | None:
    try:
        found: list[Any] = _serializer(what).loads(cookie, max_age=int(LASTS.total_seconds()))
    except (BadData, ValueError, TypeError):
        return None
    return found
