"""What people are told because they asked to be: new sessions for a search, and a first date of a course."""

from collections.abc import Sequence
from hashlib import sha256

from flask import current_app

from catalog.accounts.models import Person
from catalog.courses.models import Course, Offering
from catalog.courses.wording import FORMATS
from catalog.notices.letters import About, letter
from catalog.notices.services import send
from catalog.places import county_name
from catalog.wording import when

MOST = 20
"""So many sessions are named in one letter; whoever wants to see more opens the search."""

FOUND = letter(
    "search.found",
    "New sessions for a saved search",
    About.NEWS,
    subject="{how_many} for your search",
    body="{name},\n\nThis was posted since we last wrote to you, and it fits what you asked to be told of.\n\n"
    "{sessions}\n\nHow often you are told, and when not any more, is yours to choose: {link}",
    sample={
        "how_many": "2 new sessions",
        "sessions": "Reflection, In person: https://learning.example.org/?area=RF\n\n"
        "- Holding the baby in mind\n  Tue 14 Jan 2027, 9:00 am to 12:00 pm, Central time\n"
        "  In person, Sample hall, Pike County\n  https://learning.example.org/offerings/7",
        "link": "https://learning.example.org/searches",
    },
)
DATED = letter(
    "interest.dated",
    "A course you wait for has a date",
    About.NEWS,
    subject="There is a date: {course}",
    body="{name},\n\nYou asked to be told when {course} has a date.\n\n{sessions}\n\n"
    "Seats go to those who take them first. The course: {link}",
    sample={
        "course": "Holding the baby in mind",
        "sessions": "- Tue 14 Jan 2027, 9:00 am to 12:00 pm, Central time\n  In person, Sample hall, Pike County\n"
        "  https://learning.example.org/offerings/7",
        "link": "https://learning.example.org/courses/3",
    },
)


def found(person: Person, groups: Sequence[tuple[str, str, Sequence[tuple[Offering, bool]]]]) -> None:
    """`groups` are the label and the query of each search with its sessions, and whether each is full by now."""
    count = sum(len(sessions) for *_, sessions in groups)
    numbers = sorted(offering.id for *_, sessions in groups for offering, _ in sessions)
    digest = sha256(repr(numbers).encode()).hexdigest()[:16]
    values = {
        "how_many": "A new session" if count == 1 else f"{count} new sessions",
        "sessions": "\n\n".join(_group(*group) for group in groups),
        "link": _link("/searches"),
    }
    send(person, FOUND, values, dedupe_key=f"search-found {person.id} {digest}")


def dated(person: Person, course: Course, sessions: Sequence[Offering], round_: str) -> None:
    values = {
        "course": course.title,
        "sessions": "\n".join(_session(offering) for offering in sessions[:MOST]),
        "link": _link(f"/courses/{course.id}"),
    }
    send(person, DATED, values, dedupe_key=f"interest-dated {course.id} {person.id} {round_}")


def _group(label: str, query: str, sessions: Sequence[tuple[Offering, bool]]) -> str:
    lines = [f"{label}: {_link('/' + query)}", ""]
    lines += [_titled(offering, is_full) for offering, is_full in sessions[:MOST]]
    if len(sessions) > MOST:
        lines.append(f"- and {len(sessions) - MOST} more")
    return "\n".join(lines)


def _titled(offering: Offering, is_full: bool) -> str:
    full = "\n  All seats are taken by now." if is_full else ""
    return f"- {offering.course.title}\n{_facts(offering, '  ')}{full}"


def _session(offering: Offering) -> str:
    return f"- {_facts(offering, '  ').lstrip()}"


def _facts(offering: Offering, indent: str) -> str:
    if offering.starts_at and offering.ends_at:
        first = offering.sittings[0]
        time = when(first.starts_at, first.ends_at, offering.zone)
        more = len(offering.sittings) - 1
        time += f", and {more} more" if more else ""
    else:
        time = "At your own pace"
    place = [FORMATS[offering.format], offering.place, county_name(offering.county)]
    lines = [time, ", ".join(part for part in place if part), _link(f"/offerings/{offering.id}")]
    return "\n".join(indent + line for line in lines)


def _link(path: str) -> str:
    return f"{current_app.config['CATALOG'].site_url}{path}"
