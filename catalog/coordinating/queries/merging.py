"""Reads: what a merge of two accounts would do, and the merges that were made."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from catalog.accounts.models import Person
from catalog.attendance.models import Credit
from catalog.certificates.models import Certificate, CertificateKind
from catalog.coordinating import belongings
from catalog.coordinating.belongings import Key
from catalog.coordinating.models import Merge
from catalog.coordinating.refusals import (
    AccountLeft,
    AdministratorsOnly,
    BothHaveHours,
    BothThere,
    LookedAfterTheOther,
    Merged,
    OwnAccount,
    ProvidesForTheOther,
    SamePerson,
)
from catalog.courses.models import Course, Offering
from catalog.enrollment.models import Enrollment
from catalog.errors import RuleBroken
from catalog.extensions import db
from catalog.groups.models import RscSession
from catalog.records.models import EntrySource, EntryState, HourEntry
from catalog.wording import day

PER_PAGE = 50
FILLED = ("county", "zone", "licence", "second_email", "member_until")
"""What the kept account takes over where it says nothing itself."""

Left = dict[str, dict[Key, Key]]


@dataclass(frozen=True)
class Preview:
    """What would become of the rows of `gone`, and the sentence that stands in the way, if one does."""

    kept: Person
    gone: Person
    moves: dict[str, list[list[Any]]]
    """The rows that would change hands, by "table.column"."""
    left: Left = field(default_factory=dict)
    """Those that stay where they are, with the row of `kept` that is there already."""
    fills: dict[str, Any] = field(default_factory=dict)
    refusal: RuleBroken | None = None

    @property
    def counts(self) -> dict[str, int]:
        return {key: len(rows) for key, rows in self.moves.items() if rows}

    @property
    def left_counts(self) -> dict[str, int]:
        return {key: len(rows) for key, rows in self.left.items() if rows}

    @property
    def stand(self) -> str:
        """What the page showed, so that nobody says yes to something else."""
        people = [(one.id, one.name, one.email) for one in (self.kept, self.gone)]
        said = (people, self.moves, {key: sorted(rows) for key, rows in self.left.items()}, self.fills)
        return hashlib.sha256(repr(said).encode()).hexdigest()[:16]


def preview(kept: Person, gone: Person, by: Person) -> Preview:
    left = {
        one.key: found
        for one in belongings.that_move()
        if (found := belongings.in_the_way(gone.id, kept.id, one))
    }
    moves = {
        one.key: [key for key in rows if tuple(key) not in left.get(one.key, {})]
        for one in belongings.that_move()
        if (rows := belongings.rows_of(gone.id, one))
    }
    _leave_older_papers(moves, left)
    return Preview(kept, gone, moves, left, _fills(kept, gone), _refusal(kept, gone, by, left))


def _leave_older_papers(moves: dict[str, list[list[Any]]], left: Left) -> None:
    """Where a certificate of a course stays behind, those that it superseded stay with it: each leads to the next."""
    staying = [key[0] for key in left.get("certificate.person_id", {})]
    if not staying:
        return
    courses = sa.select(Certificate.course_id).where(Certificate.id.in_(staying))
    of_these = sa.select(Certificate.id).where(
        Certificate.kind == CertificateKind.COURSE, Certificate.course_id.in_(courses)
    )
    older = set(db.session.scalars(of_these))
    rows = moves.get("certificate.person_id", [])
    moves["certificate.person_id"] = [row for row in rows if row[0] not in older]


def _fills(kept: Person, gone: Person) -> dict[str, Any]:
    """What the kept account would take over. The other's address becomes the one to fall back on."""
    said = {name: getattr(gone, name) for name in FILLED}
    said["second_email"] = gone.second_email or gone.email
    return {name: value for name, value in said.items() if value and not getattr(kept, name)}


def _refusal(kept: Person, gone: Person, by: Person, left: Left) -> RuleBroken | None:
    if kept.id == gone.id:
        return SamePerson()
    for person in (kept, gone):
        if person.merged_into_id is not None:
            return Merged(person.name)
        if person.left_at is not None:
            return AccountLeft()
    if gone.id == by.id:
        return OwnAccount()
    if (kept.is_administrator or gone.is_administrator) and not by.is_administrator:
        return AdministratorsOnly()
    if both := left.get("enrollment.person_id"):
        return BothThere(titles(_offerings_of(Enrollment, both)))
    if sessions := _both_have_hours(left):
        return BothHaveHours(sessions)
    return _judged_oneself(kept.id, gone.id)


def _both_have_hours(left: Left) -> list[str]:
    earned, papers = (left.get(key, {}) for key in ("credit.person_id", "certificate.person_id"))
    if not earned and not papers:
        return []
    return titles(sa.union(_offerings_of(Credit, earned), _offerings_of(Certificate, papers)))


def _offerings_of(table: type[Enrollment | Credit | Certificate], keys: Iterable[Key]) -> sa.Select[Any]:
    return sa.select(table.offering_id).where(
        table.id.in_([key[0] for key in keys]), table.offering_id.is_not(None)
    )


def titles(offering_ids: Any) -> list[str]:
    """What these sessions are called, with their days."""
    rows = db.session.execute(
        sa.select(Course.title, Offering.starts_at, Offering.zone)
        .join(Offering.course)
        .where(Offering.id.in_(offering_ids))
        .order_by(Offering.starts_at, Offering.id)
    )
    return [
        f"“{title}” on {day(starts_at, zone)}" if starts_at else f"“{title}”"
        for title, starts_at, zone in rows
    ]


def _judged_oneself(one_id: int, other_id: int) -> RuleBroken | None:
    """What is right between two people and would not be by oneself."""
    pair = (one_id, other_id)
    between = (RscSession.person_id.in_(pair), RscSession.provider_id.in_(pair))
    if db.session.scalar(sa.select(sa.exists().where(*between))):
        return ProvidesForTheOther()
    judged = sa.or_(
        sa.and_(HourEntry.state == EntryState.VERIFIED, HourEntry.checked_by_id.in_(pair)),
        sa.and_(HourEntry.source == EntrySource.COORDINATOR, HourEntry.added_by_id.in_(pair)),
    )
    if db.session.scalar(sa.select(sa.exists().where(HourEntry.person_id.in_(pair), judged))):
        return LookedAfterTheOther()
    return None


def _listed() -> sa.Select[tuple[Merge]]:
    people = (Merge.kept, Merge.gone, Merge.merged_by)
    return sa.select(Merge).options(
        *(joinedload(one, innerjoin=True) for one in people), joinedload(Merge.undone_by)
    )


def merge(merge_id: int) -> Merge | None:
    return db.session.scalar(_listed().where(Merge.id == merge_id))


def merges(page: int) -> tuple[Sequence[Merge], int]:
    """One page of them, the latest first; and the number of pages."""
    count = db.session.scalar(sa.select(sa.func.count()).select_from(Merge)) or 0
    pages = max(1, -(-count // PER_PAGE))
    start = (min(max(page, 1), pages) - 1) * PER_PAGE
    found = _listed().order_by(Merge.id.desc()).limit(PER_PAGE).offset(start)
    return db.session.scalars(found).all(), pages
