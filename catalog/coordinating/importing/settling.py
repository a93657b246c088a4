"""Whom a row means once the coordinator has said so where it was not plain."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from catalog.coordinating.importing.people import NEW, NONE, Known, People
from catalog.coordinating.importing.planned import Outcome, Planned

UNKNOWN = "Nobody here has this address or name."
NO_NAME = "Nobody here has this address. Write a name beside it, and an account is made."
NO_ADDRESS = "Nobody here has this name. Write an address beside it, and an account is made."


@dataclass(frozen=True)
class Meant:
    """A row with the person it means. `is_new` is somebody without an account, who gets one."""

    row: Mapping[str, Any]
    person: Known | None
    candidates: tuple[Known, ...]
    may_be_new: bool
    is_new: bool = False

    @property
    def line(self) -> int:
        return int(self.row["line"])

    @property
    def key(self) -> int | str:
        """What tells this person from another, whether they have an account or not."""
        return self.person.id if self.person else str(self.row["email"])

    def unsettled(self) -> Planned:
        """A row that means nobody yet, or nobody at all."""
        if self.row["problems"]:
            return self.as_(Outcome.REFUSED, " ".join(self.row["problems"]))
        if self.row.get("chosen") == NONE:
            return self.as_(Outcome.THERE, "Left out by you.")
        if self.candidates:
            return self.as_(Outcome.SETTLE, "Only the name fits, or several could be meant.")
        return self.as_(Outcome.REFUSED, self._nobody())

    def _nobody(self) -> str:
        if not self.may_be_new:
            return UNKNOWN
        return NO_NAME if self.row["email"] else NO_ADDRESS

    def as_(self, outcome: Outcome, sentence: str, *, offering_id: int | None = None) -> Planned:
        return Planned(
            line=self.line,
            who=self._who(),
            outcome=outcome,
            sentence=sentence,
            person_id=self.person.id if self.person else None,
            candidates=self.candidates,
            may_be_new=self.may_be_new and bool(self.row["email"] and self.row["name"]),
            chosen=str(self.row.get("chosen") or ""),
            notes=tuple(self.row.get("notes", ())),
            offering_id=offering_id,
        )

    def _who(self) -> str:
        typed = ", ".join(part for part in (self.row["name"], self.row["email"]) if part)
        if self.person and self.person.said not in (typed, ""):
            return self.person.said
        return typed or "Nobody"


def meant_by(row: Mapping[str, Any], known: People, *, may_be_new: bool) -> Meant:
    """Whom the row means, with what the coordinator said of it. A person who is gone meanwhile is nobody."""
    if row["problems"]:
        return Meant(row, None, (), may_be_new)
    found = known.meant(row)
    chosen = str(row.get("chosen") or "")
    if found.person:
        return Meant(row, found.person, (), may_be_new)
    if chosen == NONE:
        return Meant(row, None, found.candidates, may_be_new)
    if chosen.isdigit():
        one = next((one for one in found.candidates if str(one.id) == chosen), None)
        return Meant(row, one, found.candidates, may_be_new)
    can_be_new = may_be_new and bool(row["email"] and row["name"])
    is_new = can_be_new and (chosen == NEW or not found.candidates)
    return Meant(row, None, found.candidates, may_be_new, is_new)
