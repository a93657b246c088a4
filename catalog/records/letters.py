"""What people are told about their education and their hours from elsewhere. What is written there, and the file,
are not in the mail, which is forwarded."""

from flask import current_app

from catalog import clock
from catalog.accounts.models import Person
from catalog.courses.queries import coordinators
from catalog.notices.services import tell
from catalog.records.models import Education, HourEntry


def to_look_at(education: Education) -> None:
    """To the coordinators but the one it is about."""
    link, who = _link("/education/review"), education.person.name
    for person in coordinators():
        if person.id != education.person_id:
            tell(
                person,
                "Education to look at",
                f"{person.name},\n\n{who} wrote down education and asks for a look at it:\n{link}\n",
            )


def checked(education: Education) -> None:
    _tell(education, "Your education was looked at", "A coordinator has seen what you wrote down.")


def returned(education: Education) -> None:
    sentence = "A coordinator needs something more from you. Read what it is and send it again."
    _tell(education, "Your education needs something more", sentence)


def withdrawn(education: Education) -> None:
    person = education.person
    text = "You took back an entry of your education. It is deleted, with its file if it had one."
    tell(person, "An entry of your education is deleted", f"{person.name},\n\n{text}\n")


def _tell(education: Education, subject: str, sentence: str) -> None:
    person, link = education.person, _link(f"/learning/education/{education.id}")
    tell(person, subject, f"{person.name},\n\n{sentence}\n{link}\n")


def hours_to_look_at(about: Person) -> None:
    """To the coordinators but the one it is about: once a day, however much is written down on it."""
    link = _link("/hours/review")
    for person in coordinators():
        if person.id != about.id:
            tell(
                person,
                "Hours to look at",
                f"{person.name},\n\nPeople wrote down hours from elsewhere and ask for a look at them:\n{link}\n",
                dedupe_key=f"hours-to-look-at-{person.id}-{clock.now():%Y-%m-%d}",
            )


def hours_verified(entry: HourEntry) -> None:
    _tell_hours(entry, "Your hours are verified", "A coordinator has verified hours that you wrote down.")


def hours_returned(entry: HourEntry) -> None:
    sentence = (
        "A coordinator needs something more about hours you wrote down. Read what it is and send them again."
    )
    _tell_hours(entry, "Your hours need something more", sentence)


def hours_added(entry: HourEntry) -> None:
    _tell_hours(entry, "Hours were added for you", "A coordinator wrote down hours of yours from elsewhere.")


def hours_corrected(entry: HourEntry) -> None:
    _tell_hours(entry, "Your hours were corrected", "A coordinator corrected hours of yours from elsewhere.")


def hours_withdrawn(entry: HourEntry) -> None:
    sentence = "An entry of your hours from elsewhere was taken back. It is kept, and you can put it back."
    _tell_hours(entry, "An entry of your hours was taken back", sentence)


def hours_imported(person: Person, count: int) -> None:
    """By a coordinator, for somebody else."""
    what = "1 training" if count == 1 else f"{count} trainings"
    text = f"A coordinator imported {what} of yours from a table.\n{_link('/learning/hours')}\n"
    tell(person, "Hours were added for you", f"{person.name},\n\n{text}")


def _tell_hours(entry: HourEntry, subject: str, sentence: str) -> None:
    person, link = entry.person, _link(f"/learning/hours/{entry.id}")
    tell(person, subject, f"{person.name},\n\n{sentence}\n{link}\n")


def _link(path: str) -> str:
    return f"{current_app.config['CATALOG'].site_url}{path}"
