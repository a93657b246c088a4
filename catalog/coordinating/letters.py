"""The letters about two accounts that become one, or two again; and about roles that are given and end."""

from datetime import timedelta

from flask import current_app

from catalog.accounts.models import Person, RoleGrant
from catalog.accounts.queries import masked
from catalog.config import Settings
from catalog.coordinating.queries.granting import said
from catalog.notices.letters import About, letter
from catalog.notices.services import send
from catalog.wording import day

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


GRANTED = letter(
    "role.granted",
    "Somebody has the coordinator’s role",
    About.BOOKING,
    subject="You coordinate now: {what}",
    body=(
        "{name},\n\n{by} gave you the coordinator's role for {what}, {until}. What waits for you is on your desk:\n"
        "{link}"
    ),
    sample={
        "by": "Mira Sample",
        "what": "Mobile",
        "until": "until Tue 12 Jan 2027",
        "link": "https://learning.example.org/desk",
    },
)
ENDED = letter(
    "role.ended",
    "Somebody’s role has ended",
    About.BOOKING,
    subject="You no longer coordinate: {what}",
    body="{name},\n\nthe coordinator's role that {by} gave you for {what} has ended.",
    sample={"by": "Mira Sample", "what": "Mobile"},
)


def granted(made: RoleGrant) -> None:
    settings: Settings = current_app.config["CATALOG"]
    last = made.until - timedelta(minutes=1) if made.until else None
    until = f"until {day(last, settings.site_zone)}" if last else "without an end"
    link = f"{settings.site_url}/desk"
    send(made.person, GRANTED, {"by": made.granted_by.name, "what": said(made), "until": until, "link": link})


def ended(made: RoleGrant) -> None:
    send(made.person, ENDED, {"by": made.granted_by.name, "what": said(made)})
