"""The codes of a door: they follow from its secret and the time, so nothing is stored and no two doors agree.

A code that is drawn as a QR holds for its thirty seconds and the thirty after them; one that is spoken for its five
minutes and the five after. What was photographed or overheard earlier opens nothing."""

import base64
import binascii
import hmac
import struct
from datetime import datetime
from typing import NamedTuple

from catalog.attendance.models import Method

DRAWN_SECONDS = 30
SPOKEN_SECONDS = 5 * 60
LETTERS = "CDFGHJKMNPQRTVWXY34679"
"""Without letters that look like another or like a figure, and without vowels, so that no code is a word."""
SPOKEN_LENGTH = 6
_PROOF_BYTES = 11
_NUMBER = ">i"
"""No more than the databases hold as the number of a row."""


class Token(NamedTuple):
    """What a drawn code says: the meeting, and the proof that it was drawn by its door."""

    meeting_id: int
    proof: bytes


def drawn(secret: str, meeting_id: int, at: datetime) -> str:
    return _written(meeting_id, _proof(secret, meeting_id, "drawn", _step(at, DRAWN_SECONDS)))


def printed(secret: str, meeting_id: int) -> str:
    """The same at any time; only a new secret changes it."""
    return _written(meeting_id, _proof(secret, meeting_id, "printed", 0))


def spoken(secret: str, meeting_id: int, at: datetime) -> str:
    return _spoken(secret, meeting_id, _step(at, SPOKEN_SECONDS))


def read(text: str) -> Token | None:
    """None where the text is not a token at all; whether its proof holds is another question."""
    try:
        raw = base64.b32decode(text, casefold=True)
    except (binascii.Error, ValueError):
        return None
    if len(raw) != 4 + _PROOF_BYTES:
        return None
    return Token(struct.unpack(_NUMBER, raw[:4])[0], raw[4:])


def method_of(
    token: Token, secret: str, printed_secret: str | None, meeting_id: int, at: datetime
) -> Method | None:
    """How somebody came by this token, if a door with these secrets made it lately; None if it did not."""
    step = _step(at, DRAWN_SECONDS)
    fresh = [_proof(secret, meeting_id, "drawn", one) for one in (step, step - 1)]
    # Compared in constant time: how long a refusal takes tells nothing about how near the guess was.
    if any(hmac.compare_digest(token.proof, proof) for proof in fresh):
        return Method.CODE
    paper = _proof(printed_secret, meeting_id, "printed", 0) if printed_secret else b""
    return Method.PRINTED if hmac.compare_digest(token.proof, paper) else None


def is_spoken(typed: str, secret: str, meeting_id: int, at: datetime) -> bool:
    step = _step(at, SPOKEN_SECONDS)
    given = plain(typed).encode()
    fresh = [_spoken(secret, meeting_id, one).encode() for one in (step, step - 1)]
    return any(hmac.compare_digest(given, code) for code in fresh)


def plain(typed: str) -> str:
    """A code as it is typed from hearing it: small letters, spaces and dashes do not matter."""
    return "".join(letter for letter in typed.upper() if letter.isalnum())


def _step(at: datetime, seconds: int) -> int:
    """Steps of the instant, which no clock change moves."""
    return int(at.timestamp()) // seconds


def _mac(secret: str, meeting_id: int, kind: str, step: int) -> bytes:
    return hmac.digest(bytes.fromhex(secret), f"{kind} {meeting_id} {step}".encode(), "sha256")


def _proof(secret: str, meeting_id: int, kind: str, step: int) -> bytes:
    return _mac(secret, meeting_id, kind, step)[:_PROOF_BYTES]


def _written(meeting_id: int, proof: bytes) -> str:
    return base64.b32encode(struct.pack(_NUMBER, meeting_id) + proof).decode().lower()


def _spoken(secret: str, meeting_id: int, step: int) -> str:
    number = int.from_bytes(_mac(secret, meeting_id, "spoken", step)[:8])
    code = ""
    for _ in range(SPOKEN_LENGTH):
        number, rest = divmod(number, len(LETTERS))
        code += LETTERS[rest]
    return code
