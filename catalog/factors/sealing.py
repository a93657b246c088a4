"""Secrets that have to be read again, encrypted under a key that is derived from SECRET_KEY.

A copy of the database alone opens none of them. When SECRET_KEY is changed, nothing that was sealed before can be
opened: the codes of every authenticator app are refused from then on. Passkeys and recovery codes go on working, so
people get in with those and set up their app anew; for whoever has neither, an administrator, or
`flask catalog recover`, takes the second step away."""

import base64
from datetime import timedelta

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app

from catalog import clock


def seal(text: str) -> str:
    return _fernet().encrypt_at_time(text.encode(), _now()).decode()


def unseal(sealed: str, within: timedelta | None = None) -> str | None:
    """What was sealed; None when it was not sealed under this key, or longer ago than `within`."""
    try:
        if within is None:
            return _fernet().decrypt(sealed.encode()).decode()
        return _fernet().decrypt_at_time(sealed.encode(), int(within.total_seconds()), _now()).decode()
    except (InvalidToken, ValueError):
        return None


def _fernet() -> Fernet:
    key = HKDF(hashes.SHA256(), length=32, salt=None, info=b"second step at sign-in").derive(
        str(current_app.secret_key).encode()
    )
    return Fernet(base64.urlsafe_b64encode(key))


def _now() -> int:
    return int(clock.now().timestamp())
