"""What the tests of calendars have in common: a person's calendar, the letters to it, and what it should show."""

from datetime import datetime

from flask import current_app

from catalog import clock
from catalog.accounts.models import Person
from catalog.calendars import queries, services
from catalog.calendars.events import Told, invitation, uid
from catalog.courses.models import Offering
from catalog.extensions import db
from tests.calendars.client import Calendar, Shown


def tell(calendar: Calendar, person: Person, offering: Offering) -> list[Told]:
    """As a letter does that says `calendar=offering.id`."""
    told = services.sync(person, offering.id, clock.now())
    for one in told:
        calendar.take(invitation(one, person, current_app.config["CATALOG"])[1])
    return told


def should_show(person: Person, at: datetime) -> dict[str, Shown]:
    """What is still to come of theirs by the database alone."""
    db.session.flush()
    settings = current_app.config["CATALOG"]
    coming = [one for one in queries.of_person(person.id, since=at) if not one.is_off]
    facts = {uid(one.meeting_id, settings): one.facts(settings.site_url) for one in coming}
    return {key: Shown(one.starts, one.ends, one.title, one.place) for key, one in facts.items()}
