"""The six digits of an authenticator app (RFC 6238): which half minute they belong to, and how an app learns them."""

import hmac
import re
from datetime import datetime

import pyotp

SECONDS = 30
AROUND = 1
"""How many half minutes a phone's clock may be early or late."""


def new_secret() -> str:
    return pyotp.random_base32()


def step_of(secret: str, typed: str, at: datetime) -> int | None:
    """The half minute whose code this is, one early and one late included; None when it is none of them.

    Each is compared, in a time that does not depend on how many digits are right."""
    digits = re.sub(r"\s", "", typed)
    if not re.fullmatch(r"[0-9]{6}", digits):
        return None
    found, now, code = None, int(at.timestamp()) // SECONDS, pyotp.TOTP(secret)
    for step in range(now - AROUND, now + AROUND + 1):
        if hmac.compare_digest(code.generate_otp(step), digits):
            found = step
    return found


def address(secret: str, email: str, site: str) -> str:
    """What the QR code says to an app."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=site.replace(":", " "))


def spaced(secret: str) -> str:
    """The secret in groups of four, for typing."""
    return " ".join(re.findall(r".{1,4}", secret))
