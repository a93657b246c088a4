"""Attendance from before this catalog: hours that people earned then, brought in by a coordinator and so verified."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

import sqlalchemy as sa

from catalog import clock
from catalog.accounts.models import Person
from catalog.accounts.services import joined_among
from catalog.coordinating.importing import letters, people
from catalog.coordinating.importing.enrolling import person_of
from catalog.coordinating.importing.planned import Outcome, Planned
from catalog.coordinating.importing.refusals import ChangedMeanwhile
from catalog.coordinating.importing.settling import Meant, meant_by
from catalog.coordinating.importing.table import Needs
from catalog.coordinating.models import TableImport
from catalog.courses.models import Course, Offering, OfferingState
from catalog.extensions import db
from catalog.records import services as records
from catalog.records.importing import columns, rows
from catalog.records.importing.cells import plain
from catalog.records.models import EntrySource, EntryState, HourEntry, Standing
from catalog.wording import day, hours, local

TITLES = tuple(title for title in columns.COLUMNS["title"] if title != "name")
NEEDS = Needs(
    {
        "email": people.HEADINGS["email"],
        "title": TITLES,
        **{name: headings for name, headings in people.HEADINGS.items() if name != "email"},
        **{name: headings for name, headings in columns.COLUMNS.items() if name != "title"},
    },
    (
        frozenset({"email", "name", "last"}),
        frozenset({"title"}),
        frozenset({"began", "ended"}),
        frozenset({"hours", "minutes"}),
    ),
    "The columns were not found. The first row has to name them: “Email” or “Name”, “Title”, “Date” and “Hours”; "
    "“County”, “Ledger”, “Trainer”, “Areas” and “Topics” help.",
)
EXAMPLE = (
    ("Email", "Name", "County", "Title", "Date", "Hours", "Ledger", "Trainer", "Areas"),
    (
        *("ana.sample@example.org", "Ana Sample", "Pike", "Sleep and soothing (sample)", "2024-05-14", "6"),
        *("training", "Sample Trainer", "Theoretical Foundations"),
    ),
)
OWN = "These hours are yours, so another coordinator has to bring them in."
FEW = 500


def row_of(line: int, said: Mapping[str, Any], known: rows.Known, today: date) -> dict[str, Any]:
    problems: list[str] = []
    whose = people.read(said, problems)
    row = asdict(rows.row_of(line, said, known, today))
    return {**row, **whose, "problems": [*problems, *row["problems"]]}


def hold(_found: TableImport) -> None:
    """What people have is read again in the transaction that saves; `once` refuses a row that is saved twice."""


def plan(found: TableImport, *, by: Person) -> list[Planned]:
    known = people.everybody()
    meant = [meant_by(row, known, may_be_new=True) for row in found.rows["rows"]]
    there = _there({one.person.id for one in meant if one.person})
    held = _held({plain(one.row["title"]) for one in meant})
    seen: dict[tuple[Any, ...], int] = {}
    return [_planned(one, by, there, held, seen) for one in meant]


Held = list[tuple[int, date, date]]


def _planned(
    one: Meant,
    by: Person,
    there: set[tuple[Any, ...]],
    held: Mapping[str, Held],
    seen: dict[tuple[Any, ...], int],
) -> Planned:
    if one.person is None and not one.is_new:
        return one.unsettled()
    if one.person and one.person.id == by.id:
        return one.as_(Outcome.REFUSED, OWN)
    row, title = one.row, plain(one.row["title"])
    began, ended = date.fromisoformat(row["began"]), date.fromisoformat(row["ended"])
    for offering_id, first, last in held.get(title, ()):
        if first <= ended and began <= last:
            return one.as_(
                Outcome.REFUSED,
                f"“{row['title']}” was held here on {day(first)}. Its hours come from its own attendance.",
                offering_id=offering_id,
            )
    what = (one.key, title, ended, row["minutes"])
    if what in there:
        return one.as_(Outcome.THERE, f"{_said(row)}: there already.")
    if (line := seen.setdefault(what, one.line)) != one.line:
        return one.as_(Outcome.THERE, f"{_said(row)}: the same as row {line}.")
    new = "A new account, and " if one.is_new else ""
    return one.as_(Outcome.WILL, f"{new}{_said(row)}.")


def _said(row: Mapping[str, Any]) -> str:
    ledger = "RSC" if row["ledger"] == "rsc" else "training"
    return f"{hours(row['minutes'])} {ledger}, {row['title']}, {day(date.fromisoformat(row['ended']))}"


def _there(person_ids: set[int]) -> set[tuple[Any, ...]]:
    """What these people have from elsewhere already, whoever wrote it down and whether it was looked at or not."""
    found: set[tuple[Any, ...]] = set()
    ids = sorted(person_ids)
    for start in range(0, len(ids), FEW):
        rows_ = db.session.execute(
            sa.select(HourEntry.person_id, HourEntry.title, HourEntry.ended_on, HourEntry.minutes).where(
                HourEntry.person_id.in_(ids[start : start + FEW]),
                HourEntry.superseded_at.is_(None),
                HourEntry.state != EntryState.WITHDRAWN,
            )
        )
        found |= {(person_id, plain(title), ended, minutes) for person_id, title, ended, minutes in rows_}
    return found


def _held(titles: set[str]) -> dict[str, Held]:
    """The sessions of courses with these titles that have begun, with their first and last day."""
    courses = {
        course_id: plain(title)
        for course_id, title in db.session.execute(sa.select(Course.id, Course.title))
        if plain(title) in titles
    }
    found: dict[str, Held] = {}
    ids = sorted(courses)
    for start in range(0, len(ids), FEW):
        held = (
            sa.select(Offering.course_id, Offering.id, Offering.starts_at, Offering.ends_at, Offering.zone)
            .where(Offering.course_id.in_(ids[start : start + FEW]))
            .where(Offering.state == OfferingState.SCHEDULED, Offering.starts_at <= clock.now())
            .order_by(Offering.starts_at, Offering.id)
        )
        for course_id, offering_id, starts, ends, zone in db.session.execute(held):
            days = (local(starts, zone).date(), local(ends, zone).date())
            found.setdefault(courses[course_id], []).append((offering_id, *days))
    return found


def carry_out(found: TableImport, planned: Sequence[Planned], *, by: Person) -> None:
    """An account for whoever is new, and the entries of everybody by a few statements. Whose account was joined with
    another one since it was looked at stops all of it."""
    if joined := joined_among({one.person_id for one in planned if one.person_id is not None}):
        raise ChangedMeanwhile([one.line for one in planned if one.person_id in joined])
    rows_ = {row["line"]: row for row in found.rows["rows"]}
    new: dict[str, Person] = {}
    many: dict[int, int] = {}
    entries = []
    for one in planned:
        row = rows_[one.line]
        person_id = one.person_id
        if person_id is None:
            if row["email"] not in new:
                new[row["email"]] = person_of(one, row, by=by)
            person_id = new[row["email"]].id
        else:
            many[person_id] = many.get(person_id, 0) + 1
        entries.append((_columns(found, row, person_id, by), row))
    records.write_down(entries)
    letters.brought(many)


def word(found: TableImport, line: int) -> str:
    """Each row of a table is saved once; the database refuses a second time."""
    return f"table {found.id} {line}"


def entries_of(found: TableImport) -> sa.ColumnElement[bool]:
    """The entries that this table made."""
    return HourEntry.once.startswith(word(found, 0)[:-1], autoescape=True)


def _columns(found: TableImport, row: Mapping[str, Any], person_id: int, by: Person) -> dict[str, Any]:
    now = clock.now()
    return {
        **records.columns_of(row),
        "person_id": person_id,
        "provider_standing": Standing.UNKNOWN,
        "provider_categories": "",
        "source": EntrySource.COORDINATOR,
        "added_at": now,
        "added_by_id": by.id,
        "state": EntryState.VERIFIED,
        "checked_at": now,
        "checked_by_id": by.id,
        "reason": "",
        "once": word(found, row["line"]),
    }
