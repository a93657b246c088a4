"""What people are told of hours that a coordinator brought in from a table; not which, because mail is forwarded."""

from collections.abc import Mapping

import sqlalchemy as sa
from flask import current_app

from catalog.accounts.models import Person
from catalog.extensions import db
from catalog.notices.letters import About, Letter, letter
from catalog.notices.services import send

BROUGHT = letter(
    "hours.brought",
    "A coordinator brought in hours of yours from a table",
    About.BOOKING,
    subject="Hours were added for you",
    body="{name},\n\nA coordinator wrote down {what} of yours from an older list. Look at them here:\n{link}",
    sample={"what": "3 trainings", "link": "https://learning.example.org/learning/hours"},
)
TAKEN_BACK = letter(
    "hours.taken_back",
    "Hours that were brought in from a table were taken back",
    About.BOOKING,
    subject="Hours of yours were taken back",
    body="{name},\n\nA coordinator took back {what} of yours that had come from an older list. Your hours:\n{link}",
    sample={"what": "3 trainings", "link": "https://learning.example.org/learning/hours"},
)


def brought(many: Mapping[int, int]) -> None:
    """One letter each, with how many there are of them."""
    _tell(BROUGHT, many)


def taken_back(many: Mapping[int, int]) -> None:
    _tell(TAKEN_BACK, many)


def _tell(which: Letter, many: Mapping[int, int]) -> None:
    link = f"{current_app.config['CATALOG'].site_url}/learning/hours"
    ids = sorted(many)
    for start in range(0, len(ids), 500):
        people = sa.select(Person).where(Person.id.in_(ids[start : start + 500])).order_by(Person.id)
        for person in db.session.scalars(people):
            what = "1 training" if many[person.id] == 1 else f"{many[person.id]} trainings"
            send(person, which, {"what": what, "link": link})
