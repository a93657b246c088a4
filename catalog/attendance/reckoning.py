"""What closing a roster would give each person, and why. Reads only; the services write it down."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from catalog.accounts.models import Qualification
from catalog.attendance import credit
from catalog.attendance.credit import Attended
from catalog.attendance.sheet import Sheet
from catalog.attendance.wording import METHODS
from catalog.competencies.models import Ledger
from catalog.courses import rsc
from catalog.courses.models import Course, Meeting
from catalog.courses.wording import credit_sentence
from catalog.enrollment.models import Enrollment
from catalog.wording import day, local


class AreaEarned(NamedTuple):
    area_id: int
    minutes: int | None
    was_reviewed: bool


class TopicEarned(NamedTuple):
    topic_id: int
    was_reviewed: bool


@dataclass(frozen=True)
class Earned:
    """What one person earned in one ledger. All figures are minutes."""

    enrollment: Enrollment
    ledger: Ledger
    minutes: int
    attended: int
    held: int
    rule: str
    not_counted_because: str
    earned_on: date
    taken_by: str
    """How attendance was taken, in words."""
    areas: tuple[AreaEarned, ...]
    topics: tuple[TopicEarned, ...]
    tag_ids: tuple[int, ...]

    @property
    def counts(self) -> int:
        return 0 if self.not_counted_because else self.minutes


def reckon(sheet: Sheet, qualified: Sequence[Qualification]) -> list[Earned]:
    """Everyone's credit, once per person, by the course's rule as it is written today; `qualified` is what lets those
    who led the meetings provide RSC. Whoever still has a seat gets a row in each ledger even when nothing was
    earned, so that the reason can be read; whoever left gets one where something was attended."""
    earned = []
    for ledger in Ledger:
        meetings = [meeting for meeting in sheet.held if meeting.ledger == ledger]
        if not meetings:
            continue
        counting = _Counting.of(sheet, ledger, meetings, qualified)
        earned += [counting.for_person(of) for of in sheet.people]
        earned += [found for of in sheet.gone if (found := counting.for_person(of)).attended]
    return earned


@dataclass(frozen=True)
class _Counting:
    """One ledger of one sheet: the meetings of that ledger, and what may count of them."""

    sheet: Sheet
    ledger: Ledger
    meetings: list[Meeting]
    counted: list[Meeting]
    reason: str
    rule: str

    @classmethod
    def of(
        cls, sheet: Sheet, ledger: Ledger, meetings: list[Meeting], qualified: Sequence[Qualification]
    ) -> "_Counting":
        course = sheet.offering.course
        rule = credit_sentence(course, sheet.offering.feeds_both_ledgers) + _called_off(sheet)
        if course.is_applied_for_elsewhere:
            return cls(sheet, ledger, meetings, meetings, APPLIED_FOR, rule)
        if ledger == Ledger.TRAINING:
            return cls(sheet, ledger, meetings, meetings, "" if course.areas else NO_AREA, rule)
        counted = [meeting for meeting in meetings if rsc.counts(meeting, qualified)]
        if not counted:
            return cls(sheet, ledger, meetings, meetings, _why_no_rsc(meetings), rule)
        return cls(sheet, ledger, meetings, counted, "", rule + _left_out(len(meetings) - len(counted)))

    def for_person(self, of: Enrollment) -> Earned:
        course = self.sheet.offering.course
        minutes = credit.credit_minutes(
            course.credit_rule,
            course.credit_percent,
            course.credit_cap_minutes,
            self._was_at(self.counted, of),
        )
        all_of_them = self._was_at(self.meetings, of)
        return Earned(
            enrollment=of,
            ledger=self.ledger,
            minutes=minutes,
            attended=credit.attended_minutes(all_of_them),
            held=credit.held_minutes(all_of_them),
            rule=self.rule,
            not_counted_because=self.reason,
            earned_on=self._day(of),
            taken_by=self._taken_by(of),
            areas=self._areas(course, minutes),
            topics=tuple(TopicEarned(row.topic_id, row.reviewed_at is not None) for row in course.topics)
            if minutes
            else (),
            tag_ids=tuple(tag.id for tag in course.tags) if minutes else (),
        )

    def _was_at(self, meetings: list[Meeting], of: Enrollment) -> list[Attended]:
        return [Attended(meeting.minutes, self.sheet.minutes_at(meeting, of)) for meeting in meetings]

    def _day(self, of: Enrollment) -> date:
        """The day of the last meeting attended; of the last one there was, for those who came to none."""
        attended = [meeting for meeting in self.meetings if self.sheet.minutes_at(meeting, of)]
        return max(self._done_on(meeting, of) for meeting in attended or self.meetings)

    def _done_on(self, meeting: Meeting, of: Enrollment) -> date:
        """Work of one's own was done by its last day, or by the day on which somebody saw that it was."""
        if not meeting.is_own_work:
            return self.sheet.day_of(meeting)
        seen = max((mark.marked_at for mark in self.sheet.marks_of(meeting, of)), default=self.sheet.at)
        return local(min(meeting.ends_at, seen), self.sheet.offering.zone).date()

    def _taken_by(self, of: Enrollment) -> str:
        """The ways in which the marks that stand were taken, each once: "roll call; check-in code"."""
        marks = [mark for meeting in self.meetings for mark in self.sheet.marks_of(meeting, of)]
        found = {mark.method for mark in marks if mark.minutes} or {mark.method for mark in marks}
        return "; ".join(words for method, words in METHODS.items() if method in found)

    def _areas(self, course: Course, minutes: int) -> tuple[AreaEarned, ...]:
        if not minutes:
            return ()
        is_split = self._is_split(course)
        planned = [meeting for meeting in self.sheet.offering.meetings if meeting.ledger == self.ledger]
        full = course.minutes or sum(meeting.minutes for meeting in planned)
        return tuple(
            AreaEarned(
                area.area_id,
                credit.area_minutes(area.minutes if is_split else None, minutes, full),
                area.reviewed_at is not None,
            )
            for area in course.areas
        )

    def _is_split(self, course: Course) -> bool:
        """A course splits its training minutes; RSC minutes only where it has no others."""
        return self.ledger == Ledger.TRAINING or all(
            meeting.ledger == Ledger.RSC for meeting in self.sheet.offering.meetings
        )


APPLIED_FOR = "One applies for this programme elsewhere. It counts as education and not as in-service hours."
NO_AREA = "No competency area is mapped to this training, and hours count when they cover at least one."


def _why_no_rsc(meetings: list[Meeting]) -> str:
    leaders = {one.id: one.name for meeting in meetings if (one := rsc.leader(meeting))}
    if not leaders:
        return "No facilitator is named for this group, so these are group hours and not RSC hours."
    return (
        f"{' and '.join(leaders.values())} held no qualification to provide RSC on the days of these meetings, "
        "so these are group hours and not RSC hours."
    )


def _called_off(sheet: Sheet) -> str:
    """What is said of a session that was cancelled on the way."""
    off = sheet.offering.cancelled_at
    if not sheet.offering.is_cancelled or off is None:
        return ""
    count = len(sheet.held)
    meetings = "the 1 meeting" if count == 1 else f"the {count} meetings"
    return f" Cancelled on {day(off, sheet.offering.zone)}; reckoned over {meetings} held before."


def _left_out(meetings: int) -> str:
    if not meetings:
        return ""
    count = "1 meeting is" if meetings == 1 else f"{meetings} meetings are"
    return f" {count} left out, because the facilitator held no qualification to provide RSC on that day."
