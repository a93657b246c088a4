"""The shape of the sheet: what was typed in each cell, and what it means in minutes."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from catalog.attendance.queries import Cell, Sheet

CHOICES = ("present", "absent", "minutes")


class ReopenForm(FlaskForm):
    reason = TextAreaField(
        "Why the roster is opened again",
        [
            InputRequired("Write down why; the reason is kept with the change."),
            Length(max=1000, message="Use at most 1,000 characters."),
        ],
    )


@dataclass(frozen=True)
class Typed:
    """What stands in one cell: the choice, the minutes as typed, and what is wrong with them."""

    choice: str
    text: str
    minutes: int | None = None
    """What was chosen, in minutes; None when nothing was."""
    error: str = ""

    @classmethod
    def saved(cls, cell: Cell) -> "Typed":
        """A cell as it is saved, with nothing typed over it."""
        return cls(cell.choice, str(cell.minutes) if cell.choice == "minutes" else "", cell.minutes)


def read(form: Mapping[str, str], name: str, most: int) -> Typed:
    """One cell of a sent form, at a meeting of `most` minutes.

    Minutes without a choice are minutes; any other choice wins over minutes that were left standing."""
    choice = form.get(f"mark-{name}", "")
    text = form.get(f"minutes-{name}", "").strip()
    if choice not in CHOICES:
        choice = "minutes" if text else ""
    match choice:
        case "":
            return Typed("", "")
        case "present":
            return Typed(choice, text, most)
        case "absent":
            return Typed(choice, text, 0)
    if not text:
        return Typed(choice, text, error=f"Type how many of the {most} minutes.")
    if not (text.isascii() and text.isdigit()) or len(text) > 6:
        return Typed(choice, text, error=f"Type whole minutes, from 0 to {most}.")
    if int(text) > most:
        return Typed(choice, text, error=f"This meeting has {most} minutes; type no more than that.")
    return Typed(choice, text, int(text))


def _is_touched(form: Mapping[str, str], name: str, typed: Typed) -> bool:
    """Whether the sender changed the cell. What it showed before comes back as `was-…`; a cell that was left as
    it was is left alone, so that an old page never takes back what somebody else marked meanwhile."""
    if typed.error:
        return True
    return typed.minutes is not None and str(typed.minutes) != form.get(f"was-{name}", "")


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
    """Every cell. `everyone` names a meeting whose unmarked people were there; `rest` says the rest was absent."""
    typed: dict[str, Typed] = {}
    changes: list[Cell] = []
    for cell in sheet.cells:
        now = read(form, cell.name, cell.meeting.minutes)
        if not _is_touched(form, cell.name, now):
            now = Typed.saved(cell) if cell.choice else _for_the_rest(form, cell)
        typed[cell.name] = now
        if not now.error and now.minutes is not None and now.minutes != cell.minutes:
            changes.append(Cell(cell.meeting, cell.enrollment, now.minutes))
    return Entry(typed, changes, _gone(form, sheet))


def _for_the_rest(form: Mapping[str, str], cell: Cell) -> Typed:
    if form.get("everyone") == str(cell.meeting.id):
        return Typed("present", "", cell.meeting.minutes)
    if form.get("rest") == "absent":
        return Typed("absent", "", 0)
    return Typed("", "")


def _gone(form: Mapping[str, str], sheet: Sheet) -> list[int]:
    """Enrollments that the sender marked and the sheet does not have."""
    lengths = {str(meeting.id): meeting.minutes for meeting in sheet.meetings}
    names = {key.removeprefix("mark-") for key in form if key.startswith("mark-")}
    gone: set[int] = set()
    for name in names - {cell.name for cell in sheet.cells}:
        meeting_id, _, number = name.partition("-")
        is_number = number.isascii() and number.isdigit() and len(number) < 10
        if is_number and _is_touched(form, name, read(form, name, lengths.get(meeting_id, 0))):
            gone.add(int(number))
    return sorted(gone)
