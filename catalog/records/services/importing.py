"""Writes: a table of past trainings, kept as it was read, and made into entries once somebody has looked at it."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa

from catalog import clock
from catalog.accounts.models import Person
from catalog.competencies.models import Area, HourTag, Ledger, Topic
from catalog.extensions import db
from catalog.notices import audit
from catalog.records import letters
from catalog.records.importing import Sheet
from catalog.records.models import EntrySource, EntryState, HourEntry, HourImport, Standing
from catalog.records.refusals import NothingChosen


def keep_import(person: Person, file_name: str, sheet: Sheet, *, by: Person) -> HourImport:
    """What was read, until it is saved. One table at a time: an older one that was left is forgotten."""
    db.session.execute(
        sa.delete(HourImport).where(
            HourImport.person_id == person.id,
            HourImport.read_by_id == by.id,
            HourImport.saved_at.is_(None),
        )
    )
    made = HourImport(
        person_id=person.id,
        file_name=file_name[:200],
        rows=sheet.as_json(),
        read_at=clock.now(),
        read_by_id=by.id,
    )
    db.session.add(made)
    db.session.flush()
    return made


def save_import(found: HourImport, lines: Collection[int], *, by: Person) -> int:
    """The chosen rows as entries that wait for a coordinator; how many. A second time it does nothing: 0.

    Rows that have a problem are never saved. Raises NothingChosen."""
    db.session.refresh(found, with_for_update={"of": HourImport})
    if found.saved_at is not None:
        return 0
    chosen = [row for row in found.rows["rows"] if row["line"] in lines and not row["problems"]]
    if not chosen:
        raise NothingChosen
    things = _Things(chosen)
    db.session.add_all([_entry(found, row, things, by) for row in chosen])
    found.saved_at = clock.now()
    db.session.flush()
    rest = len(found.rows["rows"]) - len(chosen)
    audit.note(
        "hours.imported",
        "hours_import",
        found.id,
        by=by,
        person_id=found.person_id,
        rows=len(chosen),
        left_out=rest,
    )
    letters.hours_to_look_at(found.person)
    if by.id != found.person_id:
        letters.hours_imported(found.person, len(chosen))
    return len(chosen)


class _Things:
    """The areas, topics and tags that the rows name, read once; what is gone meanwhile is left out."""

    def __init__(self, rows: list[dict[str, Any]]) -> None:
        self.areas = self._of(Area, rows, "areas")
        self.topics = self._of(Topic, rows, "topics")
        self.tags = self._of(HourTag, rows, "tags")

    @staticmethod
    def _of(kind: type[Any], rows: list[dict[str, Any]], column: str) -> Mapping[int, Any]:
        ids = {number for row in rows for number in row[column]}
        found = db.session.scalars(sa.select(kind).where(kind.id.in_(ids))) if ids else ()
        return {one.id: one for one in found}


def _entry(found: HourImport, row: dict[str, Any], things: _Things, by: Person) -> HourEntry:
    is_rsc = row["ledger"] == Ledger.RSC
    return HourEntry(
        person_id=found.person_id,
        ledger=Ledger(row["ledger"]),
        title=row["title"],
        began_on=date.fromisoformat(row["began"]),
        ended_on=date.fromisoformat(row["ended"]),
        minutes=row["minutes"],
        trainer=row["trainer"],
        provider=row["provider"],
        is_group=row["is_group"] if is_rsc else None,
        provider_standing=Standing.UNKNOWN,
        provider_categories="",
        source=EntrySource.IMPORTED,
        import_id=found.id,
        added_at=clock.now(),
        added_by_id=by.id,
        state=EntryState.PENDING,
        areas=_those(things.areas, row["areas"]),
        topics=_those(things.topics, row["topics"]),
        tags=_those(things.tags, row["tags"]),
    )


def _those(known: Mapping[int, Any], ids: list[int]) -> list[Any]:
    return [known[number] for number in ids if number in known]
