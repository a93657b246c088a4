"""One cell of the sheet: what was typed in it, and what that means in times and minutes.

There are two ways to say that somebody was there in part: how late they came and how early they left, or how many
minutes they were there. The first is kept as times, so that everybody reckons with the same arithmetic."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from catalog.attendance.presence import Span, minutes_present
from catalog.attendance.sheet import Cell

CHOICES = ("present", "stayed", "absent", "minutes")
"""`stayed` is for whoever checked in and not out: they were there to the end."""


@dataclass(frozen=True)
class Typed:
    """What stands in one cell: the choice, the figures as typed, what they mean, and what is wrong with them."""

    choice: str
    text: str = ""
    """Minutes there."""
    late: str = ""
    early: str = ""
    meant: Cell | None = None
    """What is to be saved; None when nothing was chosen, or when it cannot be read."""
    error: str = ""
    wrong: str = "minutes"
    """The field that the error is about: minutes, late or early."""

    @classmethod
    def saved(cls, cell: Cell) -> "Typed":
        """A cell as it is saved, with nothing typed over it."""
        if cell.is_open or cell.choice != "minutes":
            return cls("" if cell.is_open else cell.choice)
        if cell.missed is None:
            return cls("minutes", str(cell.minutes))
        late, early = cell.missed
        return cls("minutes", late=str(late or ""), early=str(early or ""))

    def said(self, most: int) -> str:
        """In short, spelled as `Cell.was` spells what a page showed; nothing when nothing was chosen."""
        match self.choice:
            case "present":
                return str(most)
            case "absent":
                return "0"
            case "minutes" if self.late or self.early:
                return f"{self.late or 0}+{self.early or 0}"
            case "minutes":
                return self.text or "?"
        return self.choice


def as_sent(form: Mapping[str, str], name: str) -> Typed:
    """The bare words of one cell. Figures without a choice are figures; any other choice wins over figures that
    were left standing."""
    choice = form.get(f"mark-{name}", "")
    text, late, early = (form.get(f"{field}-{name}", "").strip() for field in ("minutes", "late", "early"))
    if choice not in CHOICES:
        choice = "minutes" if text or late or early else ""
    return Typed(choice, text, late, early) if choice else Typed("")


def is_touched(form: Mapping[str, str], name: str, most: int) -> bool:
    """Whether the sender changed the cell. What it showed before comes back as `was-…`; a cell that was left as
    it was is left alone, so that an old page never takes back what somebody else marked meanwhile."""
    return as_sent(form, name).said(most) not in ("", form.get(f"was-{name}", ""))


def read(form: Mapping[str, str], cell: Cell) -> Typed:
    """One cell of a sent form, with what it means."""
    typed = as_sent(form, cell.name)
    match typed.choice:
        case "":
            return typed
        case "minutes":
            return _in_part(typed, cell)
        case "absent":
            return replace(typed, meant=Cell(cell.meeting, cell.enrollment, 0))
    return replace(typed, meant=_to_the_end(cell))


def _to_the_end(cell: Cell) -> Cell:
    """Here. Whoever was known to be here keeps the times that are known of them."""
    if cell.is_open or cell.choice == "present":
        return replace(cell, is_open=False, mark=None)
    return Cell(cell.meeting, cell.enrollment, cell.meeting.minutes)


def _in_part(typed: Typed, cell: Cell) -> Typed:
    most = cell.meeting.minutes
    figures: dict[str, int] = {}
    for field, text in (("late", typed.late), ("early", typed.early), ("minutes", typed.text)):
        if text and (error := _error_in(text, most)):
            return replace(typed, error=error, wrong=field)
        if text:
            figures[field] = int(text)
    late, early, there = figures.get("late", 0), figures.get("early", 0), figures.get("minutes")
    if not figures:
        return replace(typed, error="Type the minutes late, left early, or there.", wrong="late")
    if late + early > most:
        return replace(typed, error=f"Together that is more than the {most} minutes.", wrong="early")
    if not typed.late and not typed.early:
        return replace(typed, meant=Cell(cell.meeting, cell.enrollment, there))
    meant = _with_times(typed, cell, late, early)
    if there not in (None, meant.minutes):
        error = f"Late and early leave {meant.minutes} minutes, not {there}. Clear one of the two."
        return replace(typed, error=error)
    return replace(typed, meant=meant)


def _error_in(text: str, most: int) -> str:
    if not (text.isascii() and text.isdigit()) or len(text) > 6:
        return f"Type whole minutes, from 0 to {most}."
    return f"This meeting has {most} minutes; type no more than that." if int(text) > most else ""


def _with_times(typed: Typed, cell: Cell, late: int, early: int) -> Cell:
    """From coming to leaving. A time that is known to the second stays where its minutes were left as they stood."""
    meeting, shown = cell.meeting, Typed.saved(cell)
    came_at = meeting.starts_at + timedelta(minutes=late) if late else None
    left_at = meeting.ends_at - timedelta(minutes=early) if early else None
    if typed.late == shown.late and (shown.late or cell.is_open):
        came_at = cell.came_at
    if typed.early and typed.early == shown.early:
        left_at = cell.left_at
    minutes = minutes_present(meeting, [Span(came_at or meeting.starts_at, left_at or meeting.ends_at)])
    return Cell(meeting, cell.enrollment, minutes, came_at, left_at)
