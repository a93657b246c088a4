"""Writes: a table of past trainings, kept as it was read, and made into entries once somebody has looked at it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from catalog import clock
from catalog.accounts.models import Person
from catalog.accounts.services import refuse_joined
from catalog.competencies.models import Area, HourTag, Ledger, Topic
from catalog.extensions import db
from catalog.notices import audit
from catalog.records import letters
from catalog.records.importing import Sheet
from catalog.records.models import (
    EntrySource,
    EntryState,
    HourEntry,
    HourImport,
    Standing,
    hour_entry_area,
    hour_entry_tag,
    hour_entry_topic,
)
from catalog.records.refusals import NotAsSeen, NothingChosen

LEFT_AFTER = timedelta(days=1)
TOGETHER = 500


def keep_import(person: Person, file_name: str, sheet: Sheet, *, by: Person) -> HourImport:
    """What was read, until it is saved. Those that the person left a day ago are forgotten."""
    db.session.execute(
        sa.delete(HourImport).where(
            HourImport.person_id == person.id,
            HourImport.read_by_id == by.id,
            HourImport.saved_at.is_(None),
            HourImport.read_at < clock.now() - LEFT_AFTER,
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


def save_import(found: HourImport, lines: Collection[int], seen: str, *, by: Person) -> int:
    """The chosen rows as entries that wait for a coordinator; how many. A second time it does nothing: 0.

    Rows that have a problem are never saved. `seen` is which table the page showed: numbers of rows that were
    forgotten are given anew on SQLite. Raises NotAsSeen and NothingChosen."""
    # The person first, as whoever joins accounts holds them before they move their tables.
    refuse_joined(found.person_id, by=by)
    db.session.refresh(found, with_for_update={"of": HourImport})
    if seen != found.read_at.isoformat():
        raise NotAsSeen
    if found.saved_at is not None:
        return 0
    chosen = [row for row in found.rows["rows"] if row["line"] in lines and not row["problems"]]
    if not chosen:
        raise NothingChosen
    write_down([(_columns(found, row, by), row) for row in chosen])
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


def write_down(entries: Sequence[tuple[dict[str, Any], Mapping[str, Any]]]) -> None:
    """Entries with the areas, topics and tags that their rows name. Many at a time: entries can name each other, so
    that the session would insert them one by one. Each has a word `once` of its own."""
    made: dict[str, int] = {}
    for start in range(0, len(entries), TOGETHER):
        some = [columns for columns, _ in entries[start : start + TOGETHER]]
        db.session.execute(sa.insert(HourEntry), some)
        words = [columns["once"] for columns in some]
        numbers = sa.select(HourEntry.once, HourEntry.id).where(HourEntry.once.in_(words))
        made |= {str(word): number for word, number in db.session.execute(numbers)}
    for kind, column, table in (
        (Area, "area", hour_entry_area),
        (Topic, "topic", hour_entry_topic),
        (HourTag, "tag", hour_entry_tag),
    ):
        known = _known(kind, {number for _, row in entries for number in row[column + "s"]})
        touched = [
            {"entry_id": made[columns["once"]], column + "_id": number}
            for columns, row in entries
            for number in row[column + "s"]
            if number in known
        ]
        if touched:
            db.session.execute(sa.insert(table), touched)


def _known(kind: type[Any], ids: set[int]) -> set[int]:
    """What is gone since the table was read is left out."""
    return set(db.session.scalars(sa.select(kind.id).where(kind.id.in_(ids)))) if ids else set()


def columns_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """What a row says of the training itself."""
    return {
        "ledger": Ledger(row["ledger"]),
        "title": row["title"],
        "began_on": date.fromisoformat(row["began"]),
        "ended_on": date.fromisoformat(row["ended"]),
        "minutes": row["minutes"],
        "trainer": row["trainer"],
        "provider": row["provider"],
        "is_group": row["is_group"] if row["ledger"] == Ledger.RSC else None,
    }


def _columns(found: HourImport, row: dict[str, Any], by: Person) -> dict[str, Any]:
    return {
        **columns_of(row),
        "person_id": found.person_id,
        "provider_standing": Standing.UNKNOWN,
        "provider_categories": "",
        "source": EntrySource.IMPORTED,
        "import_id": found.id,
        "added_at": clock.now(),
        "added_by_id": by.id,
        "state": EntryState.PENDING,
        "reason": "",
        "once": _word(found, row),
    }


def _word(found: HourImport, row: dict[str, Any]) -> str:
    """Each row of a table is saved once; the database refuses a second time."""
    return f"import {found.id} {row['line']}"
