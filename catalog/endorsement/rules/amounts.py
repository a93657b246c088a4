"""Minutes by how sure they are, and the three answers there are."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from catalog.records.ledger import Entry, Sure


class Verdict(StrEnum):
    """What a rule says of somebody's hours. `UNSURE` is where a fact is missing that would decide it."""

    MET = "met"
    NOT_YET = "not yet"
    UNSURE = "cannot tell"


class Amount(NamedTuple):
    """Minutes in one ledger. Only what is verified meets a minimum; the others say what would follow."""

    verified: int = 0
    pending: int = 0
    planned: int = 0

    @property
    def expected(self) -> int:
        """Once what is pending is verified and what is booked was attended."""
        return self.verified + self.pending + self.planned


def amount(entries: Iterable[Entry]) -> Amount:
    found = dict.fromkeys(Sure, 0)
    for entry in entries:
        found[entry.sure] += entry.minutes
    return Amount(found[Sure.VERIFIED], found[Sure.PENDING], found[Sure.PLANNED])


def known_on(entries: Iterable[Entry], ledger: str, on: date) -> list[Entry]:
    """What counts in the ledger as it stood on that day, the earliest first. Booked seats are always to come."""
    found = [
        entry
        for entry in entries
        if entry.ledger == ledger and entry.counts and (entry.sure == Sure.PLANNED or entry.on <= on)
    ]
    return sorted(found, key=lambda entry: (entry.on, entry.key))
