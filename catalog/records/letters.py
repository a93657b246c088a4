"""What people are told about their education and their hours from elsewhere. What is written there, and the file,
are not in the mail, which is forwarded."""

from flask import current_app

from catalog import clock
from catalog.accounts.models import Person
from catalog.courses.queries import coordinators
from catalog.notices.letters import About, Letter, letter
from catalog.notices.services import send
from catalog.records.models import Education, HourEntry


def about_records(
    kind: str, subject: str, sentence: str, about: About = About.BOOKING, path: str = "", **sample: str
) -> Letter:
    """`path` is an example of where its link leads; without one it has none."""
    link = {"link": f"https://learning.example.org{path}"} if path else {}
    return letter(
        kind,
        subject,
        about,
        subject=subject,
        body=f"{{name}},\n\n{sentence}" + ("\n{link}" if path else ""),
        sample={**link, **sample},
    )


EDUCATION = "/learning/education/7"
HOURS = "/learning/hours/7"

EDUCATION_TO_LOOK_AT = about_records(
    "education.to_look_at",
    "Education to look at",
    "{who} wrote down education and asks for a look at it:",
    About.DESK,
    "/education/review",
    who="Ana Sample",
)
EDUCATION_CHECKED = about_records(
    "education.checked",
    "Your education was looked at",
    "A coordinator has seen what you wrote down.",
    path=EDUCATION,
)
EDUCATION_RETURNED = about_records(
    "education.returned",
    "Your education needs something more",
    "A coordinator needs something more from you. Read what it is and send it again.",
    path=EDUCATION,
)
EDUCATION_WITHDRAWN = about_records(
    "education.withdrawn",
    "An entry of your education is deleted",
    "You took back an entry of your education. It is deleted, with its file if it had one.",
)
HOURS_TO_LOOK_AT = about_records(
    "hours.to_look_at",
    "Hours to look at",
    "People wrote down hours from elsewhere and ask for a look at them:",
    About.DESK,
    "/hours/review",
)
HOURS_VERIFIED = about_records(
    "hours.verified",
    "Your hours are verified",
    "A coordinator has verified hours that you wrote down.",
    path=HOURS,
)
HOURS_RETURNED = about_records(
    "hours.returned",
    "Your hours need something more",
    "A coordinator needs something more about hours you wrote down. Read what it is and send them again.",
    path=HOURS,
)
HOURS_ADDED = about_records(
    "hours.added",
    "Hours were added for you",
    "A coordinator wrote down hours of yours from elsewhere.",
    path=HOURS,
)
HOURS_CORRECTED = about_records(
    "hours.corrected",
    "Your hours were corrected",
    "A coordinator corrected hours of yours from elsewhere.",
    path=HOURS,
)
HOURS_WITHDRAWN = about_records(
    "hours.withdrawn",
    "An entry of your hours was taken back",
    "An entry of your hours from elsewhere was taken back. It is kept, and you can put it back.",
    path=HOURS,
)
HOURS_IMPORTED = letter(
    "hours.imported",
    "Hours were imported for you",
    About.BOOKING,
    subject="Hours were added for you",
    body="{name},\n\nA coordinator imported {what} of yours from a table.\n{link}",
    sample={"what": "3 trainings", "link": "https://learning.example.org/learning/hours"},
)


def to_look_at(education: Education) -> None:
    """To the coordinators but the one it is about."""
    link, who = _link("/education/review"), education.person.name
    for person in coordinators():
        if person.id != education.person_id:
            send(person, EDUCATION_TO_LOOK_AT, {"who": who, "link": link})


def checked(education: Education) -> None:
    _send(education, EDUCATION_CHECKED)


def returned(education: Education) -> None:
    _send(education, EDUCATION_RETURNED)


def withdrawn(education: Education) -> None:
    send(education.person, EDUCATION_WITHDRAWN, {})


def _send(education: Education, what: Letter) -> None:
    send(education.person, what, {"link": _link(f"/learning/education/{education.id}")})


def hours_to_look_at(about: Person) -> None:
    """To the coordinators but the one it is about: once a day, however much is written down on it."""
    link = _link("/hours/review")
    for person in coordinators():
        if person.id != about.id:
            key = f"hours-to-look-at-{person.id}-{clock.now():%Y-%m-%d}"
            send(person, HOURS_TO_LOOK_AT, {"link": link}, dedupe_key=key)


def hours_verified(entry: HourEntry) -> None:
    _send_of_hours(entry, HOURS_VERIFIED)


def hours_returned(entry: HourEntry) -> None:
    _send_of_hours(entry, HOURS_RETURNED)


def hours_added(entry: HourEntry) -> None:
    _send_of_hours(entry, HOURS_ADDED)


def hours_corrected(entry: HourEntry) -> None:
    _send_of_hours(entry, HOURS_CORRECTED)


def hours_withdrawn(entry: HourEntry) -> None:
    _send_of_hours(entry, HOURS_WITHDRAWN)


def hours_imported(person: Person, count: int) -> None:
    """By a coordinator, for somebody else."""
    what = "1 training" if count == 1 else f"{count} trainings"
    send(person, HOURS_IMPORTED, {"what": what, "link": _link("/learning/hours")})


def _send_of_hours(entry: HourEntry, what: Letter) -> None:
    send(entry.person, what, {"link": _link(f"/learning/hours/{entry.id}")})


def _link(path: str) -> str:
    return f"{current_app.config['CATALOG'].site_url}{path}"
