"""What a person does for themself: join, answer an offer, withdraw."""

from datetime import datetime

from sqlalchemy.exc import IntegrityError

from catalog import clock
from catalog.accounts.models import Person
from catalog.accounts.services import refuse_closed, refuse_unverified
from catalog.courses.models import Kind, Offering
from catalog.courses.queries import rsc_warning
from catalog.enrollment import letters, queries, seats
from catalog.enrollment.models import LIVE, Enrollment, State
from catalog.enrollment.refusals import (
    AlreadyEnrolled,
    AnswerNeeded,
    EnrollmentClosed,
    NothingToDecide,
    NoWaitlist,
    OfferRanOut,
)
from catalog.enrollment.services import at_once
from catalog.enrollment.services.queue import end, has_run_out, hold, move_queue, note, refuse_if_over
from catalog.extensions import db


def enroll(
    person: Person,
    offering: Offering,
    *,
    by: Person,
    answer: str = "",
    access_request: str = "",
    warned: bool = False,
    is_first: bool = False,
) -> Enrollment:
    """Join: a seat if one is free and nobody waits for it, else a place in the queue.

    `warned` is whether the page said that RSC hours will not count; what it said is kept in the trail.
    Where approval, an answer or an earlier course is asked for, it becomes a request for somebody to decide.
    `is_first` says that nothing was written before in this transaction and nothing else shall be, so that it may be
    given up and begun anew, and that a seat may be committed as soon as it is taken.
    Raises NotVerified for whoever does so themself at an address that is not proven. Raises EnrollmentClosed,
    NoWaitlist, AnswerNeeded or AlreadyEnrolled; after the last the transaction is over."""
    refuse_if_closed(offering)
    if by.id == person.id:
        refuse_unverified(person)
    refuse_without_answer(offering, answer)
    # Only these give RSC hours, unless a page has looked at the meetings; the rest join without another query.
    gives_rsc = offering.course.kind == Kind.REFLECTIVE_GROUP or bool(offering.course.rsc_minutes)
    if is_first and not (gives_rsc or warned) and looks_common(person, offering):
        if enrollment := seat_at_once(person, offering, by=by, access_request=access_request.strip()):
            return enrollment
        refuse_if_closed(offering)
        refuse_without_answer(offering, answer)
    enrollment = Enrollment(
        offering=offering,
        person=person,
        joined_at=clock.now(),
        answer=answer.strip(),
        access_request=access_request.strip(),
    )
    if must_ask(person, offering):
        request(enrollment)
    else:
        _seat_queue_or_request(enrollment)
    add_row(enrollment)
    warning = rsc_warning(offering) if gives_rsc or warned else ""
    note(f"enrollment.{enrollment.state}", enrollment, by=by, **({"told": warning} if warning else {}))
    letters.joined(enrollment, warning)
    db.session.flush()
    return enrollment


def seat_at_once(person: Person, offering: Offering, *, by: Person, access_request: str) -> Enrollment | None:
    """The common way, in as few statements as it takes. None where it is not as common as it looked; then the
    transaction has begun anew, and the offering stands as it is now."""
    try:
        enrollment = at_once.seat(person, offering, by=by, access_request=access_request)
    except IntegrityError as error:
        raise _already_enrolled(error) from error
    if enrollment is None:
        if db.engine.dialect.name == "postgresql":
            # Also lets go of a seat that was looked at in vain; see seats.take_without_lock.
            db.session.rollback()
        seats.read_anew(offering)
    return enrollment


def refuse_if_closed(offering: Offering) -> None:
    if reason := queries.why_closed(offering):
        raise EnrollmentClosed(reason)


def refuse_without_answer(offering: Offering, answer: str) -> None:
    if offering.question and not answer.strip():
        raise AnswerNeeded


def must_ask(person: Person, offering: Offering) -> bool:
    """Whether somebody has to decide before this person gets a seat."""
    return (
        offering.needs_approval
        or bool(offering.question)
        or bool(queries.missing_prerequisites(person, offering.course))
    )


def looks_common(person: Person, offering: Offering) -> bool:
    """Whether a seat looks free, as it was read a moment ago, and nobody has to decide who gets it."""
    return offering.looks_free and offering.capacity is not None and not must_ask(person, offering)


