"""What people are told about courses, in plain sentences. Each function queues the mails it names."""

from catalog.accounts.models import Person
from catalog.courses import queries
from catalog.courses.models import Course
from catalog.notices.services import tell


def submitted(course: Course, text: str, by: Person) -> None:
    """To every coordinator but the one who sent it."""
    answer = f"\n\n{by.name} wrote:\n{text}" if text else ""
    for person in queries.coordinators():
        if person.id != by.id:
            sentence = f"{by.name} sent a course for review. Open Review to read it.{answer}"
            _tell(person, course, "To review", sentence)


def changes_asked(course: Course, text: str, by: Person) -> None:
    _tell_owner(course, by, "Changes asked", f"{by.name} asks for changes before it is published:\n{text}")


def published(course: Course, by: Person) -> None:
    sentence = "The course is published. You can post sessions of it now, under Teaching."
    _tell_owner(course, by, "Published", sentence)


def mapping_reviewed(course: Course, by: Person) -> None:
    sentence = f"{by.name} reviewed which areas and topics the course covers. The course page says so."
    _tell_owner(course, by, "Mapping reviewed", sentence)


def archived(course: Course, by: Person) -> None:
    _tell_owner(course, by, "Archived", f"{by.name} took the course out of the catalog.")


def _tell_owner(course: Course, by: Person, subject: str, sentence: str) -> None:
    """Nobody is told what they did themself; an imported course may have no owner yet."""
    if course.owner and course.owner_id != by.id:
        _tell(course.owner, course, subject, sentence)


def _tell(person: Person, course: Course, subject: str, sentence: str) -> None:
    tell(person, f"{subject}: {course.title}", f"{person.name},\n\n{sentence}\n\n{course.title}\n")
