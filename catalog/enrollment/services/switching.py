"""Whose session was cancelled moves to another one, by themself, and keeps their turn."""

from catalog.accounts.models import Person
from catalog.accounts.services import refuse_unverified
from catalog.courses.models import Offering
from catalog.courses.queries import rsc_warning
from catalog.enrollment import letters, seats
from catalog.enrollment.models import LIVE, Enrollment, State
from catalog.enrollment.refusals import (
    EnrollmentClosed,
    NotCalledOff,
    SameOffering,
    SwitchedBefore,
    TookPlaceInPart,
)
from catalog.enrollment.services.joining import add_row, must_ask, refuse_if_closed, seat_or_queue
from catalog.enrollment.services.queue import end, hold, is_held, note
from catalog.extensions import db


def switch(enrollment: Enrollment, to: Offering, *, by: Person) -> Enrollment:
    """Move from a cancelled session to another one that is open: a seat, or a place in its queue by when the person
    first joined. Where somebody has to decide, it is a request, as old as that.

    Raises NotCalledOff, SwitchedBefore, TookPlaceInPart, SameOffering, EnrollmentClosed, NoWaitlist or
    AlreadyEnrolled; after the last the transaction is over."""
    refuse_unverified(by)
    if to.id == enrollment.offering_id:
        raise SameOffering
    # Always in the same order, so that two who move in opposite directions do not wait for each other.
    for offering in sorted((enrollment.offering, to), key=lambda offering: offering.id):
        seats.lock(offering)
    hold(enrollment)
    refuse_to_switch(enrollment)
    if not to.course.is_public:
        raise EnrollmentClosed
    refuse_if_closed(to)
    if to.question and to.question != enrollment.offering.question:
        raise EnrollmentClosed(
            "This session asks a question. Take a seat on its page, where you can answer it."
        )
    moved = Enrollment(
        offering=to,
        person=enrollment.person,
        joined_at=enrollment.joined_at,
        answer=enrollment.answer if to.question else "",
        access_request=enrollment.access_request,
    )
    if must_ask(enrollment.person, to):
        moved.state = State.REQUESTED
    else:
        seat_or_queue(moved, still=is_held, since=enrollment.queued_at or enrollment.joined_at)
    add_row(moved)
    end(enrollment, State.MOVED)
    note("enrollment.moved_away", enrollment, by=by, to=to.id)
    note("enrollment.moved_here", moved, by=by, origin=enrollment.offering_id, after=moved.state)
    letters.joined(moved, rsc_warning(to))
    db.session.flush()
    return moved


def refuse_to_switch(enrollment: Enrollment) -> None:
    """Raise the reason why this person cannot be moved from there, if there is one."""
    offering = enrollment.offering
    if not offering.is_cancelled:
        raise NotCalledOff
    if enrollment.state not in LIVE:
        raise SwitchedBefore
    if offering.settled_at or (
        offering.starts_at and offering.cancelled_at and offering.starts_at <= offering.cancelled_at
    ):
        raise TookPlaceInPart
