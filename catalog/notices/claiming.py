"""The letters with which somebody takes over an account that was made for them."""

from catalog import clock
from catalog.accounts import claims
from catalog.accounts.models import Person
from catalog.notices.letters import About, Letter, letter
from catalog.notices.services import send
from catalog.wording import day


def about_account(kind: str, label: str, opening: str, **sample: str) -> Letter:
    return letter(
        f"account.{kind}",
        label,
        About.BOOKING,
        subject="Your account: choose a password",
        body=f"{{name}},\n\n{opening}\n\n{{link}}\n\nThe link works once, until {{until}}. If this is not meant for "
        "you, leave it; nothing else happens.",
        sample={
            "link": "https://learning.example.org/claim/abc",
            "until": "Tue 14 Jan 2027",
            **sample,
        },
    )


INVITED = about_account(
    "invited",
    "An account was made for somebody",
    "{by} wrote you down for a session, so that your hours have a place. Choose a password to see them:",
    by="Ivo Sample",
)


def invite(person: Person, *, by: Person) -> None:
    """Tell a person that there is an account for them; at most once a day, however often they are written down."""
    _send(person, INVITED, by=by.name)


def _send(person: Person, what: Letter, **values: str) -> None:
    until = day(clock.now() + claims.LASTS, "UTC")
    key = f"claim {person.id} {clock.now():%Y-%m-%d}"
    send(person, what, {"link": claims.link_for(person), "until": until, **values}, dedupe_key=key)
