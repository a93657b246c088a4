"""The letters about two accounts that become one, or two again."""

from catalog.accounts.models import Person
from catalog.accounts.queries import masked
from catalog.notices.letters import About, letter
from catalog.notices.services import send

JOINED = letter(
    "person.joined",
    "Two accounts were joined",
    About.BOOKING,
    subject="Your two accounts are one now",
    body=(
        "{name},\n\na coordinator found that you had two accounts here and joined them. Your sessions, hours and "
        "certificates stand together now, under the account with the address {address}. Sign in with that address "
        "and its password.\n\nIf these are not both yours, answer the coordinators: it can be undone."
    ),
    sample={"address": "a…@e….org"},
)
APART = letter(
    "person.apart",
    "Two accounts were taken apart again",
    About.BOOKING,
    subject="Your account is on its own again",
    body=(
        "{name},\n\nthe account with the address {address} was joined with another one. That was undone: sign in "
        "with this address and its password, as before."
    ),
    sample={"address": "a…@e….org"},
)


def joined(kept: Person, gone: Person) -> None:
    """To both addresses, because the person may read only one of them; no address is told to the other in full."""
    for person in (kept, gone):
        send(person, JOINED, {"address": masked(kept.email)})


def apart(kept: Person, gone: Person) -> None:
    for person in (kept, gone):
        send(person, APART, {"address": masked(person.email)})
