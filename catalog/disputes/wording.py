"""How marks and turns are said in disputes."""

from catalog.courses.models import Meeting
from catalog.disputes.models import Dispute, DisputeState
from catalog.wording import hours


def mark_in_words(minutes: int | None, meeting: Meeting) -> str:
    if minutes is None:
        return "not marked"
    if minutes == 0:
        return "absent"
    if minutes >= meeting.minutes:
        return f"here, {hours(meeting.minutes)}"
    return f"{hours(minutes)} of {hours(meeting.minutes)}"


def whose_turn(dispute: Dispute) -> str:
    """Who has to do something next, such as "Ivo Sample"."""
    match dispute.state:
        case DisputeState.WITH_TRAINER:
            trainer = dispute.meeting.offering.trainer
            return trainer.name if trainer else "the trainer"
        case DisputeState.ANSWERED:
            return dispute.enrollment.person.name
        case DisputeState.WITH_COORDINATOR:
            return "a coordinator"
    return "nobody"
