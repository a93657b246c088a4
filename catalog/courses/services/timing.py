"""The meetings of an offering as they were typed: put on the clock and checked against each other."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from catalog.competencies.models import Ledger
from catalog.courses import schedule
from catalog.courses.models import Meeting, MeetingKind
from catalog.courses.refusals import FieldsRefused
from catalog.wording import day

LONGEST = timedelta(hours=16)


Marked = Callable[[Collection[int]], set[int]]
_marked: list[Marked] = []


def knows_marks(find: Marked) -> None:
    """Said once, when the application starts, by the feature that writes attendance down: `find` gives those of
    the meetings with these ids that somebody was marked at."""
    _marked.append(find)


class Row(NamedTuple):
    """A meeting as it was typed: wall-clock times, and `position`, the row of the form it stands in.

    Work of one's own begins with its first day and ends with its last, and `worth` is its minutes."""

    position: int
    meeting_id: int | None
    starts: datetime
    ends: datetime
    break_minutes: int = 0
    ledger: Ledger = Ledger.TRAINING
    title: str = ""
    place: str = ""
    co_trainer_ids: frozenset[int] = frozenset()
    kind: MeetingKind = MeetingKind.SITTING
    worth: int = 0
    substitute_id: int | None = None

    @property
    def is_own_work(self) -> bool:
        return self.kind != MeetingKind.SITTING


class Timed(NamedTuple):
    row: Row
    starts_at: datetime
    ends_at: datetime

    @property
    def minutes(self) -> int:
        """The time that can count, by the clock that runs on: an hour more on the night it is set back."""
        if self.row.is_own_work:
            return self.row.worth
        return int((self.ends_at - self.starts_at).total_seconds()) // 60 - self.row.break_minutes


def timed(
    rows: Sequence[Row], zone: str, not_before: datetime | None, known: Sequence[Meeting] = ()
) -> list[Timed]:
    """The rows on the clock: the sittings in order, then work of one's own by its last day. Raises FieldsRefused
    with everything that is wrong with them.

    A meeting before `not_before` is refused unless it stands there already, unchanged. When a meeting was, and how
    long, is refused to change once somebody is marked at it: their minutes are minutes of that meeting."""
    sentences: dict[str, str] = {}
    found: list[Timed] = []
    for row in rows:
        instant = schedule.whole_day if row.is_own_work else schedule.instant
        try:
            one = Timed(row, instant(row.starts, zone), instant(row.ends, zone))
        except schedule.NoSuchTime as refusal:
            sentences[_name(row, "starts")] = str(refusal)
            continue
        sentences |= _in_the_past(one, not_before, known)
        sentences |= _wrong_work(one) if row.is_own_work else _wrong_length(one)
        found.append(one)
    found.sort(key=_in_order)
    sentences = (
        _overlaps([one for one in found if not one.row.is_own_work])
        | _marked_already(found, known)
        | sentences
    )
    if sentences:
        raise FieldsRefused(sentences)
    return found


def _in_order(one: Timed) -> tuple[bool, datetime, int]:
    is_own_work = one.row.is_own_work
    return is_own_work, one.ends_at if is_own_work else one.starts_at, one.row.position


def _in_the_past(one: Timed, not_before: datetime | None, known: Sequence[Meeting]) -> dict[str, str]:
    row = one.row
    if row.is_own_work:
        is_past = not_before is not None and one.ends_at < not_before
        stands = any((meeting.id, meeting.ends_at) == (row.meeting_id, one.ends_at) for meeting in known)
        name, sentence = "last", "This last day is in the past."
    else:
        is_past = not_before is not None and one.starts_at < not_before
        stands = any((meeting.id, meeting.starts_at) == (row.meeting_id, one.starts_at) for meeting in known)
        name, sentence = "date", f"Meeting {row.position + 1} is in the past."
    return {_name(row, name): sentence} if is_past and not stands else {}


def _wrong_work(one: Timed) -> dict[str, str]:
    row = one.row
    if row.ends <= row.starts:
        return {_name(row, "last"): "The last day cannot be before the first."}
    if row.worth > -(-(one.ends_at - one.starts_at) // timedelta(minutes=1)) + 1:
        return {_name(row, "worth"): "There are not so many hours from its first day to its last."}
    return {}


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
        name: f"Attendance is written down for {_called(row)}, so {what} has to stay."
        for meeting_id, (row, name, what) in moved.items()
        if meeting_id in marked
    }


def _moved(one: Timed, meeting: Meeting) -> tuple[str, str] | None:
    """The field that makes the meeting another time or length, and what it is called; None when none does."""
    row = one.row
    if row.is_own_work != meeting.is_own_work:
        return _name(row, "kind" if row.is_own_work else "date"), "what it is"
    if row.is_own_work:
        # Its days may move; the minutes of those who did it are minutes of what it is worth.
        return (_name(row, "worth"), "what it is worth") if row.worth != meeting.minutes else None
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
    return f"{'work' if row.is_own_work else 'meetings'}-{row.position}-{field}"


def _called(row: Row) -> str:
    return "this work" if row.is_own_work else f"meeting {row.position + 1}"
