"""How ways of taking attendance, and what was taken, are said."""

from datetime import datetime

from catalog.attendance.models import Mark, Method, Recording
from catalog.attendance.sheet import Cell
from catalog.courses.models import Meeting
from catalog.wording import clock_time, day, hours, local

METHODS = {
    Method.ROLL: "roll call",
    Method.CODE: "check-in code",
    Method.SPOKEN: "spoken code",
    Method.PRINTED: "printed code",
    Method.PAPER: "paper sheet",
    Method.VIDEO: "video meeting report",
}


def taken(cell: Cell) -> str:
    """A mark with how it was taken: "Here · roll call, 9:02 am, Ivo Sample"; nothing where there is none."""
    mark = cell.mark
    if mark is None:
        return ""
    seen = moment(mark.marked_at, cell.meeting)
    return f"{presence(mark, cell.meeting)} · {METHODS[mark.method]}, {seen}, {mark.marked_by.name}"


def presence(of: Mark | Recording, meeting: Meeting) -> str:
    """ "Here", "Absent", or "2 h 40 min of 3 h, came 9:20 am"."""
    zone = meeting.offering.zone
    if isinstance(of, Mark) and of.is_open:
        came = f"Came {clock_time(of.came_at, zone)}" if of.came_at else "Here"
        return f"{came}, has not checked out"
    if of.minutes == 0:
        return "Not done" if meeting.is_own_work else "Absent"
    if of.minutes >= meeting.minutes:
        return "Done" if meeting.is_own_work else "Here"
    words = [f"{hours(of.minutes)} of {hours(meeting.minutes)}"]
    if of.came_at and of.came_at > meeting.starts_at:
        words.append(f"came {clock_time(of.came_at, zone)}")
    if of.left_at and of.left_at < meeting.ends_at:
        words.append(f"left {clock_time(of.left_at, zone)}")
    return ", ".join(words)


def moment(at: datetime, meeting: Meeting) -> str:
    """The time; with its day where that is not the day of the meeting."""
    zone = meeting.offering.zone
    is_same_day = local(at, zone).date() == local(meeting.starts_at, zone).date()
    return clock_time(at, zone) if is_same_day else f"{day(at, zone)}, {clock_time(at, zone)}"
