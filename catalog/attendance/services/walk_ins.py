"""People who come without being on the roster: found or new, given a seat, and marked as here."""

from catalog import clock
from catalog.accounts import queries as accounts
from catalog.accounts import services as people
from catalog.accounts.claims import is_unclaimed
from catalog.accounts.models import Person
from catalog.attendance import finding
from catalog.attendance.refusals import ClosedGroup, NobodyAtTheDoor, NoRoom
from catalog.attendance.services.marking import hold, mark
from catalog.attendance.sheet import Cell
from catalog.courses.models import Meeting, Offering, WhenFull
from catalog.enrollment import queries as seating
from catalog.enrollment import services as enrollment
from catalog.enrollment.models import Enrollment, State
from catalog.enrollment.refusals import OfferingFull
from catalog.notices import audit
from catalog.notices.claiming import invite

REASON = "Came to the meeting"


def walk_in(person: Person, offering: Offering, *, by: Person) -> Enrollment:
    """A seat for somebody who came; whoever has one already keeps it.

    Raises NoRoom when no seat is free for them. While the session has not begun, that is also so when others wait:
    the next seat is theirs. Whoever waits, or has been asked, is seated by those who run the session. Nobody walks
    into a group: raises ClosedGroup."""
    hold(offering)
    mine = seating.live_enrollment(person, offering)
    if offering.is_group and (mine is None or mine.state != State.SEATED):
        raise ClosedGroup
    if mine is None:
        refuse_at_door(offering, by)
        mine = _added(person, offering, by)
    elif mine.state != State.SEATED:
        try:
            enrollment.seat_now(mine, by=by, reason=REASON)
        except OfferingFull as refusal:
            raise NoRoom from refusal
    return mine


def refuse_at_door(offering: Offering, by: Person) -> None:
    """Where nobody is let in without a seat, only a coordinator does it all the same; the reason is written down."""
    if offering.when_full == WhenFull.NEITHER and not by.is_coordinator:
        raise NobodyAtTheDoor


def _added(person: Person, offering: Offering, by: Person) -> Enrollment:
    try:
        added = enrollment.add(person, offering, by=by, reason=REASON)
    except OfferingFull as refusal:
        raise NoRoom from refusal
    if added.state != State.SEATED:
        raise NoRoom
    return added


def take_in(person: Person, meeting: Meeting, *, by: Person) -> Enrollment:
    """A seat, and the mark that they are here: both or neither. Whoever is marked already stays as marked."""
    enrolled = walk_in(person, meeting.offering, by=by)
    if not finding.is_marked(meeting.id, enrolled.id):
        mark(meeting.offering, [Cell(meeting, enrolled, meeting.minutes)], by=by)
    return enrolled


def make_room(person: Person, offering: Offering, *, by: Person) -> None:
    """One seat more, for this person.

    Before the session begins a new seat goes to whoever is first in the queue; so the person is put there, with the
    reason that the exception to its order needs."""
    hold(offering)
    if offering.is_group:
        raise ClosedGroup
    mine = seating.live_enrollment(person, offering)
    # Of the same form sent twice, the second finds them seated.
    if offering.capacity is None or (mine and mine.state == State.SEATED):
        return
    refuse_at_door(offering, by)
    if offering.has_waitlist and not offering.has_begun(clock.now()):
        waits = mine or enrollment.add(person, offering, by=by, reason=REASON)
        if waits.state == State.WAITING:
            enrollment.put_first(waits, by=by, reason=REASON)
    enrollment.change_capacity(offering, offering.capacity + 1, by=by)


def new_person(name: str, email: str, *, by: Person) -> Person:
    """An account for somebody who has none, which they claim by the link they are sent.

    Where the address has an account already, it is that person; their name stays as they wrote it."""
    try:
        person = people.add_unclaimed(name, email)
    except people.EmailTaken:
        known = accounts.person_with_email(email)
        if known is None:
            raise
        person = known
    else:
        audit.note("person.added", "person", person.id, by=by, person_id=person.id)
    if is_unclaimed(person):
        invite(person, by=by)
    return person
