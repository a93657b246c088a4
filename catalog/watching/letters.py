"""The letter to administrators about what must never be in the database."""

from collections.abc import Sequence
from typing import Protocol

from flask import current_app

from catalog.accounts.models import Person
from catalog.config import Settings
from catalog.notices.letters import About, letter
from catalog.notices.services import send

FOUND = letter(
    "watching.found",
    "The nightly check found something that must not be",
    About.BOOKING,
    subject="The nightly check found {count}",
    body=(
        "{name},\n\nonce a day the catalog looks for what must never be in its database. It found {count}:\n\n"
        "{findings}\n\nWhich rows these are stands here:\n\n{link}\n\nYou are written to once about the same rows, "
        "and again when others join them."
    ),
    sample={
        "count": "2 rows",
        "findings": "oversold: more people hold a seat than there are (1)",
        "link": "https://learning.example.org/watching",
    },
)


class Found(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def sentence(self) -> str: ...
    @property
    def rows(self) -> int: ...


def found(person: Person, findings: Sequence[Found]) -> None:
    settings: Settings = current_app.config["CATALOG"]
    rows = sum(one.rows for one in findings)
    said = {
        "count": f"{rows:,} {'row' if rows == 1 else 'rows'}",
        "findings": "\n".join(f"- {one.name}: {one.sentence} ({one.rows:,})" for one in findings),
        "link": f"{settings.site_url}/watching",
    }
    send(person, FOUND, said)
