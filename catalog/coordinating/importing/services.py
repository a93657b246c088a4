"""Writes: a table is kept as it was read, settled where it was not plain, saved as it was shown, and taken back."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from types import ModuleType
from typing import Any

import sqlalchemy as sa

from catalog import clock
from catalog.accounts.models import Person
from catalog.coordinating.importing import attendance, enrolling, letters, memberships
from catalog.coordinating.importing.people import NEW, NONE
from catalog.coordinating.importing.planned import Outcome, Planned, otherwise
from catalog.coordinating.importing.refusals import (
    CannotBeUndone,
    ChangedMeanwhile,
    NothingToSave,
    NotSettled,
)
from catalog.coordinating.importing.table import Table
from catalog.coordinating.models import TableImport, TableKind
from catalog.courses.models import Offering
from catalog.extensions import db
from catalog.notices import audit
from catalog.records.models import EntryState, HourEntry

KINDS: Mapping[TableKind, ModuleType] = {
    TableKind.MEMBERSHIPS: memberships,
    TableKind.ENROLLING: enrolling,
    TableKind.ATTENDANCE: attendance,
}
LEFT_AFTER = timedelta(days=1)


def rows_of(kind: TableKind, table: Table, known: Any, today: date) -> dict[str, Any]:
    """How each row is understood, as it is kept. Needs no database."""
    rows = [KINDS[kind].row_of(line, said, known, today) for line, said in table.rows]
    return {"rows": rows, "unused": table.unused}


def keep(
    kind: TableKind, file_name: str, rows: dict[str, Any], *, by: Person, offering: Offering | None = None
) -> TableImport:
    """What was read, until it is saved. Those that the same person left a day ago are forgotten."""
    db.session.execute(
        sa.delete(TableImport).where(
            TableImport.read_by_id == by.id,
            TableImport.saved_at.is_(None),
            TableImport.read_at < clock.now() - LEFT_AFTER,
        )
    )
    made = TableImport(
        kind=kind,
        offering_id=offering.id if offering else None,
        file_name=file_name[:200],
        rows=rows,
        read_at=clock.now(),
        read_by_id=by.id,
    )
    db.session.add(made)
    db.session.flush()
    return made


def plan(found: TableImport, *, by: Person) -> list[Planned]:
    """What would come of each row now, in the order of the table."""
    planned: list[Planned] = KINDS[found.kind].plan(found, by=by)
    return planned


def settle(found: TableImport, said: Mapping[int, str]) -> bool:
    """Who is meant by these rows: a number, "new" or "none". Whether anything is said otherwise than before."""
    _hold(found)
    if found.saved_at is not None:
        return False
    rows = [{**row, "chosen": _answer(said.get(row["line"]), row)} for row in found.rows["rows"]]
    if rows == [{**row, "chosen": row.get("chosen", "")} for row in found.rows["rows"]]:
        return False
    found.rows = {**found.rows, "rows": rows}
    db.session.flush()
    return True


def _answer(said: str | None, row: Mapping[str, Any]) -> str:
    is_one = said in ("", NEW, NONE) or (said or "").isdigit()
    return said if said is not None and is_one else str(row.get("chosen", ""))


def save(found: TableImport, seen: str, *, by: Person) -> int:
    """Every row as the page with this seal showed it; how many. A second time it does nothing: 0.

    Raises ChangedMeanwhile, NotSettled or NothingToSave, and then nothing is saved."""
    _hold(found)
    if found.saved_at is not None:
        return 0
    kind = KINDS[found.kind]
    kind.hold(found)
    planned = plan(found, by=by)
    if changed := otherwise(planned, seen):
        raise ChangedMeanwhile(changed)
    if unsettled := sum(one.outcome == Outcome.SETTLE for one in planned):
        raise NotSettled(unsettled)
    doing = [one for one in planned if one.outcome == Outcome.WILL]
    if not doing:
        raise NothingToSave
    kind.carry_out(found, doing, by=by)
    found.saved_at = clock.now()
    # What was read is not kept longer than it is needed: many of its people may have no account here.
    found.rows = {**found.rows, "rows": [], "done": [_done(one) for one in planned]}
    db.session.flush()
    counts = Counter(one.outcome.value for one in planned)
    about = ("offering", found.offering_id) if found.offering_id else ("table", found.id)
    audit.note(f"table.{found.kind}", *about, by=by, rows=len(doing), refused=counts[Outcome.REFUSED])
    return len(doing)


def _done(one: Planned) -> dict[str, Any]:
    return {"line": one.line, "who": one.who, "outcome": one.outcome.value, "sentence": one.sentence}


def undo(found: TableImport, *, by: Person) -> tuple[int, int]:
    """Take back every entry that the table made; how many, and how many stay because they were corrected since.

    They stay in the history of their people. A second time it does nothing. Raises CannotBeUndone."""
    _hold(found)
    if found.kind != TableKind.ATTENDANCE or found.saved_at is None:
        raise CannotBeUndone
    if found.rows.get("undone"):
        return 0, 0
    mine = attendance.entries_of(found)
    in_force = (HourEntry.superseded_at.is_(None), HourEntry.state != EntryState.WITHDRAWN)
    taken = db.session.scalars(
        sa.update(HourEntry)
        .where(mine, *in_force)
        .values(state=EntryState.WITHDRAWN, checked_at=clock.now(), checked_by_id=by.id)
        .execution_options(synchronize_session=False)
        .returning(HourEntry.person_id)
    ).all()
    made = db.session.scalar(sa.select(sa.func.count()).select_from(HourEntry).where(mine)) or 0
    stay = made - len(taken)
    found.rows = {
        **found.rows,
        "undone": {"at": clock.now().isoformat(), "taken": len(taken), "stay": stay},
    }
    db.session.flush()
    audit.note("table.undone", "table", found.id, by=by, rows=len(taken), stay=stay)
    letters.taken_back(Counter(taken))
    return len(taken), stay


def _hold(found: TableImport) -> None:
    """One table of a kind at a time: of two who save one at once the second finds it saved, and of two tables
    with the same rows the second finds them there. Locked by number, so that nobody waits in a circle."""
    alike = sa.select(TableImport.id).where(TableImport.kind == found.kind)
    db.session.execute(alike.order_by(TableImport.id).with_for_update())
    db.session.refresh(found)


def counted(planned: Sequence[Planned]) -> Counter[str]:
    return Counter(one.outcome.value for one in planned)
