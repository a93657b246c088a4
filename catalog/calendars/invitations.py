"""The calendar parts of a letter. They are made when it is sent and say how things stand then: a letter that waited
for a mail server does not bring back what was changed meanwhile."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from flask import current_app

from catalog import clock
from catalog.accounts.models import Person
from catalog.calendars import services
from catalog.calendars.events import invitation
from catalog.notices import attaching
from catalog.notices.attaching import Attached


def attached(person: Person, payload: Mapping[str, Any]) -> list[Attached]:
    """What a letter with `calendar` in its payload, the number of a session or several, tells the calendar.

    One object for each meeting: with several identifiers it would be no invitation by RFC 5546."""
    named, now = payload.get("calendar") or [], clock.now()
    offering_ids = named if isinstance(named, list) else [named]
    settings = current_app.config["CATALOG"]
    return [
        Attached(
            *invitation(told, person, settings),
            leaves=partial(services.record, person.id, [told]),
            sent=partial(services.confirm, person.id, [told]),
        )
        for offering_id in offering_ids
        for told in services.due(person, offering_id, now)
    ]


attaching.register(attached)