def _seat_queue_or_request(enrollment: Enrollment) -> None:
    """A seat or a place in the queue, by the rules as they are when it is given: whoever writes them may do so this
    moment, and then somebody has to decide after all. Raises AnswerNeeded where that needs an answer."""
    person, offering = enrollment.person, enrollment.offering

    def still() -> None:
        refuse_if_closed(offering)
        if must_ask(person, offering):
            raise _MustAsk

    try:
        seat_or_queue(enrollment, still=still)
    except _MustAsk:
        refuse_without_answer(offering, enrollment.answer)
        request(enrollment)


class _MustAsk(Exception):
    """Somebody has to decide, as was not so a moment ago."""


def request(enrollment: Enrollment) -> None:
    """Ask for a seat, for somebody to decide. Raises NoWaitlist where there will be none."""
    # Whoever tells people of a change waits for those who ask this moment, as for those who take a seat.
    seats.lock(enrollment.offering)
    refuse_if_closed(enrollment.offering)
    if queries.is_full_for_good(enrollment.offering):
        raise NoWaitlist
    enrollment.state = State.REQUESTED


def seat_or_queue(enrollment: Enrollment, *, still: seats.Still, since: datetime | None = None) -> None:
    """Give the enrollment a seat if one is free and nobody waits for it, else its place in the queue.

    The place is the end of the queue, unless the person has been waiting for an answer `since` earlier. Once the
    session has begun nobody moves up any more, so a seat that is free then is kept for nobody. `still` looks again
    whether they may, where the session was changed meanwhile. Raises NoWaitlist, and what `still` raises."""
    offering = enrollment.offering
    behind_queue = not offering.rests(clock.now())
    seat_id = seats.take_without_lock(offering, behind_queue=behind_queue, still=still)
    if seat_id is None and db.engine.dialect.name == "postgresql":
        # Somebody may be giving a seat back this moment, or taking one in vain, or changing the session. Wait for
        # them, and look again.
        seats.lock(offering)
        still()
        seat_id = seats.take(offering, behind_queue=behind_queue, waits=True)
    if seat_id is None and not offering.has_waitlist:
        raise NoWaitlist
    if seat_id is None:
        enrollment.state = State.WAITING
        enrollment.queued_at = since or clock.now()
    else:
        enrollment.state = State.SEATED
        enrollment.seat_id = seat_id


def add_row(enrollment: Enrollment) -> None:
    """Write the new row; the database decides whether the person is on the offering already."""
    refuse_closed(enrollment.person)
    try:
        db.session.add(enrollment)
        db.session.flush()
    except IntegrityError as error:
        raise _already_enrolled(error) from error


def _already_enrolled(error: IntegrityError) -> Exception:
    """What the database refused; the transaction is over."""
    db.session.rollback()
    is_live = "uq_enrollment_live" in str(error.orig) or "enrollment.person_id" in str(error.orig)
    return AlreadyEnrolled() if is_live else error


def withdraw(enrollment: Enrollment, *, by: Person) -> None:
    """Leave. A seat that comes free goes to the next in the queue in this same transaction."""
    hold(enrollment)
    if enrollment.state not in LIVE:
        raise NothingToDecide
    if not enrollment.offering.is_cancelled:
        refuse_if_over(enrollment.offering)
    before = enrollment.state
    end(enrollment, State.WITHDRAWN)
    note("enrollment.withdrawn", enrollment, by=by, before=before)
    letters.withdrawn(enrollment)
    move_queue(enrollment.offering)


def accept(enrollment: Enrollment, *, by: Person) -> None:
    """Take the offered seat. Raises OfferRanOut when it came too late, NothingToDecide when there is no offer."""
    hold(enrollment)
    if enrollment.state in (State.LAPSED, State.OFFERED) and (
        enrollment.state == State.LAPSED or has_run_out(enrollment)
    ):
        raise OfferRanOut
    if enrollment.state != State.OFFERED:
        raise NothingToDecide
    refuse_if_over(enrollment.offering)
    refuse_unverified(by)
    enrollment.state = State.SEATED
    enrollment.offer_ends_at = None
    note("enrollment.accepted", enrollment, by=by)
    letters.accepted(enrollment)
    db.session.flush()


def decline(enrollment: Enrollment, *, by: Person) -> None:
    """Give the offered seat back; the next person is asked in the same transaction."""
    hold(enrollment)
    if enrollment.state != State.OFFERED:
        raise NothingToDecide
    end(enrollment, State.DECLINED)
    note("enrollment.declined", enrollment, by=by)
    letters.declined(enrollment)
    move_queue(enrollment.offering)
