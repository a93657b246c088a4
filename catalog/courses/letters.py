"""What people are told about courses, in plain sentences. Each function queues the mails it names."""

from collections.abc import Mapping

from catalog.accounts.models import Person
from catalog.courses import queries
from catalog.courses.models import Course, Meeting
from catalog.notices.letters import About, Letter, letter
from catalog.notices.services import send
from catalog.wording import when


def about_course(
    kind: str, label: str, subject: str, sentence: str, about: About = About.DESK, **sample: str
) -> Letter:
    return letter(
        f"course.{kind}",
        label,
        about,
        subject=f"{subject}: {{course}}",
        body=f"{{name}},\n\n{sentence}\n\n{{course}}",
        sample={"course": "Reading the cues of babies", "by": "Mira Sample", **sample},
    )


SUBMITTED = about_course(
    "submitted",
    "A course waits for review",
    "To review",
    "{by} sent a course for review. Open Review to read it.\n\n{message}",
    by="Ivo Sample",
    message="Ivo Sample wrote:\nThe second topic is new.",
)
CHANGES_ASKED = about_course(
    "changes_asked",
    "Changes are asked of a course",
    "Changes asked",
    "{by} asks for changes before it is published:\n{message}",
    About.BOOKING,
    message="Please say which topics the second day covers.",
)
PUBLISHED = about_course(
    "published",
    "A course was published",
    "Published",
    "The course is published. You can post sessions of it now, under Teaching.",
    About.BOOKING,
)
MAPPING_REVIEWED = about_course(
    "mapping_reviewed",
    "The mapping of a course was reviewed",
    "Mapping reviewed",
    "{by} reviewed which areas and topics the course covers. The course page says so.",
)
ARCHIVED = about_course(
    "archived", "A course was archived", "Archived", "{by} took the course out of the catalog.", About.BOOKING
)

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
    message = f"{by.name} wrote:\n{text}" if text else ""
    for person in queries.coordinators():
        if person.id != by.id:
            _send(person, course, by, SUBMITTED, {"message": message})


def changes_asked(course: Course, text: str, by: Person) -> None:
    _send_to_owner(course, by, CHANGES_ASKED, {"message": text})


def published(course: Course, by: Person) -> None:
    _send_to_owner(course, by, PUBLISHED)


def mapping_reviewed(course: Course, by: Person) -> None:
    _send_to_owner(course, by, MAPPING_REVIEWED)


def archived(course: Course, by: Person) -> None:
    _send_to_owner(course, by, ARCHIVED)


def _send_to_owner(course: Course, by: Person, what: Letter, values: Mapping[str, str] | None = None) -> None:
    """Nobody is told what they did themself; an imported course may have no owner yet."""
    if course.owner and course.owner_id != by.id:
        _send(course.owner, course, by, what, values or {})


def _send(person: Person, course: Course, by: Person, what: Letter, values: Mapping[str, str]) -> None:
    send(person, what, {"course": course.title, "by": by.name, **values})
