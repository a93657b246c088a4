"""One meeting is changed, and what changed about it is carried to those after it, or to all."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from catalog.accounts.models import Person
from catalog.courses import services as courses
from catalog.courses.models import Meeting, Offering
from catalog.courses.services import Row


class Scope(StrEnum):
    THIS = "this"
    FOLLOWING = "following"
    ALL = "all"


class Wanted(NamedTuple):
    """How the meeting should be. What is as it stands there is carried to no other either."""

    starts: datetime
    ends: datetime
    place: str
    co_trainer_ids: frozenset[int]
    substitute_id: int | None


def edit_series(
    offering: Offering, meeting: Meeting, wanted: Wanted, scope: Scope, version: int, *, by: Person
) -> list[str]:
    """Change the meeting and, by the same, the others of the scope; gives the changes in sentences.

    A day is carried as so many days earlier or later, a time as that time by the wall clock. Everyone on the session
    is told once, in one letter with all changes. Raises FieldsRefused naming the meetings, where attendance is
    written down or two would overlap, or Stale."""
    meant = {one.id for one in _meant(offering, meeting, scope)}
    rows = [
        _changed(row, meeting, wanted) if one.id in meant else row
        for one, row in ((one, _row(one, position)) for position, one in enumerate(offering.sittings))
    ]
    rows += [_row(one, position) for position, one in enumerate(offering.own_work)]
    return courses.edit_offering(offering, {"zone": offering.zone}, rows, version, by=by)


def _meant(offering: Offering, meeting: Meeting, scope: Scope) -> Sequence[Meeting]:
    if scope == Scope.THIS:
        return [meeting]
    return [one for one in offering.sittings if scope == Scope.ALL or one.number >= meeting.number]


def _changed(row: Row, meeting: Meeting, wanted: Wanted) -> Row:
    days = wanted.starts.date() - meeting.starts_wall.date()
    row = row._replace(starts=row.starts + days, ends=row.ends + days)
    if wanted.starts.time() != meeting.starts_wall.time():
        row = row._replace(starts=datetime.combine(row.starts.date(), wanted.starts.time()))
    if wanted.ends.time() != meeting.ends_wall.time():
        row = row._replace(ends=datetime.combine(row.ends.date(), wanted.ends.time()))
    if wanted.place != meeting.place:
        row = row._replace(place=wanted.place)
    if wanted.co_trainer_ids != _ids(meeting):
        row = row._replace(co_trainer_ids=wanted.co_trainer_ids)
    if wanted.substitute_id != _substitute_id(meeting):
        row = row._replace(substitute_id=wanted.substitute_id)
    return row


def _row(meeting: Meeting, position: int) -> Row:
    return Row(
        position,
        meeting.id,
        meeting.starts_wall,
        meeting.ends_wall,
        meeting.break_minutes,
        meeting.ledger,
        meeting.title,
        meeting.place,
        _ids(meeting),
        meeting.kind,
        meeting.minutes,
        _substitute_id(meeting),
    )


def _substitute_id(meeting: Meeting) -> int | None:
    return meeting.substitute.id if meeting.substitute else None


def _ids(meeting: Meeting) -> frozenset[int]:
    return frozenset(person.id for person in meeting.co_trainers)
