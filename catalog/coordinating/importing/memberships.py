"""Memberships from the association's own list: until when each person is a member. Member prices follow from it."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from catalog.accounts.models import Person
from catalog.coordinating.importing import people
from catalog.coordinating.importing.planned import Outcome, Planned
from catalog.coordinating.importing.settling import Meant, meant_by
from catalog.coordinating.importing.table import Needs
from catalog.coordinating.models import TableImport
from catalog.extensions import db
from catalog.records.importing import cells
from catalog.records.services import set_membership
from catalog.wording import day

NEEDS = Needs(
    {
        **people.HEADINGS,
        "until": (
            *(
                "member until",
                "membership until",
                "until",
                "expires",
                "expiration",
                "expiration date",
                "expiry",
            ),
            *("end date", "membership ends", "valid until", "paid through", "renewal date", "member through"),
        ),
    },
    (frozenset({"email", "name", "last"}), frozenset({"until"})),
    "The columns were not found. The first row has to name them: “Email” or “Name”, and “Member until”; “County” "
    "helps to tell people of one name apart.",
)
EXAMPLE = (
    ("Email", "Name", "County", "Member until"),
    ("ana.sample@example.org", "Ana Sample", "Pike", "2027-12-31"),
)
NO_MEMBER = frozenset({"none", "no", "not a member", "ended", "lapsed"})


def row_of(line: int, said: Mapping[str, Any], _known: Any, _today: date) -> dict[str, Any]:
    problems: list[str] = []
    row: dict[str, Any] = {"line": line, **people.read(said, problems), "until": None}
    try:
        row["until"] = _until(said.get("until"))
    except ValueError as problem:
        problems.append(str(problem))
    return {**row, "problems": problems}


def _until(cell: Any) -> str:
    """An ISO date; nothing for somebody whose membership ends now."""
    said = cells.text(cell)
    if not said:
        raise ValueError("It does not say until when. Write a date, or “none” for no member.")
    if cells.plain(said) in NO_MEMBER:
        return ""
    found = cells.day(cell)
    if not 2000 <= found.year <= 2099:
        raise ValueError(f"“{said}” is not between 2000 and 2099.")
    return found.isoformat()


def hold(_found: TableImport) -> None:
    """Each person is locked when their membership is written."""


def plan(found: TableImport, *, by: Person) -> list[Planned]:
    known = people.everybody()
    meant = [meant_by(row, known, may_be_new=False) for row in found.rows["rows"]]
    before = _until_now([one.person.id for one in meant if one.person])
    seen: dict[int, tuple[int, str]] = {}
    return [_planned(one, before, seen) for one in meant]


def _planned(one: Meant, before: Mapping[int, date | None], seen: dict[int, tuple[int, str]]) -> Planned:
    if one.person is None:
        return one.unsettled()
    until = str(one.row["until"])
    line, said = seen.setdefault(one.person.id, (one.line, until))
    if line != one.line:
        if said == until:
            return one.as_(Outcome.THERE, f"The same as row {line}.")
        return one.as_(Outcome.REFUSED, f"Row {line} says another day of the same person.")
    now, then = before[one.person.id], date.fromisoformat(until) if until else None
    if now == then:
        return one.as_(Outcome.THERE, f"{_said(then)} already.")
    return one.as_(
        Outcome.WILL, f"{_said(then)}. Before: {_said(now).lower() if now is None else _said(now)}."
    )


def _said(until: date | None) -> str:
    return f"Member until {day(until)}" if until else "No member"


def _until_now(ids: Sequence[int]) -> dict[int, date | None]:
    wanted = set(ids)
    return {person.id: person.member_until for person in _people(sorted(wanted))}


def _people(ids: Sequence[int]) -> list[Person]:
    found: list[Person] = []
    for start in range(0, len(ids), 500):
        found += db.session.query(Person).filter(Person.id.in_(ids[start : start + 500])).populate_existing()
    return found


def carry_out(found: TableImport, planned: Sequence[Planned], *, by: Person) -> None:
    """In the order of the people's numbers, as everybody does who holds several of them."""
    until_of = {row["line"]: row["until"] for row in found.rows["rows"]}
    for person_id, line in sorted((one.person_id or 0, one.line) for one in planned):
        until = until_of[line]
        person = db.session.get_one(Person, person_id)
        set_membership(person, date.fromisoformat(until) if until else None, by=by)
