"""The calendar file of one offering. Times are UTC instants: calendar programs read those alike, whereas a zone's
rules written into the file made some of them show summer meetings an hour late."""

from datetime import timedelta
from urllib.parse import urlsplit

from icalendar import Calendar, Event

from catalog.courses.models import Format, Meeting, Offering
from catalog.courses.wording import OWN_WORK
from catalog.places import county_name

PRODUCER = "-//Early Years Learning//Catalog//EN"


def calendar_file(offering: Offering, site_url: str, *, shows_link: bool) -> bytes:
    """One event for each meeting. A later file with the same identifiers and a higher sequence replaces this one."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCER)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for meeting in offering.meetings:
        calendar.add_component(_event(meeting, offering, site_url, shows_link))
    content: bytes = calendar.to_ical()
    return content


def _event(meeting: Meeting, offering: Offering, site_url: str, shows_link: bool) -> Event:
    event = Event()
    event.add("uid", f"meeting-{meeting.id}@{urlsplit(site_url).hostname}")
    event.add("sequence", offering.version)
    event.add("dtstamp", offering.updated_at)
    if meeting.is_own_work:
        # An entry of the day on which it is due, which leaves the day free for others to plan with.
        event.add("dtstart", meeting.ends_wall.date())
        event.add("dtend", meeting.ends_wall.date() + timedelta(days=1))
        event.add("transp", "TRANSPARENT")
    else:
        event.add("dtstart", meeting.starts_at)
        event.add("dtend", meeting.ends_at)
    event.add("summary", _title(meeting, offering))
    if not meeting.is_own_work:
        event.add("location", _place(meeting, offering))
    event.add("description", _description(meeting, offering, shows_link))
    event.add("url", f"{site_url}/offerings/{offering.id}")
    event.add("status", "CANCELLED" if offering.is_cancelled else "CONFIRMED")
    return event


def _title(meeting: Meeting, offering: Offering) -> str:
    if meeting.is_own_work:
        return f"Due: {OWN_WORK[meeting.kind]} for {offering.course.title}"
    many = len(offering.sittings)
    return offering.course.title + (f" ({meeting.number} of {many})" if many > 1 else "")


def _place(meeting: Meeting, offering: Offering) -> str:
    if offering.format in (Format.VIRTUAL, Format.SELF_PACED):
        return "Online"
    parts = (meeting.place or offering.place, county_name(offering.county))
    return ", ".join(part for part in parts if part)


def _description(meeting: Meeting, offering: Offering, shows_link: bool) -> str:
    about = "" if offering.is_group else meeting.title
    lines = [about, f"Cancelled. {offering.cancel_reason}".strip() if offering.is_cancelled else ""]
    if shows_link and offering.online_link:
        lines.append(offering.online_link)
    return "\n".join(line for line in lines if line)
