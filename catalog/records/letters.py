"""What people are told about their education. What it says and the file are not in the mail, which is forwarded."""

from flask import current_app

from catalog.courses.queries import coordinators
from catalog.notices.services import tell
from catalog.records.models import Education


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


def _link(path: str) -> str:
    return f"{current_app.config['CATALOG'].site_url}{path}"
