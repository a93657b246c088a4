"""Reads: hours from elsewhere one by one, what waits for a coordinator, and what the framework calls things."""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload, undefer

from catalog.attendance.models import Credit
from catalog.competencies.models import Area, Category, HourTag, Ledger, Topic
from catalog.courses.models import Course, Offering
from catalog.extensions import db
from catalog.records.books import Names
from catalog.records.models import EntryState, Evidence, HourEntry, HourImport

PER_PAGE = 50


def whole(statement: sa.Select[tuple[HourEntry]]) -> sa.Select[tuple[HourEntry]]:
    """With everything that is said about an entry, in as many statements for many as for one."""
    return statement.options(
        joinedload(HourEntry.person, innerjoin=True),
        joinedload(HourEntry.checked_by),
        joinedload(HourEntry.evidence),
        selectinload(HourEntry.areas),
        selectinload(HourEntry.topics).joinedload(Topic.area, innerjoin=True),
        selectinload(HourEntry.tags),
    )


def entry(entry_id: int) -> HourEntry | None:
    found = whole(sa.select(HourEntry).where(HourEntry.id == entry_id))
    return db.session.scalar(found.execution_options(populate_existing=True))


def entries_of(person_id: int) -> Sequence[HourEntry]:
    """Those in force that were not taken back, the latest first."""
    return db.session.scalars(
        whole(
            sa.select(HourEntry).where(
                HourEntry.person_id == person_id,
                HourEntry.superseded_at.is_(None),
                HourEntry.state != EntryState.WITHDRAWN,
            )
        ).order_by(HourEntry.ended_on.desc(), HourEntry.id.desc())
    ).all()


def withdrawn_of(person_id: int) -> Sequence[HourEntry]:
    """What was taken back and not put back since."""
    return db.session.scalars(
        sa.select(HourEntry)
        .where(
            HourEntry.person_id == person_id,
            HourEntry.superseded_at.is_(None),
            HourEntry.state == EntryState.WITHDRAWN,
        )
        .order_by(HourEntry.ended_on.desc(), HourEntry.id.desc())
    ).all()


def versions(of: HourEntry) -> Sequence[HourEntry]:
    """Everything that was ever said in place of it, the oldest first, itself among them."""
    links = dict(
        db.session.execute(
            sa.select(HourEntry.id, HourEntry.supersedes_id).where(HourEntry.person_id == of.person_id)
        )
        .tuples()
        .all()
    )
    later = {before: after for after, before in links.items() if before}
    first = of.id
    while (before := links.get(first)) is not None:
        first = before
    ids = [first]
    while ids[-1] in later:
        ids.append(later[ids[-1]])
    found = {
        one.id: one for one in db.session.scalars(whole(sa.select(HourEntry).where(HourEntry.id.in_(ids))))
    }
    return [found[number] for number in ids if number in found]


def hours_to_look_at(page: int) -> tuple[Sequence[HourEntry], int]:
    """One page of what waits, the oldest first; and the number of pages."""
    waits = sa.and_(HourEntry.state == EntryState.PENDING, HourEntry.superseded_at.is_(None))
    count = db.session.scalar(sa.select(sa.func.count()).select_from(HourEntry).where(waits)) or 0
    pages = max(1, -(-count // PER_PAGE))
    start = (min(max(page, 1), pages) - 1) * PER_PAGE
    listed = (
        sa.select(HourEntry)
        .options(joinedload(HourEntry.person, innerjoin=True), joinedload(HourEntry.evidence))
        .where(waits)
        .order_by(HourEntry.added_at, HourEntry.id)
    )
    return db.session.scalars(listed.limit(PER_PAGE).offset(start)).all(), pages


def file_of(entry: HourEntry) -> Evidence | None:
    """The entry's file with its content."""
    return db.session.scalar(
        sa.select(Evidence).options(undefer(Evidence.content)).where(Evidence.id == (entry.evidence_id or 0))
    )


class Twin(NamedTuple):
    """Something else with the same day, ledger and minutes, which may be the same training written down twice."""

    title: str
    entry_id: int | None
    offering_id: int | None


def twins(person_id: int, ledger: Ledger, on: date, minutes: int, but: int | None = None) -> list[Twin]:
    found = already_there(person_id, [on])
    return [one for one in found.get((ledger, on, minutes), []) if but is None or one.entry_id != but]


Same = tuple[Ledger, date, int]


def already_there(person_id: int, days: Iterable[date]) -> dict[Same, list[Twin]]:
    """Entries and credits of these last days, by ledger, day and minutes. Two statements."""
    on, found = list(set(days)), dict[Same, list[Twin]]()
    entries = sa.select(
        HourEntry.ledger, HourEntry.ended_on, HourEntry.minutes, HourEntry.title, HourEntry.id
    ).where(
        HourEntry.person_id == person_id,
        HourEntry.ended_on.in_(on),
        HourEntry.superseded_at.is_(None),
        HourEntry.state != EntryState.WITHDRAWN,
    )
    earned = (
        sa.select(Credit.ledger, Credit.earned_on, Credit.minutes, Course.title, Credit.offering_id)
        .join(Offering, Offering.id == Credit.offering_id)
        .join(Course, Course.id == Offering.course_id)
        .where(
            Credit.person_id == person_id,
            Credit.earned_on.in_(on),
            Credit.superseded_at.is_(None),
            Credit.minutes > 0,
        )
    )
    for ledger, day, minutes, title, entry_id in db.session.execute(entries):
        found.setdefault((ledger, day, minutes), []).append(Twin(title, entry_id, None))
    for ledger, day, minutes, title, offering_id in db.session.execute(earned):
        found.setdefault((ledger, day, minutes), []).append(Twin(title, None, offering_id))
    return found


def names() -> Names:
    """In one statement, in the framework's order. What the framework no longer has is there too."""
    found = Names()
    for row in db.session.execute(_names()):
        if row.kind == "area":
            found.areas[row.id] = row.name
        elif row.kind == "topic":
            found.topics[row.id] = row.name
        elif row.kind == "tag":
            found.tags[row.code] = row.name
        else:
            found.categories[row.code] = row.name
    return found


@cache
def _names() -> Any:
    def listed(kind: str, of: Any, name: Any, *order: Any) -> sa.Select[Any]:
        place = sa.func.row_number().over(order_by=order).label("place")
        return sa.select(sa.literal(kind).label("kind"), of.id, of.code, name.label("name"), place)

    whole_list = sa.union_all(
        listed("area", Area, Area.name, Area.mentors_only, Area.position, Area.id),
        listed("topic", Topic, Topic.name, Topic.position, Topic.id),
        listed("tag", HourTag, HourTag.label, HourTag.id),
        listed("category", Category, Category.name, Category.position, Category.id),
    ).subquery()
    return sa.select(whole_list).order_by(whole_list.c.kind, whole_list.c.place)


def hour_import(import_id: int) -> HourImport | None:
    return db.session.scalar(
        sa.select(HourImport)
        .options(
            joinedload(HourImport.person, innerjoin=True), joinedload(HourImport.read_by, innerjoin=True)
        )
        .where(HourImport.id == import_id)
    )
