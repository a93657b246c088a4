"""What people are told about their groups. No name of a member is in any of it, because mail is forwarded."""

from datetime import datetime

from flask import current_app

from catalog.accounts.models import Person
from catalog.courses.models import Meeting, Offering
from catalog.enrollment.letters import is_still_offered, of_offer
from catalog.enrollment.models import Enrollment
from catalog.groups.models import RscSession, RscState
from catalog.notices.letters import About, letter
from catalog.notices.services import send
from catalog.wording import day, hours, when

SAMPLE = {
    "course": "Reflective practice group",
    "when": "Tue 14 Jan 2027, 9:00 am to 11:00 am, Central time",
    "link": "https://example.org/groups/7",
}

CANNOT_COME = letter(
    "group.cannot_come",
    "A member of your group cannot make a meeting",
    About.DESK,
    subject="Somebody cannot make it: {course}",
    body="{name},\n\nA member of your group said that they cannot make this meeting:\n\n{course}\n{when}\n\n"
    "The page of the group says who, and how many are still coming:\n{link}\n",
    sample=SAMPLE,
)

WAITLIST_ENDED = letter(
    "group.waitlist_ended",
    "The waitlist of a group has ended",
    About.BOOKING,
    subject="The waitlist has ended: {course}",
    body="{name},\n\nThe group is closed now, and no seat came free in time, so its waitlist has ended:\n\n"
    "{course}\n\nThank you for waiting. Other groups and later terms stand in the catalog:\n{link}\n",
    sample=SAMPLE,
)

NEXT_TERM = letter(
    "group.next_term",
    "Your group goes on, and your seat is kept",
    About.BOOKING,
    subject="Your seat in the next term: {course}",
    body="{name},\n\nYour group goes on. The next term begins here:\n\n{course}\n{when}\n{meetings}\n\n"
    "Your seat is kept for you until {until}. Take it or give it to somebody else:\n{link}\n\n"
    "After that day it goes to those who wait.\n",
    sample={**SAMPLE, "meetings": "8 meetings", "until": "Fri 20 Nov 2026"},
    holds=is_still_offered,
)
RSC_ASKED = letter(
    "rsc.asked",
    "Somebody asks you to confirm an individual RSC session",
    About.DESK,
    subject="An individual session to confirm",
    body="{name},\n\n{who} wrote down an individual session of reflective supervision or consultation with you:\n\n"
    "{day}, {length}\n\nPlease say whether it is right:\n{link}\n",
    sample={
        "who": "Bea Sample",
        "day": "Tue 14 Jan 2027",
        "length": "1 h",
        "link": "https://example.org/rsc",
    },
)
RSC_CONFIRMED = letter(
    "rsc.confirmed",
    "Your individual RSC session was confirmed",
    About.BOOKING,
    subject="Your individual session was confirmed",
    body="{name},\n\n{who} confirmed the individual session of {day}, {length}. It is among your hours:\n{link}\n",
    sample={
        "who": "Ivo Sample",
        "day": "Tue 14 Jan 2027",
        "length": "1 h",
        "link": "https://example.org/rsc",
    },
)
RSC_DECLINED = letter(
    "rsc.declined",
    "Your individual RSC session was not confirmed",
    About.BOOKING,
    subject="An individual session was not confirmed",
    body="{name},\n\n{who} did not confirm the individual session of {day}, {length}. It is not among your hours. "
    "If something was written wrongly, write it down once more:\n{link}\n",
    sample={
        "who": "Ivo Sample",
        "day": "Tue 14 Jan 2027",
        "length": "1 h",
        "link": "https://example.org/rsc",
    },
)


def next_term(kept: Enrollment, until: datetime) -> None:
    group = kept.offering
    count = len(group.sittings)
    values = {
        **about(group),
        "meetings": "1 meeting" if count == 1 else f"{count} meetings",
        "until": day(until, group.zone),
        "link": link(f"/offerings/{group.id}"),
    }
    send(kept.person, NEXT_TERM, values, **of_offer(kept))


def rsc_asked(session: RscSession) -> None:
    send(session.provider, RSC_ASKED, _session(session, session.person))


def rsc_answered(session: RscSession) -> None:
    kind = RSC_CONFIRMED if session.state == RscState.CONFIRMED else RSC_DECLINED
    send(session.person, kind, _session(session, session.provider))


def _session(session: RscSession, other: Person) -> dict[str, str]:
    return {
        "who": other.name,
        "day": day(session.held_on),
        "length": hours(session.minutes),
        "link": link("/rsc"),
    }


def cannot_come(meeting: Meeting, said: int) -> None:
    """To whoever leads that meeting. `said` tells one saying from another."""
    leader = meeting.substitute or meeting.offering.trainer
    if leader is None:
        return
    send(leader, CANNOT_COME, about(meeting.offering, meeting), dedupe_key=f"absence {said}")


def waitlist_ended(enrollment: Enrollment) -> None:
    course = enrollment.offering.course
    values = {"course": course.title, "link": link(f"/courses/{course.id}")}
    send(enrollment.person, WAITLIST_ENDED, values, calendar=enrollment.offering_id)


def about(group: Offering, meeting: Meeting | None = None) -> dict[str, str]:
    """What every letter about a group can say."""
    one = meeting or (group.sittings[0] if group.sittings else None)
    return {
        "course": group.course.title,
        "when": when(one.starts_at, one.ends_at, group.zone) if one else "",
        "link": link(f"/groups/{group.id}"),
    }


def link(path: str) -> str:
    return f"{current_app.config['CATALOG'].site_url}{path}"
