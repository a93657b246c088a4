"""The meetings of an offering: written down, and summed up on it."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from catalog.accounts.models import Person
from catalog.courses.models import Meeting, Offering
from catalog.courses.refusals import MeetingHasMarks
from catalog.courses.services.timing import Timed
from catalog.extensions import db
from catalog.wording import day

EVENING = 17
"""From five o'clock in the afternoon on, by the wall clock, a meeting is in the evening."""


def write(offering: Offering, planned: Sequence[Timed]) -> None:
    """Make the offering's meetings be these, in this order, and sum them up.

    Raises MeetingHasMarks when attendance was written down for one that is left out."""
    known: dict[int | None, Meeting] = {meeting.id: meeting for meeting in offering.meetings}
    kept = {one.row.meeting_id for one in planned}
    _take_out(offering, [meeting for meeting in known.values() if meeting.id not in kept])
    # Numbers are unique within an offering, so all of them step aside before they are given anew.
    for meeting in offering.meetings:
        meeting.number = -abs(meeting.number)
    db.session.flush()
    people = _people(planned)
    for number, one in enumerate(planned, 1):
        is_known = one.row.meeting_id in known
        meeting = known.pop(one.row.meeting_id) if is_known else _added(offering)
        _set(meeting, one, number)
        meeting.co_trainers = [people[person_id] for person_id in sorted(one.row.co_trainer_ids)]
        _name_substitute(meeting, people.get(one.row.substitute_id or 0))
    db.session.flush()
    offering.meetings.sort(key=lambda meeting: meeting.number)
    sum_up(offering)


def _added(offering: Offering) -> Meeting:
    meeting = Meeting()
    offering.meetings.append(meeting)
    return meeting


def _set(meeting: Meeting, one: Timed, number: int) -> None:
    row = one.row
    meeting.number, meeting.starts_at, meeting.ends_at = number, one.starts_at, one.ends_at
    meeting.starts_wall, meeting.ends_wall = row.starts, row.ends
    meeting.break_minutes, meeting.minutes, meeting.ledger = row.break_minutes, one.minutes, row.ledger
    # What a group talks about is written down nowhere.
    meeting.title = "" if meeting.offering.is_group else row.title
    meeting.place, meeting.kind = row.place, row.kind


def _name_substitute(meeting: Meeting, person: Person | None) -> None:
    """Whoever leads the whole offering stands in for nobody."""
    meeting.substitute = person if person and person.id != meeting.offering.trainer_id else None


def _take_out(offering: Offering, meetings: list[Meeting]) -> None:
    """Attendance lives on a floor above; the database says whether any of it names the meeting."""
    for meeting in meetings:
        when = day(meeting.starts_wall)
        try:
            with db.session.begin_nested():
                offering.meetings.remove(meeting)
                db.session.flush()
        except IntegrityError as error:
            raise MeetingHasMarks(when) from error


def _people(planned: Sequence[Timed]) -> dict[int, Person]:
    ids = {person_id for one in planned for person_id in one.row.co_trainer_ids}
    ids |= {one.row.substitute_id for one in planned if one.row.substitute_id}
    return (
        {person.id: person for person in db.session.scalars(sa.select(Person).where(Person.id.in_(ids)))}
        if ids
        else {}
    )


def sum_up(offering: Offering) -> None:
    """Repeat on the offering what its sittings say, for the catalog to filter and sort by: when people come, and for
    how long. What is self-paced has no sittings, and is as long as its own work."""
    meetings = offering.sittings
    offering.starts_at = min((meeting.starts_at for meeting in meetings), default=None)
    offering.ends_at = max((meeting.ends_at for meeting in meetings), default=None)
    offering.minutes = sum(meeting.minutes for meeting in meetings or offering.meetings)
    offering.weekdays = 0
    for meeting in meetings:
        offering.weekdays |= 1 << meeting.starts_wall.weekday()
    offering.is_evening = any(meeting.starts_wall.hour >= EVENING for meeting in meetings)
    db.session.flush()
