"""What would come of each row of a table, and how a page that showed it is told from another."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

from catalog.coordinating.importing.people import Known


class Outcome(StrEnum):
    """will: it is saved. there: nothing changes by it, and that is as it should be. settle: the coordinator says who
    is meant. refused: it cannot be saved."""

    SETTLE = "settle"
    REFUSED = "refused"
    WILL = "will"
    THERE = "there"


@dataclass(frozen=True, slots=True)
class Planned:
    """One row: what `sentence` says comes of it. `person_id` None with the outcome `will` is somebody new."""

    line: int
    who: str
    outcome: Outcome
    sentence: str
    person_id: int | None = None
    candidates: tuple[Known, ...] = ()
    """Who could be meant, where that is not plain."""
    may_be_new: bool = False
    chosen: str = ""
    """What the coordinator said: a number, "new", "none", or nothing yet."""
    notes: tuple[str, ...] = ()
    offering_id: int | None = None
    """The session on whose own roster this belongs."""

    @property
    def mark(self) -> str:
        said = f"{self.line} {self.outcome} {self.person_id} {self.offering_id} {self.sentence}"
        return sha256(said.encode()).hexdigest()[:MARK]


MARK = 6


def seal(rows: Sequence[Planned]) -> str:
    """What the page carries of the rows it showed."""
    return "".join(row.mark for row in rows)


def otherwise(rows: Sequence[Planned], seen: str) -> set[int]:
    """The lines that come out otherwise than a page with this seal showed."""
    marks = [seen[start : start + MARK] for start in range(0, len(seen), MARK)]
    if len(marks) != len(rows):
        return {row.line for row in rows}
    return {row.line for row, mark in zip(rows, marks, strict=True) if row.mark != mark}
