"""The queue moves: whoever frees a seat calls this in the same transaction."""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from catalog import clock
from catalog.accounts.models import Person
from catalog.courses.models import Offering
from catalog.enrollment import letters, offers, queries, seats
from catalog.enrollment.models import IS_OFFERED, Enrollment, State
from catalog.enrollment.refusals import EnrollmentClosed, GroupClosed, RosterSettled
from catalog.extensions import db
from catalog.notices import audit
from catalog.notices import services as notices
from catalog.notices.queries import told

LATE = timedelta(hours=1)
"""A letter that left within it took nobody's time."""


def hold(enrollment: Enrollment) -> None:
    """Keep everybody else from deciding about this offering, and read the enrollment as it stands now."""
    seats.lock(enrollment.offering)
    db.session.refresh(enrollment, ["state", "seat_id", "offer_ends_at", "queued_at"])


def end(enrollment: Enrollment, state: State) -> None:
    """Bring the enrollment to an end and give back its seat, if it held one. The row stays."""
    enrollment.state = state
    enrollment.ended_at = clock.now()
    seats.free(enrollment)


def move_queue(offering: Offering) -> None:
    """Give every free seat to the next in the queue: an offer to decide on, or on the last day the seat itself.

    The offering must be locked. A session that was cancelled or has begun seats nobody any more; a group does until
    the meeting before which it fills its vacancies."""
    now = clock.now()
    if offering.is_cancelled or offering.rests(now):
        return
    while enrollment := queries.first_waiting(offering):
        seat_id = seats.take(offering)
        if seat_id is None:
            return
        give(enrollment, seat_id, now)


def give(enrollment: Enrollment, seat_id: int, now: datetime) -> None:
    """The seat goes to somebody who waited."""
    offering = enrollment.offering
    wait = offers.time_to_decide(now, offering.rests_at)
    enrollment.seat_id = seat_id
    if wait is None or offering.capacity is None:
        enrollment.state = State.SEATED
        _note("enrollment.promoted", enrollment)
        letters.promoted(enrollment)
    else:
        enrollment.state = State.OFFERED
        _offer(enrollment, wait, now, "enrollment.offered")
    db.session.flush()


def _offer(enrollment: Enrollment, wait: timedelta, now: datetime, action: str) -> None:
    """Hold the seat for so long from now, and say so."""
    enrollment.offer_ends_at = now + wait
    until = enrollment.offer_ends_at.isoformat()
    _note(action, enrollment, offer_ends_at=until)
    letters.offered(enrollment)
    notices.queue("lapse_offer", {"enrollment_id": enrollment.id}, at=enrollment.offer_ends_at)
    reminder = {"enrollment_id": enrollment.id, "until": until}
    notices.queue("remind_of_offer", reminder, at=now + wait / 2)


def hold_longer(enrollment: Enrollment) -> bool:
    """An offer that has run out is held on where its letter left late, or not yet: mail or the worker was away, and
    nobody is to lose their turn unheard. False where the person had their time, or none is left."""
    hold(enrollment)
    if enrollment.state != State.OFFERED or not has_run_out(enrollment) or enrollment.offering.is_cancelled:
        return False
    now = clock.now()
    more = _time_lost(enrollment, now)
    if more is None:
        return False
    _offer(enrollment, more, now, "enrollment.held_longer")
    db.session.flush()
    return True


def _time_lost(enrollment: Enrollment, now: datetime) -> timedelta | None:
    letter = told(letters.offer_key(enrollment))
    longest = offers.time_to_decide(now, enrollment.offering.rests_at)
    if letter is None or longest is None or enrollment.offer_ends_at is None:
        return None
    # Who was given weeks, as for the next term of a group, and learned of it late still had time to decide.
    meant = min(enrollment.offer_ends_at - letter.asked_at, offers.LONGEST)
    if letter.left_at is None:
        return min(meant, longest)
    if letter.left_at - letter.asked_at <= LATE or letter.left_at + meant <= now:
        return None
    return min(letter.left_at + meant - now, longest)


def lapse(enrollment: Enrollment) -> None:
    """End an offer nobody answered in time, and ask the next person. Does nothing to any other enrollment."""
    hold(enrollment)
    if enrollment.state != State.OFFERED or not has_run_out(enrollment):
        return
    end(enrollment, State.LAPSED)
    note("enrollment.lapsed", enrollment, by=None)
    if not enrollment.offering.is_cancelled:
        letters.lapsed(enrollment)
    move_queue(enrollment.offering)


def lapse_offers() -> int:
    """End every offer that has run out; how many there were."""
    due = db.session.scalars(
        sa.select(Enrollment).where(IS_OFFERED, Enrollment.offer_ends_at <= clock.now())
    ).all()
    for enrollment in due:
        lapse(enrollment)
    return len(due)


def settle_queue(offering: Offering) -> None:
    """Let the queue move after something else about the offering changed, such as its date."""
    seats.lock(offering)
    move_queue(offering)


def wait_for_joiners(offering: Offering) -> None:
    """Wait for everybody who is joining this moment: whoever read the offering before it was changed is on its roster
    when this returns, and whoever comes later reads it as it stands. The offering must be locked."""
    seats.wait_for_takers(offering)


def is_held() -> None:
    """For `seat_or_queue`, by whoever has locked the offering and asked then: nothing can have changed since."""


def refuse_if_settled(offering: Offering) -> None:
    """What people's hours were reckoned from stays as it is."""
    if offering.settled_at is not None:
        raise RosterSettled


def refuse_if_closed_group(offering: Offering) -> None:
    """The circle is closed: nobody is asked or let in any more."""
    if offering.is_group and offering.rests(clock.now()):
        raise GroupClosed


def refuse_if_over(offering: Offering) -> None:
    """Nothing about the places of a session is decided after it, or when it was called off."""
    refuse_if_settled(offering)
    if offering.is_cancelled:
        raise EnrollmentClosed("This session was cancelled.")
    if offering.is_over(clock.now()):
        raise EnrollmentClosed("This session is over.")


def has_run_out(enrollment: Enrollment) -> bool:
    return enrollment.offer_ends_at is not None and enrollment.offer_ends_at <= clock.now()


def note(
    action: str, enrollment: Enrollment, *, by: Person | None, reason: str | None = None, **details: Any
) -> None:
    """Write the movement down under its offering, where the queue's history is read."""
    audit.note(
        action,
        "offering",
        enrollment.offering_id,
        by=by,
        person_id=enrollment.person_id,
        reason=reason,
        enrollment_id=enrollment.id,
        **details,
    )


def _note(action: str, enrollment: Enrollment, **details: Any) -> None:
    note(action, enrollment, by=None, **details)
