"""Reads: one person's hours, by ledger, by area, and one by one."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from catalog.accounts.models import Person
from catalog.attendance.models import Credit, CreditArea, KnownBy
from catalog.competencies.models import Area, Ledger
from catalog.courses.models import Offering
from catalog.enrollment.models import Enrollment
from catalog.extensions import db
from catalog.records.ledger import RETURNED, Entry
from catalog.records.queries.ledger import from_elsewhere


@dataclass
class LedgerTotal:
    """What counts in one ledger, in minutes, and how it is known. Two of these are never added together."""

    ledger: Ledger
    minutes: int = 0
    entries: int = 0
    """How many sessions gave them here."""
    elsewhere: int = 0
    """How many entries from elsewhere."""
    not_counted: int = 0
    """Minutes that were earned and do not count; each entry says why."""
    by_knowledge: dict[KnownBy, int] = field(default_factory=dict)

    def add(self, credit: Credit) -> None:
        if credit.not_counted_because:
            self.not_counted += credit.minutes
            return
        self.entries += credit.minutes > 0
        self._know(credit.known_by, credit.minutes)

    def add_elsewhere(self, entry: Entry) -> None:
        if not entry.counts:
            self.not_counted += entry.minutes
            return
        self.elsewhere += 1
        self._know(entry.known_by, entry.minutes)

    def _know(self, known: KnownBy, minutes: int) -> None:
        self.minutes += minutes
        self.by_knowledge[known] = self.by_knowledge.get(known, 0) + minutes


@dataclass
class AreaTotal:
    """What touches one area, in minutes by ledger.

    A training counts in each area it names, so areas overlap and are never summed. Where the course splits its
    minutes the area gets its part, and an area without one at most what the others leave; else the whole training."""

    area: Area
    minutes: dict[Ledger, int] = field(default_factory=lambda: dict.fromkeys(Ledger, 0))
    trainings: int = 0
    unreviewed: int = 0
    """How many of the trainings were mapped to this area without a coordinator's review."""
    known: set[KnownBy] = field(default_factory=set)

    def add(self, credit: Credit, touched: CreditArea) -> None:
        part = _not_split(credit) if touched.minutes is None else touched.minutes
        self.minutes[credit.ledger] += part
        self.trainings += 1
        self.unreviewed += not touched.was_reviewed
        self.known.add(credit.known_by)

    def add_elsewhere(self, entry: Entry) -> None:
        self.minutes[entry.ledger] += entry.minutes
        self.trainings += 1
        self.unreviewed += not entry.is_reviewed
        self.known.add(entry.known_by)


def _not_split(credit: Credit) -> int:
    """What is left of a credit when the areas that have a part of their own took it."""
    return max(credit.minutes - sum(area.minutes or 0 for area in credit.areas), 0)


@dataclass(frozen=True)
class Hours:
    ledgers: list[LedgerTotal]
    areas: list[AreaTotal]
    entries: Sequence[Credit]
    """Every credit in force, newest first, with its offering and course."""
    elsewhere: Sequence[Entry] = ()
    """What was not earned here: verified, or said and not looked at yet. What was sent back is not in it."""

    def of(self, enrolled: Enrollment) -> list[Credit]:
        return [credit for credit in self.entries if credit.enrollment_id == enrolled.id]

    @property
    def covered(self) -> list[str]:
        """Codes of the areas that anything counted touches, for the strip."""
        return [total.area.code for total in self.areas if total.trainings]


def hours(person: Person) -> Hours:
    """Everything the person has earned or says to have earned that is in force: by ledger, by area, one by one."""
    entries = db.session.scalars(
        sa.select(Credit)
        .options(
            joinedload(Credit.offering, innerjoin=True).joinedload(Offering.course, innerjoin=True),
            selectinload(Credit.areas),
        )
        .where(Credit.person_id == person.id, Credit.superseded_at.is_(None))
        .order_by(Credit.earned_on.desc(), Credit.id.desc())
    ).all()
    ledgers = {ledger: LedgerTotal(ledger) for ledger in Ledger}
    areas = {area.id: AreaTotal(area) for area in db.session.scalars(sa.select(Area).order_by(Area.position))}
    for credit in entries:
        ledgers[credit.ledger].add(credit)
        for touched in credit.areas if not credit.not_counted_because else []:
            areas[touched.area_id].add(credit, touched)
    elsewhere = [one for one in from_elsewhere(person.id) if not one.not_counted.startswith(RETURNED)]
    for entry in elsewhere:
        ledgers[entry.ledger].add_elsewhere(entry)
        for area_id in entry.areas & areas.keys() if entry.counts else ():
            areas[area_id].add_elsewhere(entry)
    shown = [total for total in areas.values() if total.trainings or _is_usual(total.area)]
    return Hours(list(ledgers.values()), shown, entries, elsewhere)


def _is_usual(area: Area) -> bool:
    """The eight areas everybody is asked about; others show when something touches them."""
    return not area.mentors_only and area.retired_in is None
