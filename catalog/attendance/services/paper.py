"""Typing in a sign-in sheet: those on the list, and those who wrote themselves in. All of it or nothing."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from catalog.accounts.models import Person
from catalog.attendance import queries
from catalog.attendance.models import Method
from catalog.attendance.services.marking import hold, mark
from catalog.attendance.services.walk_ins import new_person, walk_in
from catalog.attendance.sheet import Cell
from catalog.courses.models import Meeting
from catalog.errors import RuleBroken


class Guest(NamedTuple):
    """Somebody who wrote themselves in, on this line of the sheet."""

    line: int
    name: str
    email: str
    came_at: datetime | None
    left_at: datetime | None


class GuestRefused(RuleBroken):
    """One of those written in cannot be taken in, for the reason that the sentence says."""

    def __init__(self, line: int, sentence: str) -> None:
        self.line = line
        super().__init__(sentence)


def type_in(meeting: Meeting, cells: Sequence[Cell], guests: Sequence[Guest], *, by: Person) -> int:
    """Save the sheet of one meeting; how many people it speaks of."""
    hold(meeting.offering)
    all_of_them = list(cells)
    for guest in guests:
        cell = _cell_of(guest, meeting, by)
        if any(cell.enrollment.id == other.enrollment.id for other in all_of_them):
            raise GuestRefused(
                guest.line, "This person is on the sheet twice. Leave out one of the two lines."
            )
        all_of_them.append(cell)
    mark(meeting.offering, all_of_them, by=by, method=Method.PAPER)
    return len(all_of_them)


def _cell_of(guest: Guest, meeting: Meeting, by: Person) -> Cell:
    try:
        enrolled = walk_in(new_person(guest.name, guest.email, by=by), meeting.offering, by=by)
    except RuleBroken as refusal:
        raise GuestRefused(guest.line, str(refusal)) from refusal
    cell = queries.cell(meeting.id, enrolled.id) or Cell(meeting, enrolled, None)
    return cell.signed(guest.came_at, guest.left_at)
