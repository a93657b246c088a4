"""A sign-in sheet that was filled in by hand, as somebody types it in."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from werkzeug.datastructures import MultiDict

from catalog.attendance.forms.clock_times import Unreadable, instant
from catalog.attendance.forms.walk_in import WalkInForm
from catalog.attendance.presence import Span, minutes_present
from catalog.attendance.sheet import Cell, Sheet
from catalog.courses.models import Meeting
from catalog.errors import RuleBroken

WRITTEN_IN = 8
"""Empty lines on the printed sheet, and on the screen."""


@dataclass(frozen=True)
class Times:
    """Coming and leaving as typed, what they mean, and what is wrong with one of them."""

    came: str = ""
    left: str = ""
    came_at: datetime | None = None
    left_at: datetime | None = None
    error: str = ""
    wrong: str = ""
    """The field that the error is about: in, out, or on a line written in also name or email."""

    @property
    def is_typed(self) -> bool:
        return bool(self.came or self.left)


@dataclass(frozen=True)
class Line:
    """Somebody on the list."""

    cell: Cell
    signed: bool
    times: Times

    @property
    def name(self) -> str:
        """What the line is called in the form."""
        return str(self.cell.enrollment.id)


@dataclass(frozen=True)
class Written:
    """Somebody who wrote themselves in below the list."""

    number: int
    person: str
    email: str
    times: Times

    @property
    def name(self) -> str:
        return f"new{self.number}"

    @property
    def is_typed(self) -> bool:
        return bool(self.person or self.email or self.times.is_typed)


@dataclass(frozen=True)
class PaperEntry:
    """A whole sheet as it was typed."""

    meeting: Meeting
    lines: list[Line]
    written: list[Written]
    rest_absent: bool = False

    @property
    def problems(self) -> list[tuple[str, str, str]]:
        """Field, whose it is, and the sentence."""
        whose: list[tuple[str, str, Times]] = [
            (line.name, line.cell.enrollment.person.name, line.times) for line in self.lines
        ]
        whose += [(line.name, line.person or "Somebody written in", line.times) for line in self.written]
        return [(f"{times.wrong}-{name}", who, times.error) for name, who, times in whose if times.error]

    @property
    def cells(self) -> list[Cell]:
        """What the list says: who signed, and, where that was ticked, that the rest was absent."""
        signed = [
            line.cell.signed(line.times.came_at, line.times.left_at) for line in self.lines if line.signed
        ]
        absent = [
            Cell(self.meeting, line.cell.enrollment, 0)
            for line in self.lines
            if self.rest_absent and not line.signed and line.cell.minutes is None
        ]
        return signed + absent

    @property
    def guests(self) -> list[Written]:
        return [line for line in self.written if line.is_typed]

    def refused(self, number: int, sentence: str) -> "PaperEntry":
        """The same, with what is wrong with somebody written in."""
        lines = [
            replace(line, times=replace(line.times, error=sentence, wrong="name"))
            if line.number == number
            else line
            for line in self.written
        ]
        return replace(self, written=lines)


def blank_paper(sheet: Sheet, meeting: Meeting) -> PaperEntry:
    return read_paper({}, sheet, meeting)


def read_paper(form: Mapping[str, str], sheet: Sheet, meeting: Meeting) -> PaperEntry:
    """Every line, in the order of the printed sheet. A time without a tick is a signature too."""
    lines = []
    for enrollment in sheet.people:
        cell = sheet.cell(meeting, enrollment)
        times = _times(form, str(enrollment.id), meeting, cell)
        lines.append(Line(cell, f"signed-{enrollment.id}" in form or times.is_typed, times))
    written = [_written(form, number, meeting) for number in range(1, WRITTEN_IN + 1)]
    return PaperEntry(meeting, lines, written, "rest" in form)


def _written(form: Mapping[str, str], number: int, meeting: Meeting) -> Written:
    name, email = (form.get(f"{field}-new{number}", "").strip() for field in ("name", "email"))
    found = Written(number, name, email, _times(form, f"new{number}", meeting, None))
    if not found.is_typed or found.times.error:
        return found
    if name and not email:
        sentence = "Enter their email address, by which they get their hours."
        return replace(found, times=replace(found.times, error=sentence, wrong="email"))
    check = WalkInForm(MultiDict({"name": name, "email": email}), meta={"csrf": False})
    if check.validate():
        return found
    wrong = next(iter(check.errors))
    return replace(found, times=replace(found.times, error=check.errors[wrong][0], wrong=str(wrong)))


def _times(form: Mapping[str, str], name: str, meeting: Meeting, cell: Cell | None) -> Times:
    times = Times(form.get(f"in-{name}", "").strip(), form.get(f"out-{name}", "").strip())
    try:
        times = replace(times, came_at=_read(times.came, meeting, is_leaving=False))
    except (Unreadable, RuleBroken) as error:
        return replace(times, error=str(error), wrong="in")
    try:
        times = replace(times, left_at=_read(times.left, meeting, is_leaving=True))
    except (Unreadable, RuleBroken) as error:
        return replace(times, error=str(error), wrong="out")
    return _checked(times, meeting, cell)


def _read(text: str, meeting: Meeting, *, is_leaving: bool) -> datetime | None:
    return instant(text, meeting, is_leaving=is_leaving) if text else None


def _checked(times: Times, meeting: Meeting, cell: Cell | None) -> Times:
    if not times.is_typed:
        return times
    came_at = times.came_at or (cell.came_at if cell else None) or meeting.starts_at
    left_at = times.left_at or (cell.left_at if cell else None) or meeting.ends_at
    field = "out" if times.left else "in"
    if left_at <= came_at:
        return replace(times, error="Leaving is not after coming.", wrong=field)
    if minutes_present(meeting, [Span(came_at, left_at)]) == 0:
        return replace(times, error="These times are outside of the meeting.", wrong=field)
    return times
