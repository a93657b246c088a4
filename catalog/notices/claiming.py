"""The letter with which somebody takes over an account that was made for them."""

from catalog import clock
from catalog.accounts import claims
from catalog.accounts.models import Person
from catalog.notices.services import tell
from catalog.wording import day


def invite(person: Person, *, by: Person) -> None:
    """Tell a person that there is an account for them; at most once a day, however often they are written down."""
    opening = (
        f"{by.name} wrote you down for a session, so that your hours have a place. "
        "Choose a password to see them:"
    )
    _send(person, opening)


@claims.by_mail
def _asked_for(person: Person) -> None:
    """Somebody signs up with an address that has an account without a password: its owner gets the link."""
    _send(person, "There is an account with this address that has no password yet. Choose one here:")


def _send(person: Person, opening: str) -> None:
    until = day(clock.now() + claims.LASTS, "UTC")
    text = (
        f"{person.name},\n\n{opening}\n\n{claims.link_for(person)}\n\n"
        f"The link works once, until {until}. If this is not meant for you, leave it; nothing else happens."
    )
    key = f"claim {person.id} {clock.now():%Y-%m-%d}"
    tell(person, "Your account: choose a password", text, dedupe_key=key)
