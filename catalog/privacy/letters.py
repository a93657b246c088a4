"""The letters about one's own data: a file is ready, an account is to be deleted, and that it stays."""

from datetime import datetime

from flask import current_app

from catalog.accounts.models import Person
from catalog.config import Settings
from catalog.notices.letters import About, letter
from catalog.notices.services import send, send_to
from catalog.wording import day

EXPORT_READY = letter(
    "privacy.export",
    "The file of everything about somebody is ready",
    About.BOOKING,
    subject="Your file is ready",
    body=(
        "{name},\n\nthe file with everything about you that you asked for is ready. Sign in and fetch it here, "
        "until {until}:\n\n{link}\n\nIf you did not ask for it, somebody else may be signed in as you: change your "
        "password."
    ),
    sample={"until": "Tue 14 Jan 2027", "link": "https://learning.example.org/account/privacy"},
)
LEAVE_LINK = letter(
    "privacy.leave_link",
    "Somebody without a password wants to delete their account",
    About.ACCOUNT,
    subject="Delete your account?",
    body=(
        "{name},\n\nsomebody who is signed in as you asked for your account to be deleted. If that was you, open "
        "this link in the same browser. Its page says what will happen; nothing does before you press the button:\n\n"
        "{link}\n\nThe link works once, for an hour. If that was not you, leave this letter, and end the sign-ins "
        "that you do not know:\n\n{sign_ins}"
    ),
    sample={
        "link": "https://learning.example.org/account/leave/abc",
        "sign_ins": "https://learning.example.org/account/sign-ins",
    },
)
LEAVING = letter(
    "privacy.leaving",
    "An account is to be deleted",
    About.BOOKING,
    subject="Your account will be deleted on {until}",
    body=(
        "{name},\n\nyou asked for your account to be deleted. That happens on {until}; until then nothing of it is "
        "shown to anybody who could not see it before. Seats you had on coming sessions were given back.\n\n"
        "To keep your account, open this link, or simply sign in:\n\n{link}\n\nIf you did not ask for it, sign in "
        "and change your password."
    ),
    sample={"until": "Tue 14 Jan 2027", "link": "https://learning.example.org/account/stay/abc"},
)
STAYS = letter(
    "privacy.stays",
    "An account is not deleted after all",
    About.BOOKING,
    subject="Your account stays",
    body=(
        "{name},\n\nyour account is not deleted. {why} Seats that were given back are not taken again by "
        "themselves."
    ),
    sample={"why": "You called it off."},
)


def _site() -> Settings:
    settings: Settings = current_app.config["CATALOG"]
    return settings


def export_ready(person: Person, until: datetime) -> None:
    site = _site()
    said = {"until": day(until, site.site_zone), "link": f"{site.site_url}/account/privacy"}
    send(person, EXPORT_READY, said)


def leave_link(person: Person, link: str) -> None:
    """To exactly the address of the account: whoever reads it there may leave."""
    said = {"link": link, "sign_ins": f"{_site().site_url}/account/sign-ins"}
    send_to(person.email, LEAVE_LINK, said, person=person)


def leaving(person: Person, until: datetime, token: str) -> None:
    site = _site()
    said = {"until": day(until, site.site_zone), "link": f"{site.site_url}/account/stay/{token}"}
    send(person, LEAVING, said)


def stays(person: Person, why: str) -> None:
    send(person, STAYS, {"why": why})
