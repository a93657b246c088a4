"""What trainers and coordinators do with other people's places. Exceptions to the queue need a reason."""

from datetime import timedelta

from catalog import clock
from catalog.accounts.models import Person
from catalog.courses.models import Offering, OfferingState
from catalog.courses.queries import rsc_warning
from catalog.courses.services import refuse_group_of, tell_staff
from catalog.enrollment import letters, queries, seats
from catalog.enrollment.models import LIVE, Enrollment, State
from catalog.enrollment.refusals import (
    EnrollmentClosed,
    NothingToDecide,
    OfferingFull,
    SameOffering,
)
from catalog.enrollment.services.joining import add_row, seat_or_queue
from catalog.enrollment.services.queue import (
    end,
    hold,
    is_held,
    move_queue,
    note,
    refuse_if_closed_group,
    refuse_if_over,
    refuse_if_settled,
)
from catalog.errors import ReasonNeeded
from catalog.extensions import db
from catalog.notices import audit


def approve(enrollment: Enrollment, *, by: Person) -> None:
    """Say yes to a request: a seat, or a place in the queue by the time the person asked."""
    hold(enrollment)
    if enrollment.state != State.REQUESTED:
        raise NothingToDecide
    refuse_if_over(enrollment.offering)
    refuse_if_closed_group(enrollment.offering)
    seat_or_queue(enrollment, still=is_held, since=enrollment.joined_at)
    db.session.flush()
    note("enrollment.approved", enrollment, by=by, after=enrollment.state)
    letters.joined(enrollment)


def refuse(enrollment: Enrollment, *, by: Person, reason: str) -> None:
    """Say no to a request; the person reads the reason."""
    reason = _written(reason)
    hold(enrollment)
    if enrollment.state != State.REQUESTED:
        raise NothingToDecide
    end(enrollment, State.REFUSED)
    note("enrollment.refused", enrollment, by=by, reason=reason)
    letters.refused(enrollment, reason)


def add(person: Person, offering: Offering, *, by: Person, reason: str = "") -> Enrollment:
    """Put a person on an offering, also outside the enrollment window: a seat, or the end of the queue.

    Also after the session, for somebody who was there and not on the list, while the roster is open; into a group
    that is closed and goes on only with the reason written down."""

    def may() -> None:
        refuse_if_settled(offering)
        if offering.is_cancelled:
            raise EnrollmentClosed("This session was cancelled.")
        if not reason.strip() and not offering.is_over(clock.now()):
            refuse_if_closed_group(offering)

    may()
    enrollment = Enrollment(offering=offering, person=person, joined_at=clock.now())
    seat_or_queue(enrollment, still=may)
    if enrollment.state == State.WAITING and offering.rests(clock.now()):
        raise OfferingFull(
            "There is no free seat, and nobody moves up any more. Raise the number of seats first."
        )
    add_row(enrollment)
    note("enrollment.added", enrollment, by=by, reason=reason.strip() or None, after=enrollment.state)
    letters.joined(enrollment, rsc_warning(offering))
    return enrollment


def remove(enrollment: Enrollment, *, by: Person, reason: str) -> None:
    """Take somebody off; the freed seat goes to the next in the queue."""
    reason = _written(reason)
    hold(enrollment)
    if enrollment.state not in LIVE:
        raise NothingToDecide
    refuse_if_settled(enrollment.offering)
    before = enrollment.state
    end(enrollment, State.REMOVED)
    note("enrollment.removed", enrollment, by=by, reason=reason, before=before)
    letters.removed(enrollment, reason)
    move_queue(enrollment.offering)


