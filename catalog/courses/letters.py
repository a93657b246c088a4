"""What people are told about courses, in plain sentences. Each function queues the mails it names."""

from catalog.accounts.models import Person
from catalog.courses import queries
from catalog.courses.models import Course, Meeting
from catalog.notices.letters import About, letter
from catalog.notices.services import send, tell
from catalog.wording import when

SAMPLE = {
    "course": "Reflective practice group",
    "when": "Tue 14 Jan 2027, 9:00 am to 11:00 am, Central time",
    "place": "Sample hall",
    "trainer": "Ivo Sample",
}
STANDS_IN = letter(
    "meeting.stands_in",
    "You lead a meeting instead of its trainer",
    About.BOOKING,
    subject="You stand in: {course}",
    body="{name},\n\nYou are named to lead this meeting instead of {trainer}:\n\n{course}\n{when}\n{place}\n\n"
    "Its attendance is yours to take. You find it under Teaching.\n",
    sample=SAMPLE,
)
STANDS_IN_NO_MORE = letter(
    "meeting.stands_in_no_more",
    "You do not lead a meeting any more",
    About.BOOKING,
    subject="You need not stand in: {course}",
    body="{name},\n\nYou are not named any more to lead this meeting:\n\n{course}\n{when}\n{place}\n",
    sample=SAMPLE,
)


def stands_in(person: Person, meeting: Meeting) -> None:
    send(person, STANDS_IN, _meeting(meeting), calendar=meeting.offering_id)


def stands_in_no_more(person: Person, meeting: Meeting) -> None:
    send(person, STANDS_IN_NO_MORE, _meeting(meeting), calendar=meeting.offering_id)


def _meeting(meeting: Meeting) -> dict[str, str]:
    """Where and when; the online link is not mailed, because mail is forwarded."""
    offering = meeting.offering
    return {
        "course": offering.course.title,
        "when": when(meeting.starts_at, meeting.ends_at, offering.zone),
        "place": meeting.place or offering.place or "Online",
        "trainer": offering.trainer.name if offering.trainer else "the trainer",
    }


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
