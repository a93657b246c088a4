"""What two accounts of one person agree in, whatever they look like when they are typed."""

import re
import unicodedata
from collections.abc import Iterator

from catalog.accounts.models import KeyKind

MOST_ALIKE = 8
"""Of more accounts than these with the same licence or name, a word such as "none" was typed; the first are shown."""
SHORTEST_LICENCE = 4
LONGEST = 254
"""Of a key. Only a name can be longer, once its letters are taken apart; then its beginning tells."""


def keys(
    name: str, email: str, second_email: str | None, county: str | None, licence: str | None
) -> Iterator[tuple[KeyKind, str]]:
    """What an account is found by when there is another one with the same."""
    if licence and len(plain := plain_licence(licence)) >= SHORTEST_LICENCE:
        yield KeyKind.LICENCE, plain[:LONGEST]
    for address in (email, second_email):
        if address:
            yield KeyKind.ADDRESS, plain_mailbox(address)[:LONGEST]
    if county and (bare := plain_name(name)):
        yield KeyKind.NAME, f"{county} {bare}"[:LONGEST]


def plain_mailbox(email: str) -> str:
    """Where many servers deliver to the same person: `Ana.Sample+work@Example.org` is `anasample@example.org`."""
    local, _, domain = email.strip().lower().rpartition("@")
    return f"{local.partition('+')[0].replace('.', '') or local}@{domain}"


def plain_name(name: str) -> str:
    """`Sample,  Élise` and `elise sample` are the same."""
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", name) if not unicodedata.combining(sign))
    return " ".join(sorted(re.findall(r"\w+", bare.casefold())))


def plain_licence(licence: str) -> str:
    return "".join(sign for sign in licence.upper() if sign.isalnum())
