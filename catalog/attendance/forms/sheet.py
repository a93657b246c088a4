"""The shape of the sheet: every cell of it, and which of them the sender changed."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from catalog.attendance.forms.cell import Typed, is_touched, read
from catalog.attendance.sheet import Cell, Sheet


@dataclass(frozen=True)
class Entry:
    """A whole sheet as it was sent."""

    typed: dict[str, Typed]
    changes: list[Cell]
    """Cells with new minutes: only those that differ from what the sender's page showed."""
    gone: list[int] = field(default_factory=list)
    """Enrollments the form has marks for, but the sheet no longer has."""

    @property
    def errors(self) -> list[Typed]:
        return [typed for typed in self.typed.values() if typed.error]


def read_all(form: Mapping[str, str], sheet: Sheet) -> Entry:
    """Every cell. `everyone` names a meeting whose unmarked people were there; `stayed` one whose people who did
    not check out were there to the end; `rest` says that the rest was absent."""
    typed: dict[str, Typed] = {}
    for cell in sheet.cells:
        if is_touched(form, cell.name, cell.meeting.minutes):
            typed[cell.name] = read(form, cell)
        else:
            typed[cell.name] = _for_the_rest(form, cell)
    changes = [
        meant
        for cell in sheet.cells
        if (meant := typed[cell.name].meant) and not (cell.mark and meant.says_the_same_as(cell.mark))
    ]
    return Entry(typed, changes, _gone(form, sheet))


def _for_the_rest(form: Mapping[str, str], cell: Cell) -> Typed:
    """A cell that nothing was typed in."""
    meeting = cell.meeting
    if cell.is_open and form.get("stayed") == str(meeting.id):
        return Typed("stayed", meant=replace(cell, is_open=False, mark=None))
    if cell.minutes is not None:
        return Typed.saved(cell)
    if form.get("everyone") == str(meeting.id):
        return Typed("present", meant=Cell(meeting, cell.enrollment, meeting.minutes))
    if form.get("rest") == "absent":
        return Typed("absent", meant=Cell(meeting, cell.enrollment, 0))
    return Typed("")


def _gone(form: Mapping[str, str], sheet: Sheet) -> list[int]:
    """Enrollments that the sender marked and the sheet does not have."""
    lengths = {str(meeting.id): meeting.minutes for meeting in sheet.meetings}
    names = {key.removeprefix("mark-") for key in form if key.startswith("mark-")}
    gone: set[int] = set()
    for name in names - {cell.name for cell in sheet.cells}:
        meeting_id, _, number = name.partition("-")
        is_number = number.isascii() and number.isdigit() and len(number) < 10
        if is_number and is_touched(form, name, lengths.get(meeting_id, 0)):
            gone.add(int(number))
    return sorted(gone)
