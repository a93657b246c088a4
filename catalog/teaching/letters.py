"""The letters of the trainer's desk."""

from catalog.notices.letters import About, letter

DECIDE_SOON = letter(
    "teaching.decide_soon",
    "To the trainer: too few people, and a day to decide",
    About.DESK,
    subject="{taken} of {minimum} people: {course}",
    body=(
        "{name},\n\nThis session has {taken} of the {minimum} people it needs, and {decide_on} is the day to decide "
        "whether it takes place. Tell people about it, change its minimum, or cancel it with a reason:\n{link}\n\n"
        "{course}\n{when}\n"
    ),
    sample={
        "taken": "3",
        "minimum": "6",
        "decide_on": "Fri 4 Dec 2026",
        "course": "Attachment in everyday care",
        "when": "Tue 15 Dec 2026, 9:00 am to 12:00 pm, Central time",
        "link": "https://example.org/offerings/7/roster",
    },
)
DECIDE_TODAY = letter(
    "teaching.decide_today",
    "To coordinators: a session with too few people is decided about today",
    About.DESK,
    subject="To decide today: {course}",
    body=(
        "{name},\n\nToday is the day to decide whether this session takes place. It has {taken} of the {minimum} "
        "people it needs; {trainer} teaches it.\n{link}\n\n{course}\n{when}\n"
    ),
    sample={
        "taken": "3",
        "minimum": "6",
        "trainer": "Ivo Sample",
        "course": "Attachment in everyday care",
        "when": "Tue 15 Dec 2026, 9:00 am to 12:00 pm, Central time",
        "link": "https://example.org/offerings/7/roster",
    },
)
ROSTER_MESSAGE = letter(
    "teaching.roster_message",
    "A trainer writes to people on a session",
    About.BOOKING,
    subject="{subject}",
    body="{name},\n\n{text}\n\n{by}\n\n{course}\n{when}\nAn answer to this letter goes to {by}.\n",
    sample={
        "subject": "What to bring on Tuesday",
        "text": "Please bring a photograph of a child you care for.",
        "by": "Ivo Sample",
        "course": "Attachment in everyday care",
        "when": "Tue 15 Dec 2026, 9:00 am to 12:00 pm, Central time",
    },
)
