"""Minutes attended into minutes of credit, by a course's written rule. Arithmetic only: no database, no clock.

Everything is in whole minutes. Nothing is ever rounded up, and the two ledgers are reckoned by separate calls:
whoever has meetings of both kinds passes each kind by itself."""

from collections.abc import Sequence
from typing import NamedTuple

from catalog.courses.models import CreditRule

QUARTER = 15


class Attended(NamedTuple):
    """One meeting of one person: the minutes that can count, and the minutes the person was there."""

    length: int
    minutes: int

    @property
    def counted(self) -> int:
        """Nobody attends more of a meeting than there is of it, nor less than nothing."""
        return min(max(self.minutes, 0), self.length)

    def is_present(self, percent: int) -> bool:
        """Whether the person was there for at least so many percent of the minutes."""
        return self.counted * 100 >= percent * self.length


def held_minutes(meetings: Sequence[Attended]) -> int:
    return sum(meeting.length for meeting in meetings)


def attended_minutes(meetings: Sequence[Attended]) -> int:
    return sum(meeting.counted for meeting in meetings)


def credit_minutes(rule: CreditRule, percent: int, cap: int | None, meetings: Sequence[Attended]) -> int:
    """Minutes of credit for these meetings, which are all of one ledger.

    FULL_FROM_PERCENT gives all minutes held from `percent` of them on, else none. ALL_MEETINGS gives all minutes
    held when at least `percent` of each meeting was attended, else none. QUARTER_HOUR gives the minutes attended,
    rounded down to a quarter hour. PER_MEETING gives the minutes attended, meeting by meeting. `cap` is the most
    that can be given, in minutes; None is no limit."""
    held, attended = held_minutes(meetings), attended_minutes(meetings)
    match rule:
        case CreditRule.FULL_FROM_PERCENT:
            earned = held if attended * 100 >= percent * held else 0
        case CreditRule.ALL_MEETINGS:
            earned = held if all(meeting.is_present(percent) for meeting in meetings) else 0
        case CreditRule.QUARTER_HOUR:
            earned = attended - attended % QUARTER
        case CreditRule.PER_MEETING:
            earned = attended
    return earned if cap is None else min(earned, cap)


def area_minutes(split: int | None, credit: int, full: int) -> int | None:
    """The minutes of a credit that fall to one area, when the course gives the area `split` of its `full` minutes.

    Whoever earned a part of the course earned that part of each area, rounded down; nobody earns more of an area
    than the course has of it. None when the course does not split its minutes."""
    if split is None:
        return None
    return min(split, split * credit // full) if full else 0
