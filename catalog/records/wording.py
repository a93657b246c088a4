"""How marks, education and hours from elsewhere are said to the person."""

from catalog.attendance.models import Mark
from catalog.attendance.wording import METHODS
from catalog.courses.models import Meeting
from catalog.records.models import CheckState, Education, EntrySource, EntryState, HourEntry, Standing
from catalog.wording import clock_time, day, hours, local

STATES = {
    CheckState.PENDING: "Not looked at yet",
    CheckState.CHECKED: "Seen",
    CheckState.RETURNED: "Sent back",
}
TONES = {CheckState.PENDING: "sun", CheckState.CHECKED: "leaf", CheckState.RETURNED: "clay"}

ENTRY_STATES = {
    EntryState.PENDING: "Not looked at yet",
    EntryState.VERIFIED: "Verified",
    EntryState.RETURNED: "Sent back",
    EntryState.WITHDRAWN: "Taken back",
}
ENTRY_TONES = {
    EntryState.PENDING: "sun",
    EntryState.VERIFIED: "leaf",
    EntryState.RETURNED: "clay",
    EntryState.WITHDRAWN: "soft",
}
SOURCES = {
    EntrySource.SELF_REPORTED: "",
    EntrySource.COORDINATOR: "written down by a coordinator",
    EntrySource.IMPORTED: "imported from a table",
}
"""How an entry came here, to be said behind how it is known."""
STANDINGS = {
    Standing.ENDORSED: "Endorsed",
    Standing.VETTED: "Vetted by the association, not endorsed",
    Standing.NOT_ENDORSED: "Not endorsed",
    Standing.PEERS: "Peers only, nobody provided it",
    Standing.UNKNOWN: "Not known",
}


def state_said(education: Education, zone: str) -> str:
    """With who and when, where a coordinator has looked at it."""
    return f"{STATES[education.state]}{who_said(education, zone)}"


def who_said(education: Education, zone: str) -> str:
    """Who has seen it and when, to be said behind the state."""
    if education.state != CheckState.CHECKED or not education.checked_by or not education.checked_at:
        return ""
    return f" by {education.checked_by.name} on {day(education.checked_at, zone)}"


def entry_said(entry: HourEntry, zone: str) -> str:
    """Who has verified it and when, to be said behind the state."""
    if entry.state != EntryState.VERIFIED or not entry.checked_by or not entry.checked_at:
        return ""
    return f" by {entry.checked_by.name} on {day(entry.checked_at, zone)}"


def finished_said(education: Education) -> str:
    return f"Finished on {day(education.finished_on)}" if education.finished_on else "Not finished yet"


def mark_said(mark: Mark | None, meeting: Meeting, zone: str) -> str:
    """As the person reads it: "Here · check-in code, 9:02 am"."""
    if mark is None:
        return "Not marked yet"
    return f"{_state_said(mark, meeting, zone)} · {METHODS[mark.method]}, {_when_said(mark, meeting, zone)}"


def _state_said(mark: Mark, meeting: Meeting, zone: str) -> str:
    if mark.is_open:
        return f"Here since {clock_time(mark.came_at, zone)}" if mark.came_at else "Here"
    if not mark.minutes:
        return "Not done" if meeting.is_own_work else "Absent"
    if mark.minutes >= meeting.minutes:
        return "Done" if meeting.is_own_work else "Here"
    return f"{hours(mark.minutes)} of {hours(meeting.minutes)}"


def _when_said(mark: Mark, meeting: Meeting, zone: str) -> str:
    """The time, where it was on the meeting's day; else the day."""
    on, held = local(mark.marked_at, zone).date(), local(meeting.starts_at, zone).date()
    return clock_time(mark.marked_at, zone) if on == held and not meeting.is_own_work else day(on)
