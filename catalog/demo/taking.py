"""How attendance is taken in the demo: trainers have their habits, and every way has its own traces."""

from collections.abc import Sequence
from datetime import timedelta

from catalog.accounts.models import Person
from catalog.attendance import services as attendance
from catalog.attendance.models import Method
from catalog.attendance.sheet import Cell
from catalog.courses.models import Format, Meeting
from catalog.enrollment.models import Enrollment

There = Sequence[tuple[Enrollment, int]]
"""Who has a seat, and for how many minutes they were there."""


def take_attendance(meeting: Meeting, there: There, *, by: Person) -> None:
    """Some call the roll, some show a code, some pass a sheet around; a video meeting has its report."""
    method = _method(meeting)
    cells = [_cell(meeting, enrolled, minutes, method) for enrolled, minutes in there]
    scanned = [cell for cell in cells if method == Method.CODE and cell.minutes]
    for cell in scanned:
        person = cell.enrollment.person
        attendance.mark(meeting.offering, [cell], by=person, method=method, said_at=cell.came_at)
    if rest := [cell for cell in cells if cell not in scanned]:
        how = Method.ROLL if method == Method.CODE else method
        attendance.mark(meeting.offering, rest, by=by, method=how)


def _method(meeting: Meeting) -> Method:
    if meeting.is_own_work:
        return Method.ROLL
    if meeting.offering.format == Format.VIRTUAL:
        return Method.VIDEO
    return (Method.ROLL, Method.CODE, Method.PAPER)[(meeting.offering_id + meeting.number) % 3]


def _cell(meeting: Meeting, enrolled: Enrollment, minutes: int, method: Method) -> Cell:
    """With the time they came, where that way of taking attendance knows it."""
    late = meeting.minutes - minutes
    if minutes == 0 or method == Method.ROLL or (method == Method.PAPER and not late):
        return Cell(meeting, enrolled, minutes)
    early = timedelta(minutes=enrolled.id % 9)
    came_at = meeting.starts_at + timedelta(minutes=late) if late else meeting.starts_at - early
    return Cell(meeting, enrolled, minutes, came_at)
