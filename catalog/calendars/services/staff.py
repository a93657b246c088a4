"""Those who teach a session, help or stand in hear of what changed for them."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from flask import current_app

from catalog.accounts.models import Person
from catalog.calendars import letters, queries
from catalog.calendars.compare import Compared
from catalog.calendars.services.sync import compared
from catalog.courses.models import Offering


def tell_staff(offering: Offering, at: datetime) -> None:
    """A letter to each of them whose calendar does not say what is so; the letter's own way out brings it there."""
    site_url = current_app.config["CATALOG"].site_url
    for person in queries.staff(offering.id):
        news = [one for one in compared(person, offering.id, at) if one.is_news]
        if news:
            page = f"{site_url}/offerings/{offering.id}"
            letters.teaching(person, offering, news, _key(person, news), page)


def _key(person: Person, news: Sequence[Compared]) -> str:
    said = repr([(one.told.meeting_id, one.told.sequence, one.told.fingerprint) for one in news])
    return f"calendar {person.id} {hashlib.sha256(said.encode()).hexdigest()[:32]}"
