"""Who may read a dispute, answer it and decide it; and whose mark it is that somebody wants to dispute."""

from flask import abort

from catalog.accounts.models import Person
from catalog.attendance import queries as attendance
from catalog.attendance.sheet import Cell
from catalog.courses.models import Offering
from catalog.disputes import queries
from catalog.disputes.models import Dispute
from catalog.enrollment.access import may_run


def cell_to_dispute(person: Person, enrollment_id: int, meeting_id: int) -> Cell:
    """One's own mark, or the place where it should be."""
    cell = attendance.cell(meeting_id, enrollment_id) or abort(404)
    if cell.enrollment.person_id != person.id:
        abort(403 if may_run(person, cell.meeting.offering) else 404)
    return cell


def dispute_to_read(person: Person, dispute_id: int) -> Dispute:
    """For whose mark it is, those who run the session, and the coordinators. To everybody else it is not there."""
    dispute = queries.dispute(dispute_id) or abort(404)
    if not (is_about(person, dispute) or may_run(person, dispute.meeting.offering)):
        abort(404)
    return dispute


def is_about(person: Person, dispute: Dispute) -> bool:
    return dispute.enrollment.person_id == person.id


def teaches(person: Person, offering: Offering) -> bool:
    """Whether the person leads this session or helps at one of its meetings, as a coordinator may too."""
    helping = {trainer.id for meeting in offering.meetings for trainer in meeting.co_trainers}
    return person.id in helping | {offering.trainer_id} and may_run(person, offering)


def may_answer(person: Person, dispute: Dispute) -> bool:
    """Those who teach the session; never about themselves. The services know whether it is their turn."""
    return not is_about(person, dispute) and teaches(person, dispute.meeting.offering)


def may_decide(person: Person, dispute: Dispute) -> bool:
    """A coordinator; never about themself."""
    return not is_about(person, dispute) and person.is_coordinator
