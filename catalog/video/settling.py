"""A report beside the roster: who is who, what would be saved, and what the trainer has still to say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from catalog.attendance.models import Mark
from catalog.attendance.sheet import Cell, Sheet
from catalog.courses.models import Meeting
from catalog.enrollment.models import Enrollment
from catalog.video import matching, minutes
from catalog.video.matching import Fit, Kind, Known
from catalog.video.minutes import Attended
from catalog.video.models import Report
from catalog.video.reading.people import Participant

MOST_CHOICES = 20_000
OUT, NEW = "out", "new"
"""What may be said of a participant beside the number of an enrollment: to be left out, or a walk-in."""


@dataclass(frozen=True)
class Settled:
    """What the trainer said. `who` by participant; `takes` by enrollment, "report" or "roster"; `was` is the mark
    that they saw when they said it. Nothing is said yet where a form has not been sent."""

    who: Mapping[int, str] = field(default_factory=dict)
    takes: Mapping[int, str] = field(default_factory=dict)
    was: Mapping[int, str] = field(default_factory=dict)
    absent: frozenset[int] = frozenset()
    rest_is_out: bool = False
    is_sent: bool = False


@dataclass(frozen=True)
class Found:
    """A participant who was in the meeting; `number` is their place in the report."""

    number: int
    participant: Participant
    fit: Fit
    attended: Attended
    answer: str

    @property
    def is_open(self) -> bool:
        """Nobody has said yet who this is."""
        return not self.answer


@dataclass(frozen=True)
class Line:
    """Somebody on the roster whom the report names, with the mark they have already."""

    enrollment: Enrollment
    devices: Sequence[Found]
    attended: Attended
    mark: Mark | None
    takes: str
    """ "report", "roster" or nothing while it has to be said."""

    @property
    def agrees(self) -> bool:
        """The mark says the same minutes, so nothing changes."""
        return self.mark is not None and not self.mark.is_open and self.mark.minutes == self.attended.minutes

    @property
    def differs(self) -> bool:
        return self.mark is not None and not self.agrees

    @property
    def was(self) -> str:
        return "" if self.mark is None else f"{self.mark.minutes}{' open' if self.mark.is_open else ''}"

    @property
    def is_open(self) -> bool:
        return self.differs and not self.takes

    @property
    def is_saved(self) -> bool:
        return not self.agrees and (self.mark is None or self.takes == "report")

    def cell(self, meeting: Meeting) -> Cell:
        there = self.attended
        return Cell(meeting, self.enrollment, there.minutes, there.came_at, there.left_at)


class Preview:
    """A report that is not saved yet, as it stands beside the sheet."""

    def __init__(self, report: Report, sheet: Sheet, trainers: Sequence[Known], settled: Settled) -> None:
        self.report, self.sheet, self.settled = report, sheet, settled
        self.meeting = next(one for one in sheet.offering.meetings if one.id == report.meeting_id)
        self._trainers = trainers
        self.people: dict[int, Enrollment] = {of.id: of for of in sheet.people}

    @cached_property
    def participants(self) -> list[Participant]:
        return [Participant.from_json(kept) for kept in self.report.participants]

    @cached_property
    def found(self) -> list[Found]:
        """Those who were in this meeting, in the order of the report."""
        zone = self.report.zone
        all_of_them = enumerate(
            (one, minutes.attended(self.meeting, [one], zone)) for one in self.participants
        )
        inside = [(number, one, there) for number, (one, there) in all_of_them if there.was_there]
        roster = [Known(of.id, of.person.name, of.person.email) for of in self.sheet.people]
        fits = matching.match([one for _, one, _ in inside], roster, self._trainers)
        return [
            Found(number, one, fit, there, self._answer(number, fit))
            for (number, one, there), fit in zip(inside, fits, strict=True)
        ]

    def _answer(self, number: int, fit: Fit) -> str:
        """What was chosen; else what is sure or proposed."""
        if fit.kind == Kind.MATCHED:
            return str(fit.key)
        if fit.kind == Kind.TRAINER:
            return OUT
        said = self.settled.who.get(number)
        if said is None and fit.key is not None and not self.settled.is_sent:
            return str(fit.key)
        if said in self._answers:
            return str(said)
        return OUT if self.settled.rest_is_out else ""

    @cached_property
    def _answers(self) -> set[str]:
        """Everything that may be said of a participant."""
        return {OUT, NEW, *map(str, self.people)}

    @property
    def elsewhere(self) -> int:
        """How many were in the video meeting only before this meeting began or after it had ended."""
        return len(self.participants) - len(self.found)

    @cached_property
    def matched(self) -> list[Found]:
        return [one for one in self.found if one.fit.kind == Kind.MATCHED]

    @cached_property
    def to_settle(self) -> list[Found]:
        """Nobody proposed first, then those whom only their name tells."""
        asked = [one for one in self.found if one.fit.kind in (Kind.DOUBTFUL, Kind.UNKNOWN)]
        order = {Kind.DOUBTFUL: 0, Kind.UNKNOWN: 1}
        return sorted(asked, key=lambda one: (one.fit.key is not None, order[one.fit.kind]))

    @property
    def doubtful(self) -> int:
        return sum(one.fit.kind == Kind.DOUBTFUL for one in self.found)

    @property
    def unknown(self) -> int:
        return sum(one.fit.kind == Kind.UNKNOWN for one in self.found)

    @property
    def is_timed(self) -> bool:
        return any(one.participant.joins for one in self.found)

    def choices_for(self, one: Found) -> list[Enrollment]:
        """Whom this participant may be. Where very many are unknown, those who are spoken for are left out of each
        list, so that the page stays one that a phone can open."""
        if len(self.to_settle) * len(self.people) <= MOST_CHOICES:
            return list(self.people.values())
        mine = {one.fit.key, int(one.answer) if one.answer.isdecimal() else None}
        return [of for of in self.people.values() if of.id in mine or of.id not in self._spoken_for]

    @cached_property
    def _spoken_for(self) -> set[int | None]:
        return {one.fit.key for one in self.found}

    @property
    def trainers(self) -> list[Found]:
        return [one for one in self.found if one.fit.kind == Kind.TRAINER]

    @property
    def walk_ins(self) -> list[Found]:
        return [one for one in self.found if one.answer == NEW]

    @cached_property
    def lines(self) -> list[Line]:
        """Everyone on the roster who is in the report, in the order of the roster."""
        devices: dict[int, list[Found]] = {}
        for one in self.found:
            if one.answer.isdecimal():
                devices.setdefault(int(one.answer), []).append(one)
        return [self.line(of, devices[of.id]) for of in self.sheet.people if of.id in devices]

    def line(self, of: Enrollment, devices: Sequence[Found]) -> Line:
        there = devices[0].attended
        if len(devices) > 1:
            there = minutes.attended(self.meeting, [one.participant for one in devices], self.report.zone)
        mark = self.sheet.marks.get((self.meeting.id, of.id))
        line = Line(of, devices, there, mark, "report")
        if not line.differs or not self.settled.is_sent:
            return line
        said = self.settled.takes.get(of.id, "")
        is_of_this_mark = said in ("report", "roster") and self.settled.was.get(of.id) == line.was
        return (
            line
            if is_of_this_mark and said == "report"
            else Line(of, devices, there, mark, said * is_of_this_mark)
        )

    @cached_property
    def missing(self) -> list[Cell]:
        """Those on the roster whom the report does not name, with the mark they have."""
        named = {line.enrollment.id for line in self.lines}
        return [self.sheet.cell(self.meeting, of) for of in self.sheet.people if of.id not in named]

    @property
    def differing(self) -> list[Line]:
        return [line for line in self.lines if line.differs]

    @property
    def agreeing(self) -> int:
        return sum(line.agrees for line in self.lines)

    @property
    def absent(self) -> list[Cell]:
        """Those who are to be marked as absent; whoever was marked meanwhile keeps their mark."""
        return [
            cell
            for cell in self.missing
            if cell.minutes is None and cell.enrollment.id in self.settled.absent
        ]

    @property
    def open_people(self) -> list[Found]:
        return [one for one in self.to_settle if one.is_open]

    @property
    def open_lines(self) -> list[Line]:
        return [line for line in self.lines if line.is_open]

    @property
    def marks_to_save(self) -> int:
        return sum(line.is_saved for line in self.lines) + len(self.absent) + len(self.walk_ins)
