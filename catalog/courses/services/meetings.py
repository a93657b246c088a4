"""The meetings of an offering: checked against each other, put on the clock, written down."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from catalog.accounts.models import Person
from catalog.competencies.models import Ledger
from catalog.courses import schedule
from catalog.courses.models import Meeting, Offering
from catalog.courses.refusals import FieldsRefused, MeetingHasMarks
from catalog.extensions import db
from catalog.wording import day

LONGEST = timedelta(hours=16)
EVENING = 17
"""From five o'clock in the afternoon on, by the wall clock, a meeting is in the evening."""


Marked = Callable[[Collection[int]], set[int]]
_marked: list[Marked] = []


def knows_marks(find: Marked) -> None:
    """Said once, when the application starts, by the feature that writes attendance down: `find` gives those of
    the meetings with these ids that somebody was marked at."""
    _marked.append(find)


class Row(NamedTuple):
    """A meeting as it was typed: wall-clock times, and `position`, the row of the form it stands in."""

    position: int
    meeting_id: int | None
    starts: datetime
    ends: datetime
    break_minutes: int = 0
    ledger: Ledger = Ledger.TRAINING
    title: str = ""
    place: str = ""
    co_trainer_ids: frozenset[int] = frozenset()


class Timed(NamedTuple):
    row: Row
    starts_at: datetime
    ends_at: datetime

    @property
    def minutes(self) -> int:
        """The time that can count, by the clock that runs on: an hour more on the night it is set back."""
        return int((self.ends_at - self.starts_at).total_seconds()) // 60 - self.row.break_minutes


def timed(
    rows: Sequence[Row], zone: str, not_before: datetime | None, known: Sequence[Meeting] = ()
) -> list[Timed]:
    """The rows on the clock, in order. Raises FieldsRefused with everything that is wrong with them.

    A meeting before `not_before` is refused unless it stands there already, unchanged. When a meeting was, and how
    long, is refused to change once somebody is marked at it: their minutes are minutes of that meeting."""
    sentences: dict[str, str] = {}
    found: list[Timed] = []
    standing = {(meeting.id, meeting.starts_at) for meeting in known}
    for row in rows:
        try:
            one = Timed(row, schedule.instant(row.starts, zone), schedule.instant(row.ends, zone))
        except schedule.NoSuchTime as refusal:
            sentences[_name(row, "starts")] = str(refusal)
            continue
        if not_before and one.starts_at < not_before and (row.meeting_id, one.starts_at) not in standing:
            sentences[_name(row, "date")] = f"Meeting {row.position + 1} is in the past."
        sentences |= _wrong_length(one)
        found.append(one)
    found.sort(key=lambda one: (one.starts_at, one.row.position))
    sentences = _overlaps(found) | _marked_already(found, known) | sentences
    if sentences:
        raise FieldsRefused(sentences)
    return found


def _wrong_length(one: Timed) -> dict[str, str]:
    row = one.row
    if row.ends <= row.starts:
        return {_name(row, "ends"): f"Meeting {row.position + 1} must end after it begins."}
    if row.ends - row.starts > LONGEST:
        return {
            _name(row, "ends"): f"Meeting {row.position + 1} is longer than 16 hours; make one for each day."
        }
    if one.minutes <= 0:
        return {
            _name(row, "break_minutes"): f"The break of meeting {row.position + 1} is as long as the meeting."
        }
    return {}


def _marked_already(found: Sequence[Timed], known: Sequence[Meeting]) -> dict[str, str]:
    by_id: dict[int | None, Meeting] = {meeting.id: meeting for meeting in known}
    moved = {
        one.row.meeting_id: (one.row, *said)
        for one in found
        if one.row.meeting_id in by_id and (said := _moved(one, by_id[one.row.meeting_id]))
    }
    ids = [meeting_id for meeting_id in moved if meeting_id is not None]
    marked = {meeting_id for find in _marked for meeting_id in find(ids)} if ids else set()
    return {
        name: f"Attendance is written down for meeting {row.position + 1}, so {what} has to stay."
        for meeting_id, (row, name, what) in moved.items()
        if meeting_id in marked
    }


def _moved(one: Timed, meeting: Meeting) -> tuple[str, str] | None:
    """The field that makes the meeting another time or length, and what it is called; None when none does."""
    row = one.row
    if row.starts.date() != meeting.starts_wall.date():
        return _name(row, "date"), "its date"
    if row.starts != meeting.starts_wall:
        return _name(row, "starts"), "its beginning"
    if row.ends != meeting.ends_wall:
        return _name(row, "ends"), "its end"
    if row.break_minutes != meeting.break_minutes:
        return _name(row, "break_minutes"), "its break"
    return ("zone", "the time zone") if one.starts_at != meeting.starts_at else None


def _overlaps(in_order: list[Timed]) -> dict[str, str]:
    sentences = {}
    longest: Timed | None = None
    for one in in_order:
        if longest and one.starts_at < longest.ends_at:
            when = f"{day(longest.row.starts)}, {schedule.said(longest.row.starts.time())}"
            sentences[_name(one.row, "starts")] = (
                f"Meeting {one.row.position + 1} overlaps with the meeting of {when}."
            )
        if longest is None or one.ends_at > longest.ends_at:
            longest = one
    return sentences


def _name(row: Row, field: str) -> str:
    return f"meetings-{row.position}-{field}"


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
    meeting.title, meeting.place = row.title, row.place


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
    return (
        {person.id: person for person in db.session.scalars(sa.select(Person).where(Person.id.in_(ids)))}
        if ids
        else {}
    )


def sum_up(offering: Offering) -> None:
    """Repeat on the offering what its meetings say, for the catalog to filter and sort by."""
    meetings = offering.meetings
    offering.starts_at = min((meeting.starts_at for meeting in meetings), default=None)
    offering.ends_at = max((meeting.ends_at for meeting in meetings), default=None)
    offering.minutes = sum(meeting.minutes for meeting in meetings)
    offering.weekdays = 0
    for meeting in meetings:
        offering.weekdays |= 1 << meeting.starts_wall.weekday()
    offering.is_evening = any(meeting.starts_wall.hour >= EVENING for meeting in meetings)
    db.session.flush()
