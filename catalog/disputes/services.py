"""Writes: each step of a dispute. What is said is private to its thread and never goes into the audit trail.

Every step names the last entry that its author had read. Whoever acts on a thread that has moved on is refused, so
that two answers at once end in one."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from catalog import clock
from catalog.accounts.models import Person
from catalog.attendance import queries as attendance_queries
from catalog.attendance import services as attendance
from catalog.attendance.models import Mark
from catalog.attendance.services.marking import hold
from catalog.attendance.sheet import Cell
from catalog.courses.models import Meeting
from catalog.disputes import letters
from catalog.disputes.access import teaches
from catalog.disputes.models import Dispute, DisputeAct, DisputeEntry, DisputeState
from catalog.disputes.refusals import MovedOn, NothingToDispute, OpenAlready
from catalog.enrollment.models import State
from catalog.extensions import db
from catalog.notices import audit

OPEN = (DisputeState.WITH_TRAINER, DisputeState.ANSWERED, DisputeState.WITH_COORDINATOR)


def refuse_to_dispute(cell: Cell) -> None:
    """There must be a mark, or a meeting that has begun for which somebody with a seat should have one."""
    if cell.minutes is not None:
        return
    if cell.enrollment.state != State.SEATED or not _took_place(cell.meeting):
        raise NothingToDispute


def _took_place(meeting: Meeting) -> bool:
    called_off = meeting.offering.cancelled_at
    return meeting.starts_at <= clock.now() and (called_off is None or meeting.starts_at < called_off)


def dispute(cell: Cell, text: str, *, by: Person) -> Dispute:
    """Ask whether this mark is right. The trainer is asked first; where there is none, or where whose mark it is
    teaches the session themself, a coordinator decides."""
    refuse_to_dispute(cell)
    offering = cell.meeting.offering
    is_for_trainer = offering.trainer_id is not None and not teaches(by, offering)
    made = Dispute(
        enrollment=cell.enrollment,
        meeting=cell.meeting,
        state=DisputeState.WITH_TRAINER if is_for_trainer else DisputeState.WITH_COORDINATOR,
        opened_at=clock.now(),
    )
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError as error:
        raise OpenAlready from error
    _say(made, DisputeAct.OPENED, text, by)
    return made


def answer(dispute: Dispute, seen: int, text: str, minutes: int | None, *, by: Person) -> None:
    """The trainer's answer; `minutes` None keeps the mark as it is."""
    _take(dispute, seen, DisputeState.WITH_TRAINER)
    change = _correct(dispute, minutes, by)
    dispute.state = DisputeState.ANSWERED
    _say(dispute, DisputeAct.ANSWERED, text, by, change)


def accept(dispute: Dispute, seen: int, *, by: Person) -> None:
    """Whose mark it is lets it rest."""
    _take(dispute, seen, *OPEN)
    _settle(dispute)
    _say(dispute, DisputeAct.ACCEPTED, "", by)


def pass_on(dispute: Dispute, seen: int, text: str, *, by: Person) -> None:
    """Whose mark it is does not agree with the answer and asks a coordinator."""
    _take(dispute, seen, DisputeState.ANSWERED)
    dispute.state = DisputeState.WITH_COORDINATOR
    _say(dispute, DisputeAct.PASSED_ON, text, by)


def decide(dispute: Dispute, seen: int, text: str, minutes: int | None, *, by: Person) -> None:
    """A coordinator's last word; `minutes` None keeps the mark as it is."""
    _take(dispute, seen, *OPEN)
    change = _correct(dispute, minutes, by)
    _settle(dispute)
    _say(dispute, DisputeAct.DECIDED, text, by, change)


def _take(dispute: Dispute, seen: int, *states: DisputeState) -> None:
    """Hold the dispute, and refuse when it is not as whoever acts has read it."""
    db.session.refresh(dispute, ("state",), with_for_update=True)
    last = db.session.scalar(
        sa.select(sa.func.max(DisputeEntry.id)).where(DisputeEntry.dispute_id == dispute.id)
    )
    if dispute.state not in states or last != seen:
        raise MovedOn


def _settle(dispute: Dispute) -> None:
    dispute.state, dispute.settled_at = DisputeState.SETTLED, clock.now()


Change = tuple[int | None, int]
"""Minutes before, which are None where there was no mark, and after."""


def _correct(dispute: Dispute, minutes: int | None, by: Person) -> Change | None:
    """Write the mark; where the roster is closed already, the hours follow it at once."""
    offering = dispute.meeting.offering
    hold(offering)
    before = db.session.scalar(
        sa.select(Mark.minutes).where(
            Mark.meeting_id == dispute.meeting_id, Mark.enrollment_id == dispute.enrollment_id
        )
    )
    if minutes is None or minutes == before:
        return None
    cells = [Cell(dispute.meeting, dispute.enrollment, minutes)]
    if attendance_queries.closing_of(offering):
        reason = f"Dispute: the mark at meeting {dispute.meeting.number} was put right."
        attendance.correct(offering, cells, by=by, reason=reason)
    else:
        attendance.mark(offering, cells, by=by)
    return before, minutes


def _say(dispute: Dispute, act: DisputeAct, text: str, by: Person, change: Change | None = None) -> None:
    before, after = change or (None, None)
    entry = DisputeEntry(
        at=clock.now(), by=by, act=act, text=text, minutes_before=before, minutes_after=after
    )
    dispute.entries.append(entry)
    db.session.flush()
    figures: dict[str, Any] = {"before": {"minutes": before}, "after": {"minutes": after}} if change else {}
    audit.note(
        f"dispute.{act}",
        "offering",
        dispute.meeting.offering_id,
        by=by,
        person_id=dispute.enrollment.person_id,
        meeting=dispute.meeting.number,
        **figures,
    )
    letters.send(entry, dispute)
    db.session.flush()
