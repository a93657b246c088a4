"""One line of a person's two ledgers as a plain value, whatever it comes from. No database, no clock.

The two ledgers are never added together. Whatever asks about hours (readiness, renewal, export, the person's own
page) reads these lines, so that every total can be explained by them."""

from datetime import date
from enum import StrEnum
from typing import NamedTuple

from catalog.attendance.models import KnownBy
from catalog.competencies.models import Ledger
from catalog.records.models import Standing

RETURNED = "A coordinator sent it back"
"""How the reason begins of what a coordinator sent back; after a colon follows what they wrote."""
NO_AREA = "It names no competency area and no topic, and training hours count when they cover at least one."


class Sure(StrEnum):
    """verified: attendance here, or a coordinator has seen it. pending: the person says so, nobody has looked.
    planned: a seat is held, nothing is earned yet."""

    VERIFIED = "verified"
    PENDING = "pending"
    PLANNED = "planned"


class Source(StrEnum):
    """Where a line comes from; its key begins with it: "credit-12", "entry-5", "seat-9"; "credit-12.7" is the part of
    a credit that person 7 provided, who stood in."""

    CREDIT = "credit"
    ENTRY = "entry"
    SEAT = "seat"


class Rsc(NamedTuple):
    """What decides whether reflective supervision/consultation counts.

    `who` tells providers apart; `categories` are the codes of the categories and add-ons they held on that day."""

    who: str
    standing: Standing = Standing.UNKNOWN
    categories: frozenset[str] = frozenset()
    is_group: bool | None = None


class Entry(NamedTuple):
    """So many minutes in one ledger. `began` and `on` are its first and its last day.

    `not_counted` says why it does not count at all; it is empty where it counts, whatever else is asked of it."""

    key: str
    ledger: Ledger
    began: date
    on: date
    minutes: int
    title: str = ""
    provider: str = ""
    trainer: str = ""
    sure: Sure = Sure.VERIFIED
    known_by: KnownBy = KnownBy.ATTENDANCE
    taken_by: str = ""
    areas: frozenset[int] = frozenset()
    topics: frozenset[int] = frozenset()
    tags: frozenset[str] = frozenset()
    is_reviewed: bool = True
    """Whether a coordinator has reviewed what it covers."""
    rsc: Rsc | None = None
    not_counted: str = ""
    offering_id: int | None = None

    @property
    def source(self) -> Source:
        return Source(self.key.partition("-")[0])

    @property
    def number(self) -> int:
        """The number of the row it comes from; several lines may come from one, and say so behind a point."""
        return int(self.key.partition("-")[2].partition(".")[0])

    @property
    def counts(self) -> bool:
        return not self.not_counted and self.minutes > 0
