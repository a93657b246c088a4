"""Writes: opening and closing the door, coming and leaving. They flush; whoever calls commits."""

import secrets

from catalog import clock
from catalog.accounts.models import Person
from catalog.accounts.services import refuse_unverified
from catalog.attendance import services as attendance
from catalog.attendance.models import Method
from catalog.attendance.presence import Span, minutes_present
from catalog.attendance.refusals import NoRoom
from catalog.attendance.services.marking import hold
from catalog.attendance.sheet import Cell
from catalog.checkin import queries
from catalog.checkin.models import LEAVING, Door
from catalog.checkin.queries import Act, Standing
from catalog.checkin.refusals import AllSeatsTaken, NoDoor, NothingLeft, NotNow, NoWalkIns
from catalog.courses.models import Meeting
from catalog.extensions import db, insert
from catalog.notices import audit


def open_door(
    meeting: Meeting,
    *,
    by: Person,
    allows_walk_ins: bool = False,
    checks_out: bool = False,
    prints: bool = False,
) -> Door:
    """Open the door of a meeting, or change what an open one allows. Codes that were shown stay good.

    The printed code is made when it is chosen and gone when it is not; chosen again, it is another one."""
    refuse_if_over(meeting)
    if allows_walk_ins and (sentence := queries.why_no_walk_ins(meeting.offering)):
        raise NoWalkIns(sentence)
    door = queries.door_of(meeting.id) or _put_in(meeting, by)
    action = "checkin.changed" if door.is_open else "checkin.opened"
    if not door.is_open or action == "checkin.opened":
        door.is_open, door.opened_at, door.opened_by_id = True, clock.now(), by.id
    door.allows_walk_ins, door.checks_out = allows_walk_ins, checks_out
    door.printed_secret = (door.printed_secret or _secret()) if prints else None
    db.session.flush()
    _note(action, door, by, {"walk_ins": allows_walk_ins, "check_out": checks_out, "paper": prints})
    return door


def _put_in(meeting: Meeting, by: Person) -> Door:
    """A door that is not open yet. Of two who put one in at once, the second one gets what the first one opened."""
    values = {"meeting_id": meeting.id, "secret": _secret(), "is_open": False}
    values |= {"opened_at": clock.now(), "opened_by_id": by.id}
    db.session.execute(insert(Door).values(**values).on_conflict_do_nothing())
    return db.session.get_one(Door, meeting.id)


def refuse_if_over(meeting: Meeting) -> None:
    over = meeting.ends_at + LEAVING <= clock.now()
    if meeting.offering.is_cancelled or meeting.is_own_work or over:
        raise NoDoor


def close_door(door: Door, *, by: Person) -> None:
    """No code opens anything any more. Opened again, it has new ones."""
    door.is_open = False
    _renew(door)
    _note("checkin.closed", door, by)


def new_codes(door: Door, *, by: Person) -> None:
    """Void every code there is, on screens, on paper and in people's ears."""
    _renew(door)
    _note("checkin.renewed", door, by)


def _renew(door: Door) -> None:
    door.secret = _secret()
    door.printed_secret = _secret() if door.printed_secret else None
    db.session.flush()


def _secret() -> str:
    return secrets.token_hex(32)


def _note(action: str, door: Door, by: Person, allows: dict[str, bool] | None = None) -> None:
    of, number = door.meeting.offering_id, door.meeting.number
    if allows is None:
        audit.note(action, "offering", of, by=by, meeting=number)
    else:
        audit.note(action, "offering", of, by=by, meeting=number, allows=allows)


def act(do: Act, person: Person, meeting: Meeting, *, method: Method) -> None:
    """Come, leave, or take a seat and come. Whoever did it already stays as written down.

    Raises NotNow with the sentence that says what is in the way, AllSeatsTaken or NothingLeft."""
    hold(meeting.offering)
    standing = queries.standing(person, meeting, clock.now())
    if standing.act != do:
        if standing.why_not:
            raise NotNow(standing.why_not)
        return
    if do == Act.WALK_IN:
        refuse_unverified(person)
        standing = _seated(standing, person)
    if do == Act.LEAVE:
        _leave(standing, person, method)
    else:
        _come(standing, person, method)


def _seated(standing: Standing, person: Person) -> Standing:
    try:
        attendance.walk_in(person, standing.meeting.offering, by=person)
    except NoRoom as refusal:
        raise AllSeatsTaken from refusal
    return queries.standing(person, standing.meeting, standing.at)


def _come(standing: Standing, person: Person, method: Method) -> None:
    """Here from now on, or from the start for whoever is early. Where leaving is checked, that is still open."""
    meeting, door = standing.meeting, standing.door
    came_at = max(standing.at, meeting.starts_at)
    minutes = minutes_present(meeting, [Span(came_at, meeting.ends_at)])
    if standing.enrollment is None or door is None or minutes == 0:
        raise NothingLeft
    cell = Cell(meeting, standing.enrollment, minutes, came_at=came_at, is_open=door.checks_out)
    attendance.mark(meeting.offering, [cell], by=person, method=method)


def _leave(standing: Standing, person: Person, method: Method) -> None:
    meeting = standing.meeting
    left_at = min(max(standing.at, standing.came_at), meeting.ends_at)
    minutes = minutes_present(meeting, [Span(standing.came_at, left_at)])
    if standing.enrollment is None:
        raise NothingLeft
    cell = Cell(meeting, standing.enrollment, minutes, came_at=standing.came_at, left_at=left_at)
    attendance.mark(meeting.offering, [cell], by=person, method=method)
