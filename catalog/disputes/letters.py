"""What people are told about a dispute, with the way to it.

What was written there is not in the mail, because mail is forwarded."""

from collections.abc import Iterable

from flask import current_app

from catalog.accounts.models import Person
from catalog.courses.queries import coordinators
from catalog.disputes.models import Dispute, DisputeAct, DisputeEntry, DisputeState
from catalog.disputes.wording import mark_in_words
from catalog.notices import services as notices
from catalog.notices.letters import About, Letter, letter
from catalog.wording import when


def about_dispute(act: DisputeAct, label: str, sentence: str) -> Letter:
    """Of everybody's own hours, or a trainer's own marks, so that nobody can do without it."""
    return letter(
        f"dispute.{act.value}",
        label,
        About.BOOKING,
        subject=f"{label}: {{course}}",
        body=f"{{name}},\n\n{sentence} Read it here:\n{{link}}\n\n{{course}}\n{{when}}",
        sample={
            "by": "Ivo Sample",
            "whose": "Ana Sample",
            "mark": "It was: absent. It is now: here the whole time.",
            "link": "https://learning.example.org/disputes/7",
            "course": "Reading the cues of babies",
            "when": "Tue 14 Jan 2027, 9:00 am to 12:00 pm, Central time",
        },
    )


LETTERS = {
    DisputeAct.OPENED: about_dispute(
        DisputeAct.OPENED,
        "A mark is disputed",
        "{by} says that the mark of {whose} for this meeting is not right.",
    ),
    DisputeAct.ANSWERED: about_dispute(
        DisputeAct.ANSWERED,
        "A disputed mark was answered",
        "{by} answered about the mark of {whose} for this meeting. {mark}",
    ),
    DisputeAct.PASSED_ON: about_dispute(
        DisputeAct.PASSED_ON,
        "A disputed mark is to be decided",
        "{by} asks a coordinator to decide about the mark of {whose} for this meeting.",
    ),
    DisputeAct.ACCEPTED: about_dispute(
        DisputeAct.ACCEPTED,
        "A disputed mark is settled",
        "{by} says that the mark of {whose} for this meeting is settled.",
    ),
    DisputeAct.DECIDED: about_dispute(
        DisputeAct.DECIDED,
        "A disputed mark was decided",
        "{by} decided about the mark of {whose} for this meeting. {mark}",
    ),
}


def send(entry: DisputeEntry, dispute: Dispute) -> None:
    """To everybody concerned but the one who wrote it."""
    meeting, offering = dispute.meeting, dispute.meeting.offering
    values = {
        "by": entry.by.name,
        "whose": dispute.enrollment.person.name,
        "mark": _mark(entry, dispute),
        "link": f"{current_app.config['CATALOG'].site_url}/disputes/{dispute.id}",
        "course": offering.course.title,
        "when": when(meeting.starts_at, meeting.ends_at, offering.zone),
    }
    for person in _concerned(dispute):
        if person.id != entry.by_id:
            key = f"dispute {entry.id} {person.id}"
            notices.send(person, LETTERS[entry.act], values, dedupe_key=key)


def _mark(entry: DisputeEntry, dispute: Dispute) -> str:
    if entry.minutes_after is None:
        return "The mark stays as it is."
    before = mark_in_words(entry.minutes_before, dispute.meeting)
    return f"It was: {before}. It is now: {mark_in_words(entry.minutes_after, dispute.meeting)}."


def _concerned(dispute: Dispute) -> Iterable[Person]:
    """Whose mark it is, the trainer, whoever wrote something, and the coordinators where one of them is asked."""
    people = [dispute.enrollment.person, *(entry.by for entry in dispute.entries)]
    if trainer := dispute.meeting.offering.trainer:
        people.append(trainer)
    if dispute.state == DisputeState.WITH_COORDINATOR:
        people += coordinators(dispute.meeting.offering)
    return {person.id: person for person in people}.values()
