"""Writing iCalendar (RFC 5545) and invitations (RFC 5546)."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from email.utils import parseaddr
from typing import NamedTuple
from urllib.parse import urlsplit

from icalendar import Calendar, Event, vCalAddress, vDuration

from catalog.accounts.models import Person
from catalog.calendars.facts import Facts
from catalog.config import Settings

PRODUCER = "-//Early Years Learning//Catalog//EN"


class Told(NamedTuple):
    """One meeting as a calendar is to show it. Of two with the same identifier the one with the higher `sequence`
    holds, and of those with the same sequence the later `stamp`."""

    meeting_id: int
    offering_id: int
    facts: Facts
    sequence: int
    is_off: bool
    stamp: datetime
    fingerprint: str = ""


def event_of(told: Told, settings: Settings) -> Event:
    facts, event = told.facts, Event()
    event.add("uid", uid(told.meeting_id, settings))
    event.add("sequence", told.sequence)
    event.add("dtstamp", told.stamp)
    event.add("dtstart", facts.starts)
    event.add("dtend", facts.ends)
    if not isinstance(facts.starts, datetime):
        event.add("transp", "TRANSPARENT")
    event.add("summary", facts.title)
    if facts.place:
        event.add("location", facts.place)
    event.add("description", facts.text)
    event.add("url", f"{settings.site_url}/offerings/{told.offering_id}")
    event.add("status", "CANCELLED" if told.is_off else "CONFIRMED")
    return event


def uid(meeting_id: int, settings: Settings) -> str:
    """The same in an invitation, a feed and a file that was saved, so that they are one event to a calendar."""
    return f"meeting-{meeting_id}@{urlsplit(settings.site_url).hostname}"


def published(told: Iterable[Told], settings: Settings) -> bytes:
    """A file to take over once; a later one with higher sequences replaces its events."""
    calendar = _calendar("PUBLISH")
    for one in told:
        calendar.add_component(event_of(one, settings))
    return _text(calendar)


def feed(told: Iterable[Told], settings: Settings, name: str, every: timedelta) -> bytes:
    """A calendar to subscribe to, which programs read again `every` so often."""
    calendar = _calendar()
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", every, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(every))
    for one in told:
        calendar.add_component(event_of(one, settings))
    return _text(calendar)


def invitation(told: Told, person: Person, settings: Settings) -> tuple[str, bytes]:
    """The method, REQUEST or CANCEL, and the object. One for each meeting: what has several identifiers is no
    invitation by RFC 5546."""
    method = "CANCEL" if told.is_off else "REQUEST"
    calendar, event = _calendar(method), event_of(told, settings)
    name, address = parseaddr(settings.mail_from)
    event.add("organizer", _whom(name or settings.site_name, address))
    attendee = _whom(person.name, person.email)
    # Whoever gets this has their place already; there is nothing to answer.
    attendee.params["PARTSTAT"], attendee.params["RSVP"] = "ACCEPTED", "FALSE"
    event.add("attendee", attendee)
    calendar.add_component(event)
    return method, _text(calendar)


def _whom(name: str, address: str) -> vCalAddress:
    whom = vCalAddress(f"mailto:{address}")
    # A parameter's value holds neither quotes nor line ends.
    whom.params["CN"] = " ".join(name.replace('"', "'").split())
    return whom


def _calendar(method: str | None = None) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", PRODUCER)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    if method:
        calendar.add("method", method)
    return calendar


def _text(calendar: Calendar) -> bytes:
    content: bytes = calendar.to_ical()
    return content
