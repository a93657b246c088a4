"""Many people onto one session: from a list of addresses, or from a file with names beside them."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from catalog import clock
from catalog.accounts.models import Person
from catalog.attendance.services import new_person
from catalog.coordinating.importing import people
from catalog.coordinating.importing.planned import Outcome, Planned
from catalog.coordinating.importing.refusals import ChangedMeanwhile
from catalog.coordinating.importing.settling import Meant, meant_by
from catalog.coordinating.importing.table import MOST_ROWS, Needs, Table
from catalog.coordinating.models import TableImport
from catalog.courses.models import Offering
from catalog.enrollment import queries as enrolled
from catalog.enrollment import seats
from catalog.enrollment import services as enrollment
from catalog.enrollment.models import LIVE, Enrollment, State
from catalog.enrollment.refusals import AlreadyEnrolled, EnrollmentClosed, OfferingFull, RosterSettled
from catalog.extensions import db
from catalog.records.refusals import SheetRefused

NEEDS = Needs(
    people.HEADINGS,
    (frozenset({"email", "name", "last"}),),
    "The columns were not found. The first row has to name them: “Email”, and “Name” for people who have no "
    "account yet.",
)
EXAMPLE = (("Email", "Name", "County"), ("ana.sample@example.org", "Ana Sample", "Pike"))
REASON = "From a list"
FULL = "There is no free seat, and nobody moves up any more. Raise the number of seats first."
STATES = {
    State.SEATED: "Has a seat already.",
    State.OFFERED: "A seat is kept for them already.",
    State.WAITING: "Is on the waitlist already.",
    State.REQUESTED: "Asked for a seat already. Decide on the roster.",
}
PASTED = re.compile(r"[^\s<>,;()\[\]\"]+@[^\s<>,;()\[\]\"]+")


def pasted(said: str) -> Table:
    """A row for each address in a text as people paste it: one a line, or parted by commas; what stands before an
    address on its line, or in front of its angle brackets, is the name."""
    rows: list[tuple[int, dict[str, Any]]] = []
    pieces = (piece for line in said.splitlines() for piece in re.split(r";|,(?=[^,]*@)", line))
    for piece in pieces:
        for name, address in _addresses(piece):
            rows.append((len(rows) + 1, {"email": address, "name": name}))
    if not rows:
        raise SheetRefused("No email address was found in what you wrote.")
    if len(rows) > MOST_ROWS:
        raise SheetRefused(f"These are more than {MOST_ROWS:,} addresses. Bring them in parts.")
    return Table(rows, [])


def _addresses(piece: str) -> list[tuple[str, str]]:
    found = PASTED.findall(piece)
    if len(found) == 1:
        name = " ".join(re.sub(r"[<>()\[\]\"\t]", " ", piece.replace(found[0], " ")).split()).strip(" ,;-–")
        return [(name, found[0])]
    said = piece.strip(" \t,;")
    return [("", one) for one in found] or ([(said, "")] if said else [])


def row_of(line: int, said: Mapping[str, Any], _known: Any, _today: date) -> dict[str, Any]:
    problems: list[str] = []
    return {"line": line, **people.read(said, problems), "problems": problems}


def hold(found: TableImport) -> None:
    """Nobody takes or gives back a seat of this session until the transaction ends."""
    if found.offering:
        seats.lock(found.offering)
        seats.wait_for_takers(found.offering)


def plan(found: TableImport, *, by: Person) -> list[Planned]:
    offering = db.session.get_one(Offering, found.offering_id)
    known = people.everybody()
    room = Room(offering)
    return [room.planned(meant_by(row, known, may_be_new=True)) for row in found.rows["rows"]]


class Room:
    """The seats that are left while one row after another takes one, by the rules of `enrollment.services.add`."""

    def __init__(self, offering: Offering) -> None:
        self.closed = _why_nobody(offering)
        self.left = enrolled.seats_left(offering)
        self.has_begun = offering.has_begun(clock.now())
        rows = db.session.execute(
            sa.select(Enrollment.person_id, Enrollment.state).where(
                Enrollment.offering_id == offering.id, Enrollment.state.in_(LIVE)
            )
        )
        self.states: dict[int, State] = dict(rows.tuples().all())
        self.waiting = sum(state == State.WAITING for state in self.states.values())
        self.seen: dict[int | str, int] = {}

    def planned(self, one: Meant) -> Planned:
        if one.person is None and not one.is_new:
            return one.unsettled()
        if (line := self.seen.setdefault(one.key, one.line)) != one.line:
            return one.as_(Outcome.THERE, f"The same person as in row {line}.")
        if one.person and (state := self.states.get(one.person.id)):
            return one.as_(Outcome.THERE, STATES[state])
        if self.closed:
            return one.as_(Outcome.REFUSED, self.closed)
        place = self._place()
        if place is None:
            return one.as_(Outcome.REFUSED, FULL)
        new = "A new account, and " if one.is_new else ""
        return one.as_(Outcome.WILL, new + (place[0].lower() + place[1:] if new else place))

    def _place(self) -> str | None:
        """A seat while there is one and nobody waits for it, else the end of the queue, else nothing."""
        if self.left is None:
            return "A seat."
        if self.left > 0 and (self.has_begun or not self.waiting):
            self.left -= 1
            return "A seat."
        if self.has_begun:
            return None
        self.waiting += 1
        return f"The waitlist, place {self.waiting}."


def _why_nobody(offering: Offering) -> str:
    if offering.settled_at is not None:
        return "The roster of this session is closed. Open it again first."
    return "This session was cancelled." if offering.is_cancelled else ""


def carry_out(found: TableImport, planned: Sequence[Planned], *, by: Person) -> None:
    """Whoever comes out otherwise than was shown stops all of it."""
    offering = db.session.get_one(Offering, found.offering_id)
    rows = {row["line"]: row for row in found.rows["rows"]}
    for one in planned:
        person = person_of(one, rows[one.line], by=by)
        try:
            made = enrollment.add(person, offering, by=by, reason=REASON)
        except (AlreadyEnrolled, EnrollmentClosed, OfferingFull, RosterSettled) as refusal:
            raise ChangedMeanwhile([one.line]) from refusal
        if (made.state == State.WAITING) != ("waitlist" in one.sentence):
            raise ChangedMeanwhile([one.line])


def person_of(one: Planned, row: Mapping[str, Any], *, by: Person) -> Person:
    """Who is meant, or the account that is made for them, with a letter that invites them to claim it."""
    if one.person_id is not None:
        return db.session.get_one(Person, one.person_id)
    made = new_person(row["name"], row["email"], by=by)
    if row["county"] and made.county is None:
        made.county = row["county"]
    return made
