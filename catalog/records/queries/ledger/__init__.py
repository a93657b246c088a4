"""Reads: every line of a person's two ledgers, from credit earned here, hours from elsewhere, and seats they hold.

Three statements of plain columns, however many lines there are."""

from collections.abc import Iterable
from datetime import datetime

from catalog.extensions import db
from catalog.records.ledger import Entry
from catalog.records.queries.ledger import earned, elsewhere, leaders, planned
from catalog.records.queries.ledger.columns import plain
from catalog.records.queries.ledger.planned import APPLIED_FOR

__all__ = ["APPLIED_FOR", "from_elsewhere", "ledger", "ledgers"]


def ledger(person_ids: int | Iterable[int], at: datetime) -> list[Entry]:
    """The lines in force, the latest first: earned, said and planned. Those that do not count say why."""
    found = ledgers([person_ids] if isinstance(person_ids, int) else list(person_ids), at)
    return [entry for lines in found.values() for entry in lines]


def ledgers(person_ids: list[int], at: datetime) -> dict[int, list[Entry]]:
    """The same for several people at once, by their ids, in as many statements."""
    found: dict[int, list[Entry]] = {person_id: [] for person_id in person_ids}
    values = {"people": person_ids}
    # Plain columns need no objects of the session, which would cost as much again as the statements.
    connection = db.session.connection()
    for row in plain(connection.execute(earned.statement(), values)):
        found[row.person_id] += leaders.by_leader(row, earned.line(row))
    for row in plain(connection.execute(elsewhere.statement(), values)):
        found[row.person_id].append(elsewhere.line(row))
    for row in plain(connection.execute(planned.statement(), {**values, "now": at})):
        found[row.person_id] += planned.lines_of(row, at)
    for lines in found.values():
        lines.sort(key=lambda entry: (entry.on, entry.key), reverse=True)
    return found


def from_elsewhere(person_id: int) -> list[Entry]:
    """The lines that were not earned here, in one statement."""
    return [elsewhere.line(row) for row in db.session.execute(elsewhere.statement(), {"people": [person_id]})]