def move(enrollment: Enrollment, to: Offering, *, by: Person, reason: str) -> Enrollment:
    """Move somebody to another offering, where they keep the time at which they joined."""
    reason = _written(reason)
    if to.id == enrollment.offering_id:
        raise SameOffering
    # Always in the same order, so that two moves in opposite directions do not wait for each other.
    for offering in sorted((enrollment.offering, to), key=lambda offering: offering.id):
        seats.lock(offering)
    hold(enrollment)
    if to.is_cancelled or not to.course.is_public:
        raise EnrollmentClosed("That session was cancelled, or its course is not published.")
    refuse_if_settled(enrollment.offering)
    refuse_if_over(to)
    refuse_if_closed_group(to)
    if enrollment.state not in LIVE:
        raise NothingToDecide
    moved = Enrollment(
        offering=to,
        person=enrollment.person,
        joined_at=enrollment.joined_at,
        answer=enrollment.answer,
        access_request=enrollment.access_request,
    )
    seat_or_queue(moved, still=is_held, since=enrollment.queued_at or enrollment.joined_at)
    add_row(moved)
    end(enrollment, State.MOVED)
    note("enrollment.moved_away", enrollment, by=by, reason=reason, to=to.id)
    note("enrollment.moved_here", moved, by=by, reason=reason, origin=enrollment.offering_id)
    letters.moved(moved, reason, enrollment.offering_id)
    move_queue(enrollment.offering)
    return moved


def put_first(enrollment: Enrollment, *, by: Person, reason: str) -> None:
    """Let somebody be the next in the queue: the written exception to its order."""
    reason = _written(reason)
    hold(enrollment)
    if enrollment.state != State.WAITING:
        raise NothingToDecide
    first = queries.first_waiting(enrollment.offering)
    if first and first.id != enrollment.id and first.queued_at:
        enrollment.queued_at = first.queued_at - timedelta(microseconds=1)
    db.session.flush()
    note("enrollment.put_first", enrollment, by=by, reason=reason)


def seat_now(enrollment: Enrollment, *, by: Person, reason: str) -> None:
    """Seat somebody who waits or was asked, past those ahead of them. Raises OfferingFull without a free seat."""
    reason = _written(reason)
    hold(enrollment)
    if enrollment.state not in (State.WAITING, State.OFFERED, State.REQUESTED):
        raise NothingToDecide
    refuse_if_settled(enrollment.offering)
    if enrollment.offering.is_cancelled:
        raise EnrollmentClosed("This session was cancelled.")
    seat_id = enrollment.seat_id or seats.take(enrollment.offering)
    if seat_id is None:
        raise OfferingFull
    before = enrollment.state
    enrollment.seat_id = seat_id
    enrollment.offer_ends_at = None
    enrollment.state = State.SEATED
    db.session.flush()
    note("enrollment.seated_out_of_turn", enrollment, by=by, reason=reason, before=before)
    letters.promoted(enrollment)


def change_capacity(offering: Offering, capacity: int | None, *, by: Person) -> None:
    """Raise or lower the number of seats, never below those taken; new seats go to the queue at once."""
    seats.lock(offering)
    refuse_group_of(capacity, offering.course)
    before = offering.capacity
    seats.resize(offering, capacity)
    audit.note("offering.capacity", "offering", offering.id, by=by, before=before, after=capacity)
    move_queue(offering)


def cancel(offering: Offering, *, by: Person, reason: str) -> None:
    """Call the session off and tell everyone who is on it. Their rows stay as they were."""
    reason = _written(reason)
    seats.lock(offering)
    seats.wait_for_takers(offering)
    if offering.is_cancelled:
        raise NothingToDecide
    refuse_if_over(offering)
    offering.state = OfferingState.CANCELLED
    offering.cancel_reason = reason
    offering.version += 1
    offering.cancelled_at = offering.updated_at = clock.now()
    audit.note("offering.cancelled", "offering", offering.id, by=by, reason=reason)
    instead = [one.offering for one in queries.alternatives(offering)]
    for row in queries.roster(offering):
        letters.cancelled(row.enrollment, reason, instead)
    tell_staff(offering)
    db.session.flush()


def _written(reason: str) -> str:
    if not reason.strip():
        raise ReasonNeeded
    return reason.strip()
