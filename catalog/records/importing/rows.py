"""One row of a table of trainings: what it was understood to say, and what is not right with it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, TypeVar

from catalog.competencies.models import Ledger
from catalog.records.importing import cells
from catalog.records.limits import day_refused, length_refused
from catalog.wording import hours

Read = TypeVar("Read")


@dataclass(slots=True)
class Row:
    """One row as it was understood; `problems` say why it cannot be saved, `notes` what to know about it."""

    line: int
    title: str = ""
    ledger: str = Ledger.TRAINING.value
    began: str = ""
    ended: str = ""
    minutes: int = 0
    trainer: str = ""
    provider: str = ""
    is_group: bool | None = None
    areas: list[int] = field(default_factory=list)
    topics: list[int] = field(default_factory=list)
    tags: list[int] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Known:
    """The framework's names and codes, made plain, and what they stand for."""

    areas: Mapping[str, int]
    topics: Mapping[str, int]
    tags: Mapping[str, int]


def row_of(line: int, said: Mapping[str, Any], known: Known, today: date) -> Row:
    """From the cells by our names of the columns. Whatever cannot be read is said, and the rest is read on."""
    row = Row(line)

    def take(read: Callable[[], Read], otherwise: Read) -> Read:
        try:
            return read()
        except ValueError as problem:
            row.problems.append(str(problem))
            return otherwise

    row.title = take(lambda: _title(said), "")
    row.trainer = take(lambda: cells.text(said.get("trainer"), 200), "")
    row.provider = take(lambda: cells.text(said.get("provider"), 200), "")
    row.ledger = take(lambda: cells.ledger(said.get("ledger")).value, row.ledger)
    if row.ledger == Ledger.RSC:
        row.is_group = take(lambda: cells.is_group(said.get("group")), None)
    days = take(lambda: _days(said, today), None)
    row.minutes, is_all = take(lambda: _minutes(said, days), (0, True))
    if days:
        row.began, row.ended = (day.isoformat() for day in days)
    if not is_all:
        row.notes.append(f"Read as {hours(row.minutes)}; parts of a minute are left out.")
    _cover(row, said, known)
    return row


def _title(said: Mapping[str, Any]) -> str:
    if not (title := cells.text(said.get("title"), 200)):
        raise ValueError("It has no title.")
    return title


Days = tuple[date, date]


def _days(said: Mapping[str, Any], today: date) -> Days:
    has_end = bool(cells.text(said.get("ended")))
    if not cells.text(said.get("began")) and not has_end:
        raise ValueError("It has no date.")
    began, ended = cells.days(said["began"] if cells.text(said.get("began")) else said["ended"])
    if has_end:
        ended = cells.days(said["ended"])[1]
    if refused := day_refused(began, ended, today):
        raise ValueError(refused)
    return began, ended


def _minutes(said: Mapping[str, Any], days: Days | None) -> tuple[int, bool]:
    if cells.text(said.get("hours")):
        minutes, is_all = cells.minutes(said["hours"])
    elif cells.text(said.get("minutes")):
        minutes, is_all = cells.minutes(said["minutes"], unit="minutes")
    else:
        raise ValueError("It has no hours.")
    if days and (refused := length_refused(minutes, *days)):
        raise ValueError(refused)
    return minutes, is_all


def _cover(row: Row, said: Mapping[str, Any], known: Known) -> None:
    """Topics that stand in the column of areas are taken too, and the other way round."""
    unknown: list[str] = []
    for column in ("areas", "topics"):
        _match(said.get(column), ((known.areas, row.areas), (known.topics, row.topics)), unknown)
    strange = list[str]()
    _match(said.get("tags"), ((known.tags, row.tags),), strange)
    if unknown:
        row.notes.append(f"Not in the framework, so left out: {'; '.join(one[:60] for one in unknown[:8])}.")
    if strange:
        row.notes.append(f"No such tag, so left out: {'; '.join(one[:60] for one in strange[:8])}.")
    if row.ledger == Ledger.TRAINING and not row.areas and not row.topics:
        row.notes.append("It names no area and no topic. It counts once you add one after saving.")


def _match(cell: Any, among: Sequence[tuple[Mapping[str, int], list[int]]], unknown: list[str]) -> None:
    """A part that is no name is tried once more, parted by its commas: some names hold commas."""

    def found(part: str) -> bool:
        for names, ids in among:
            if (number := names.get(cells.plain(part))) is not None:
                if number not in ids:
                    ids.append(number)
                return True
        return False

    try:
        listed = cells.parts(cell)
    except ValueError as problem:
        unknown.append(str(problem))
        return
    for part in listed:
        if not found(part):
            unknown += [one for piece in part.split(",") if (one := piece.strip()) and not found(one)]
