"""Letters about what is near: an offer that runs out, a meeting that comes. Each looks once more, when it is sent,
whether it is still so: mail may have waited for its server while the person withdrew or the day was changed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from catalog import clock
from catalog.courses.models import Format, Meeting
from catalog.enrollment.letters import PLACE, is_still_offered, offer_ends, page_of
from catalog.enrollment.models import Enrollment, State
from catalog.extensions import db
from catalog.notices.letters import About, Letter, letter
from catalog.notices.services import send
from catalog.places import county_name
from catalog.wording import local, when

ONLINE = "Online. The link is on the page of the session."


def is_still_coming(about: Mapping[str, Any]) -> bool:
    found, meeting = (
        db.session.get(Enrollment, about["enrollment_id"]),
        db.session.get(Meeting, about["meeting_id"]),
    )
    return (
        found is not None
        and meeting is not None
        and found.state == State.SEATED
        and not found.offering.is_cancelled
        and meeting.starts_at == datetime.fromisoformat(about["starts_at"])
        and meeting.starts_at > clock.now()
    )


OFFER_ENDS = letter(
    "seat.offer_ends",
    "An offer is about to run out",
    About.BOOKING,
    subject="The seat is kept for you until {until}: {course}",
    body="{name},\n\na seat is still kept for you, until {until}. Take it or give it back under My learning; after "
    "that it goes to the next person.\n\n{course}\n{when}\n{place}\n{link}",
    sample={**PLACE, "until": "Mon 11 Jan 2027, 9:00 am (Central time)"},
    holds=is_still_offered,
)
BEGINS_SOON = letter(
    "meeting.week",
    "A session begins in a week",
    About.REMINDER,
    subject="{soon}: {course}",
    body="{name},\n\n{soon} this session begins.\n\n{course}\n{meeting}\n{when}\n{place}\n\nIf you cannot come, give "
    "your seat back, others may be waiting for it:\n{link}",
    sample={**PLACE, "soon": "In 7 days", "meeting": "Meeting 1 of 6"},
    holds=is_still_coming,
)
MEETS_TOMORROW = letter(
    "meeting.tomorrow",
    "A session meets tomorrow",
    About.REMINDER,
    subject="{soon}: {course}",
    body="{name},\n\n{soon} this session meets.\n\n{course}\n{meeting}\n{when}\n{place}\n\n"
    "Everything about it:\n{link}",
    sample={**PLACE, "soon": "Tomorrow", "meeting": "Meeting 2 of 6"},
    holds=is_still_coming,
)


def offer_is_running_out(enrollment: Enrollment) -> None:
    offering = enrollment.offering
    has_dates = offering.starts_at and offering.ends_at
    send(
        enrollment.person,
        OFFER_ENDS,
        {
            "course": offering.course.title,
            "until": offer_ends(enrollment),
            "when": when(offering.starts_at, offering.ends_at, offering.zone)
            if offering.starts_at and offering.ends_at
            else "At your own pace.",
            "place": offering.place if has_dates else "",
            "link": page_of(offering),
        },
        dedupe_key=f"offer ends {enrollment.id} {enrollment.offer_ends_at:%Y-%m-%dT%H:%M:%S}",
        about={"enrollment_id": enrollment.id, "until": _iso(enrollment.offer_ends_at)},
    )


def meets(enrollment: Enrollment, meeting: Meeting, what: Letter, which: str, dedupe_key: str) -> None:
    """`which` is its place in a series, or nothing for the only one."""
    offering = enrollment.offering
    send(
        enrollment.person,
        what,
        {
            "course": offering.course.title,
            "soon": _soon(meeting, offering.zone),
            "meeting": which,
            "when": when(meeting.starts_at, meeting.ends_at, offering.zone),
            "place": _place(meeting),
            "link": page_of(offering),
        },
        dedupe_key=dedupe_key,
        about={
            "enrollment_id": enrollment.id,
            "meeting_id": meeting.id,
            "starts_at": _iso(meeting.starts_at),
        },
    )


def _soon(meeting: Meeting, zone: str) -> str:
    days = (local(meeting.starts_at, zone).date() - local(clock.now(), zone).date()).days
    return {0: "Today", 1: "Tomorrow"}.get(days, f"In {days} days")


def _place(meeting: Meeting) -> str:
    """Where people go; the online link itself is not mailed, because mail is forwarded."""
    offering = meeting.offering
    if offering.format == Format.VIRTUAL:
        return ONLINE
    place = ", ".join(
        part for part in (meeting.place or offering.place, county_name(offering.county)) if part
    )
    return f"{place}\n{ONLINE}" if offering.format == Format.HYBRID else place


def _iso(instant: datetime | None) -> str:
    return instant.isoformat() if instant else ""
