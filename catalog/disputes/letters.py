"""What people are told about a dispute, with the way to it.

What was written there is not in the mail, because mail is forwarded."""

from collections.abc import Iterable

from flask import current_app

from catalog.accounts.models import Person
from catalog.courses.queries import coordinators
from catalog.disputes.models import Dispute, DisputeAct, DisputeEntry, DisputeState
from catalog.disputes.wording import mark_in_words
from catalog.notices.services import tell
from catalog.wording import when

SUBJECTS = {
    DisputeAct.OPENED: "A mark is disputed",
    DisputeAct.ANSWERED: "A disputed mark was answered",
    DisputeAct.PASSED_ON: "A disputed mark is to be decided",
    DisputeAct.ACCEPTED: "A disputed mark is settled",
    DisputeAct.DECIDED: "A disputed mark was decided",
}
SENTENCES = {
    DisputeAct.OPENED: "{by} says that the mark of {whose} for this meeting is not right.",
    DisputeAct.ANSWERED: "{by} answered about the mark of {whose} for this meeting. {mark}",
    DisputeAct.PASSED_ON: "{by} asks a coordinator to decide about the mark of {whose} for this meeting.",
    DisputeAct.ACCEPTED: "{by} says that the mark of {whose} for this meeting is settled.",
    DisputeAct.DECIDED: "{by} decided about the mark of {whose} for this meeting. {mark}",
}


def send(entry: DisputeEntry, dispute: Dispute) -> None:
    """To everybody concerned but the one who wrote it."""
    meeting, offering = dispute.meeting, dispute.meeting.offering
    sentence = SENTENCES[entry.act].format(
        by=entry.by.name, whose=dispute.enrollment.person.name, mark=_mark(entry, dispute)
    )
    link = f"{current_app.config['CATALOG'].site_url}/disputes/{dispute.id}"
    held = when(meeting.starts_at, meeting.ends_at, offering.zone)
    for person in _concerned(dispute):
        if person.id != entry.by_id:
            tell(
                person,
                f"{SUBJECTS[entry.act]}: {offering.course.title}",
                f"{person.name},\n\n{sentence} Read it here:\n{link}\n\n{offering.course.title}\n{held}\n",
                dedupe_key=f"dispute {entry.id} {person.id}",
            )


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
        people += coordinators()
    return {person.id: person for person in people}.values()
