"""The sheet: everyone, every meeting, and what is marked. What it holds is read by `queries.sheet`."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property

from catalog.attendance.models import Mark, RosterClosing
from catalog.attendance.presence import MINUTE, Span, minutes_present
from catalog.courses.models import Meeting, Offering
from catalog.enrollment.models import Enrollment
from catalog.wording import local

DOORS_OPEN_BEFORE = timedelta(hours=1)
"""People arrive before a meeting begins, and are marked as they come."""


def doors_open_at(meeting: Meeting) -> datetime:
    return meeting.starts_at - DOORS_OPEN_BEFORE


@dataclass(frozen=True)
class Cell:
    """One person at one meeting. `minutes` None is not marked yet.

    `is_open` is for somebody who checked in where leaving is checked too, and has not left yet: their minutes run
    to the end of the meeting until somebody says otherwise."""

    meeting: Meeting
    enrollment: Enrollment
    minutes: int | None
    came_at: datetime | None = None
    left_at: datetime | None = None
    is_open: bool = False
    mark: Mark | None = None
    """The mark as it is saved, with its method, time and who wrote it down."""
    times: int = 0
    """How often it was marked, where that is known."""

    @classmethod
    def of(cls, meeting: Meeting, enrollment: Enrollment, mark: Mark | None, times: int = 0) -> "Cell":
        """The cell as it is saved."""
        if mark is None:
            return cls(meeting, enrollment, None)
        figures = (mark.minutes, mark.came_at, mark.left_at, mark.is_open)
        return cls(meeting, enrollment, *figures, mark, times)

    def signed(self, came_at: datetime | None, left_at: datetime | None) -> "Cell":
        """What a signature says, with the times beside it: that they were there.

        Without a time it does not say how long, so what is known of that already stays."""
        if self.minutes and not (came_at or left_at):
            return replace(self, mark=None)
        if self.minutes:
            came_at, left_at = came_at or self.came_at, left_at or self.left_at
        if not (came_at or left_at):
            return Cell(self.meeting, self.enrollment, self.meeting.minutes)
        span = Span(came_at or self.meeting.starts_at, left_at or self.meeting.ends_at)
        minutes = minutes_present(self.meeting, [span])
        return Cell(
            self.meeting, self.enrollment, minutes, came_at, left_at, self.is_open and left_at is None
        )

    def says_the_same_as(self, mark: Mark) -> bool:
        return (self.minutes, self.came_at, self.left_at, self.is_open) == (
            mark.minutes,
            mark.came_at,
            mark.left_at,
            mark.is_open,
        )

    @property
    def name(self) -> str:
        """What this cell is called in forms, URLs of fragments and ids."""
        return f"{self.meeting.id}-{self.enrollment.id}"

    @property
    def choice(self) -> str:
        """present, absent or minutes; nothing while unmarked."""
        if self.minutes is None:
            return ""
        if self.minutes == 0:
            return "absent"
        return "present" if self.minutes >= self.meeting.minutes else "minutes"

    @property
    def missed(self) -> tuple[int, int] | None:
        """Minutes late and minutes early, where these are all that was missed; a minute begun is a whole one.

        None where no times are known, or where more was missed than they say: somebody was away in between."""
        if self.minutes is None or not (self.came_at or self.left_at):
            return None
        meeting = self.meeting
        span = Span(self.came_at or meeting.starts_at, self.left_at or meeting.ends_at)
        if minutes_present(meeting, [span]) != self.minutes:
            return None
        late, early = (
            -((meeting.starts_at - span.came_at) // MINUTE),
            -((span.left_at - meeting.ends_at) // MINUTE),
        )
        return max(late, 0), max(early, 0)

    @property
    def was(self) -> str:
        """The mark as a form sends it back, so that a form changes only what its reader changed."""
        if self.minutes is None or self.is_open:
            return ""
        if self.choice == "minutes" and self.missed:
            return "{}+{}".format(*self.missed)
        return str(self.minutes)


@dataclass(frozen=True)
class Sheet:
    offering: Offering
    at: datetime
    people: Sequence[Enrollment]
    """The seated, by name."""
    left: Sequence[Enrollment]
    """Those who gave up their seat but were at a meeting before; what they attended still counts."""
    marks: dict[tuple[int, int], Mark]
    """By (meeting id, enrollment id)."""
    last_closing: RosterClosing | None
    times: dict[tuple[int, int], int]
    """How often somebody was marked at a meeting, where it was more than once."""
    only: frozenset[int] | None = None
    """The meetings that are shown, for somebody who stands in at these and keeps no others; None is all."""

    @property
    def closing(self) -> RosterClosing | None:
        """The closing in force; None while the roster is open."""
        return self.last_closing if self.last_closing and self.last_closing.reopened_at is None else None

    @property
    def meetings(self) -> list[Meeting]:
        """Those whose doors are open or were, so that people can be marked."""
        return [meeting for meeting in self._shown if doors_open_at(meeting) <= self.at]

    @property
    def to_come(self) -> list[Meeting]:
        return [meeting for meeting in self._shown if doors_open_at(meeting) > self.at]

    @property
    def _shown(self) -> list[Meeting]:
        return [one for one in self._not_called_off if self.only is None or one.id in self.only]

    @property
    def _not_called_off(self) -> list[Meeting]:
        """All there are; of a session that was called off, those that had begun by then. Work of one's own had to
        be over, because nobody was asked for it any more."""
        if not self.offering.is_cancelled:
            return self.offering.meetings
        off = self.offering.cancelled_at
        return [
            meeting
            for meeting in self.offering.meetings
            if off and (meeting.ends_at if meeting.is_own_work else doors_open_at(meeting)) <= off
        ]

    @property
    def held(self) -> list[Meeting]:
        """The meetings that hours are reckoned from. One that was called off around its beginning was held if
        anybody was there."""
        off = self.offering.cancelled_at
        attended = {meeting_id for (meeting_id, _), mark in self.marks.items() if mark.minutes}
        return [
            meeting
            for meeting in self._not_called_off
            if not self.offering.is_cancelled or (off and meeting.ends_at <= off) or meeting.id in attended
        ]

    @property
    def is_over(self) -> bool:
        """Whether no meeting is still on or to come. Work of one's own is over when all of them are marked, too."""
        return not self.still_on

    @property
    def still_on(self) -> list[Meeting]:
        return [
            meeting
            for meeting in self._not_called_off
            if meeting.ends_at > self.at and not self.offering.is_cancelled and not self._is_done(meeting)
        ]

    def _is_done(self, meeting: Meeting) -> bool:
        return meeting.is_own_work and bool(self.people) and self.marked(meeting) == len(self.people)

    @property
    def latest(self) -> Meeting | None:
        return self.meetings[-1] if self.meetings else None

    def cell(self, meeting: Meeting, of: Enrollment) -> Cell:
        key = (meeting.id, of.id)
        return Cell.of(meeting, of, self.marks.get(key), self.times.get(key, 1))

    def marked(self, meeting: Meeting) -> int:
        return sum((meeting.id, of.id) in self.marks for of in self.people)

    @cached_property
    def cells(self) -> list[Cell]:
        """Everyone with a seat at every meeting that has begun."""
        return [self.cell(meeting, of) for meeting in self.meetings for of in self.people]

    @property
    def gone(self) -> list[Enrollment]:
        """Of those who left, whoever has not come back: each person once, by their latest enrollment."""
        seated = {of.person_id for of in self.people}
        latest: dict[int, Enrollment] = {}
        for of in self.left:
            known = latest.setdefault(of.person_id, of)
            latest[of.person_id] = max(known, of, key=lambda one: one.id)
        return [of for of in latest.values() if of.person_id not in seated]

    @cached_property
    def _of_person(self) -> dict[tuple[int, int], list[Mark]]:
        """Marks by (meeting id, person id), on whichever enrollment of theirs."""
        person_of = {of.id: of.person_id for of in (*self.people, *self.left)}
        found: dict[tuple[int, int], list[Mark]] = {}
        for (meeting_id, enrollment_id), mark in self.marks.items():
            if enrollment_id in person_of:
                found.setdefault((meeting_id, person_of[enrollment_id]), []).append(mark)
        return found

    def marks_of(self, meeting: Meeting, of: Enrollment) -> list[Mark]:
        """This person's marks at the meeting, also when they left the session since and came back."""
        return self._of_person.get((meeting.id, of.person_id), [])

    def minutes_at(self, meeting: Meeting, of: Enrollment) -> int:
        """How long this person was at the meeting: the most that was marked on any of their enrollments."""
        return max((mark.minutes for mark in self.marks_of(meeting, of)), default=0)

    @property
    def unmarked(self) -> list[Cell]:
        return [cell for cell in self.cells if cell.minutes is None]

    @property
    def not_gone(self) -> list[Cell]:
        """Those who checked in where leaving is checked too, and never checked out: somebody has to say how long
        they stayed before the roster can be closed."""
        return [cell for cell in self.cells if cell.is_open]

    def day_of(self, meeting: Meeting) -> date:
        """The meeting's date on the offering's own calendar."""
        return local(meeting.starts_at, self.offering.zone).date()
