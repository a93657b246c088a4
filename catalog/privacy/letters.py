"""The letters about one's own data: a file is ready, an account is to be deleted, and that it stays."""

from datetime import datetime

from flask import current_app

from catalog.accounts.models import Person
from catalog.config import Settings
from catalog.notices.letters import About, letter
from catalog.notices.services import send
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


def leaving(person: Person, until: datetime, token: str) -> None:
    site = _site()
    said = {"until": day(until, site.site_zone), "link": f"{site.site_url}/account/stay/{token}"}
    send(person, LEAVING, said)


def stays(person: Person, why: str) -> None:
    send(person, STAYS, {"why": why})
