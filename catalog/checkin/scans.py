"""What a browser remembers of a code it has shown: which meeting, when, and how; signed, and good for ten minutes.

So a code that changes every thirty seconds may be scanned before signing in: there is time to type a password, and
to make an account."""

from datetime import timedelta
from typing import NamedTuple

from flask import current_app
from itsdangerous import BadData, TimestampSigner, URLSafeTimedSerializer

from catalog import clock
from catalog.attendance.models import Method

LASTS = timedelta(minutes=10)


class Scan(NamedTuple):
    meeting_id: int
    method: Method


class _Signer(TimestampSigner):
    """Tells the time by the one clock."""

    def get_timestamp(self) -> int:
        return int(clock.now().timestamp())


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt="scanned a code", signer=_Signer)


def written(scan: Scan, person_id: int | None) -> str:
    """What is kept. Where somebody was signed in, it is theirs alone."""
    return str(_serializer().dumps([scan.meeting_id, scan.method.value, person_id]))


def read(text: str, person_id: int | None) -> Scan | None:
    """None where it is wrong, too old, or somebody else's."""
    try:
        meeting_id, method, of = _serializer().loads(text, max_age=int(LASTS.total_seconds()))
    except (BadData, ValueError, TypeError):
        return None
    return Scan(meeting_id, Method(method)) if of in (None, person_id) else None
