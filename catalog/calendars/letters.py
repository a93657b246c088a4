"""What those who teach are told when what they teach changes."""

from collections.abc import Sequence
from datetime import datetime

from catalog.accounts.models import Person
from catalog.calendars.compare import Compared
from catalog.calendars.facts import Facts
from catalog.courses.models import Offering
from catalog.notices.letters import About, letter
from catalog.notices.services import send
from catalog.wording import day, when

TEACHING = letter(
    "calendar.teaching",
    "What you teach, for your calendar",
    About.BOOKING,
    subject="For your calendar: {course}",
    body=(
        "{name},\n\nYour calendar takes these meetings from this letter:\n\n{meetings}\n\n{course}\n{page}"
    ),
    sample={
        "course": "Watching together, part 1",
        "meetings": "- You teach: Tue 12 Jan 2027, 9:00 am to 12:00 pm, Central time",
        "page": "https://catalog.example.org/offerings/7",
    },
)


def teaching(person: Person, offering: Offering, news: Sequence[Compared], key: str, page: str) -> None:
    """`key` tells the same news from other news, so that it is written once."""
    lines = [f"- {_what(one)}: {_when(one.told.facts, offering.zone)}" for one in news]
    values = {"course": offering.course.title, "meetings": "\n".join(lines), "page": page}
    send(person, TEACHING, values, dedupe_key=key, calendar=offering.id)


def _what(one: Compared) -> str:
    if one.told.is_off:
        return "No longer"
    return "Now" if one.was_known else "You teach"


def _when(facts: Facts, zone: str) -> str:
    if isinstance(facts.starts, datetime) and isinstance(facts.ends, datetime):
        return when(facts.starts, facts.ends, zone)
    return f"{facts.title}, {day(facts.starts)}"
