"""Who may open the page of a group, and as what. For everybody else there is no such page: 404, whoever asks."""

from enum import StrEnum
from typing import NamedTuple

from flask import abort

from catalog.accounts.models import Person
from catalog.courses.access import may_coordinate
from catalog.courses.models import Meeting, Offering
from catalog.enrollment.access import may_lead, may_run, stands_in
from catalog.enrollment.models import Enrollment, State
from catalog.enrollment.queries import live_enrollment
from catalog.groups import queries
from catalog.groups.models import RscSession


class As(StrEnum):
    """facilitator: leads the group or helps to. substitute: leads some of its meetings. member: has a seat.
    coordinator: keeps the roster for the hours and is told no names here."""

    FACILITATOR = "facilitator"
    MEMBER = "member"
    SUBSTITUTE = "substitute"
    COORDINATOR = "coordinator"


class Seen(NamedTuple):
    """A group as one person may see it: all its meetings, or those they lead; `mine` is the seat of a member."""

    group: Offering
    role: As
    meetings: list[Meeting]
    mine: Enrollment | None = None


def group_to_see(person: Person, group_id: int) -> Seen:
    group = queries.group(group_id) or abort(404)
    mine = live_enrollment(person, group)
    if mine and mine.state == State.SEATED:
        return Seen(group, As.MEMBER, group.sittings, mine)
    if _facilitates(person, group):
        return Seen(group, As.FACILITATOR, group.sittings)
    if led := [meeting for meeting in group.sittings if stands_in(person, meeting)]:
        return Seen(group, As.SUBSTITUTE, led)
    if not may_coordinate(person, group):
        abort(404)
    return Seen(group, As.COORDINATOR, group.sittings)


def group_to_lead(person: Person, group_id: int) -> Offering:
    """For those who plan its next term or name a substitute: 404 for strangers, 403 for members."""
    seen = group_to_see(person, group_id)
    if not may_lead(person, seen.group):
        abort(403)
    return seen.group


def meeting_of(group: Offering, meeting_id: int) -> Meeting:
    found = (meeting for meeting in group.sittings if meeting.id == meeting_id)
    return next(found, None) or abort(404)


def _facilitates(person: Person, group: Offering) -> bool:
    """Leads it or helps to; a coordinator as such does not."""
    helps = any(helper.id == person.id for meeting in group.meetings for helper in meeting.co_trainers)
    return may_run(person, group) and (group.trainer_id == person.id or helps)


def session_asked(person: Person, session_id: int) -> RscSession:
    """A session for its provider to answer; for everybody else it is not there."""
    found = queries.rsc_session(session_id) or abort(404)
    if found.provider_id != person.id:
        abort(404)
    return found


def session_mine(person: Person, session_id: int) -> RscSession:
    """A session for whoever wrote it down."""
    found = queries.rsc_session(session_id) or abort(404)
    if found.person_id != person.id:
        abort(404)
    return found
