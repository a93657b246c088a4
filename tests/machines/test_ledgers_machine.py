"""Hours are written, corrected, taken back, put back, verified and sent back: two lists in plain Python beside it."""

from collections import Counter
from dataclasses import dataclass

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from catalog.accounts.models import Person
from catalog.competencies.models import Ledger
from catalog.extensions import db
from catalog.records import services
from catalog.records.ledger import Sure
from catalog.records.models import HourEntry
from catalog.records.queries.ledger import from_elsewhere
from catalog.records.written import Written
from tests import factories as make
from tests.machines.driving import STEPS, Machine, aloud, drive, said
from tests.records import entries

PEOPLE = 2
whose, which = st.integers(0, PEOPLE - 1), st.integers(0, 30)
ledgers, minutes = st.sampled_from([Ledger.TRAINING, Ledger.RSC]), st.sampled_from([30, 60, 90, 360])


@dataclass
class Line:
    """An entry as one would keep it on paper: what stands, and what was crossed out."""

    who: int
    ledger: Ledger
    minutes: int
    state: str
    is_crossed_out: bool = False


class Books(Machine):
    def set_up(self) -> None:
        make.topic("TF.attachment")
        self.mira = make.person("Mira Sample", coordinates=True).id
        self.ids = [make.person(f"Person{n} Sample").id for n in range(PEOPLE)]
        self.lines: dict[int, Line] = {}
        self.words: dict[str, tuple[int, Written]] = {}

    def person(self, who: int) -> Person:
        return db.session.get_one(Person, self.ids[who])

    @property
    def staff(self) -> Person:
        return db.session.get_one(Person, self.mira)

    def pick(self, number: int) -> tuple[HourEntry, Line] | None:
        if not self.lines:
            return None
        key = list(self.lines)[number % len(self.lines)]
        return db.session.get_one(HourEntry, key), self.lines[key]

    @staticmethod
    def words_of(ledger: Ledger, there: int) -> Written:
        return entries.rsc(minutes=there) if ledger == Ledger.RSC else entries.said(minutes=there)

    @rule(who=whose, ledger=ledgers, there=minutes, word=st.sampled_from(["", "one", "two"]))
    def add(self, who: int, ledger: Ledger, there: int, word: str) -> None:
        """With a form that may be sent twice, or changed and sent again."""
        what, once = self.words_of(ledger, there), f"{who} {word}" if word else None
        person = self.person(who)
        made = self.does(lambda: services.add_hours(what, None, by=person, once=once))
        before = self.words.get(once or "")
        if before and before[1] != what:
            assert said(made) == "SentWithOther"
        elif before:
            assert made.id == before[0]
        else:
            assert said(made) == ""
            self.lines[made.id] = Line(who, ledger, there, "pending")
            if once:
                self.words[once] = (made.id, what)

    @rule(who=whose, ledger=ledgers, there=minutes, own=st.booleans())
    def add_for(self, who: int, ledger: Ledger, there: int, own: bool) -> None:
        person, what = self.staff if own else self.person(who), self.words_of(ledger, there)
        made = self.does(lambda: services.add_hours_for(person, what, None, by=self.staff))
        assert said(made) == ("OwnHours" if own else "")
        if not own:
            self.lines[made.id] = Line(who, ledger, there, "verified")

    @rule(number=which, there=minutes, by_staff=st.booleans())
    def correct(self, number: int, there: int, by_staff: bool) -> None:
        if (picked := self.pick(number)) is None:
            return
        entry, line = picked
        what, by = self.words_of(line.ledger, there), self.staff if by_staff else self.person(line.who)
        made = self.does(lambda: services.correct_hours(entry, what, None, by=by))
        if line.is_crossed_out or line.state == "withdrawn":
            assert said(made) == "AlreadyCorrected"
        elif there == line.minutes and line.state in ("pending", "verified"):
            assert made.id == entry.id
        else:
            line.is_crossed_out = True
            self.lines[made.id] = Line(line.who, line.ledger, there, "verified" if by_staff else "pending")

    @rule(number=which, by_staff=st.booleans())
    def withdraw(self, number: int, by_staff: bool) -> None:
        if (picked := self.pick(number)) is None:
            return
        entry, line = picked
        by = self.staff if by_staff else self.person(line.who)
        made = self.does(lambda: services.withdraw_hours(entry, by=by))
        assert said(made) == ("AlreadyCorrected" if line.is_crossed_out else "")
        if not line.is_crossed_out:
            line.state = "withdrawn"

    @rule(number=which, by_staff=st.booleans())
    def put_back(self, number: int, by_staff: bool) -> None:
        if (picked := self.pick(number)) is None:
            return
        entry, line = picked
        by = self.staff if by_staff else self.person(line.who)
        made = self.does(lambda: services.put_back_hours(entry, by=by))
        if line.is_crossed_out or line.state != "withdrawn":
            assert said(made) == "AlreadyCorrected"
        else:
            line.is_crossed_out = True
            state = "verified" if by_staff else "pending"
            self.lines[made.id] = Line(line.who, line.ledger, line.minutes, state)

    @rule(number=which, yes=st.booleans(), seen_it=st.booleans(), alone=st.booleans())
    def look_at(self, number: int, yes: bool, seen_it: bool, alone: bool) -> None:
        """A coordinator, who may have another version before them, or be the person themself."""
        if (picked := self.pick(number)) is None:
            return
        entry, line = picked
        seen, by = services.seen_of(entry) if seen_it else "another", self.staff
        if alone:
            by = self.person(line.who)
        if yes:
            made = self.does(lambda: services.verify_hours(entry, seen, by=by))
        else:
            made = self.does(lambda: services.return_hours(entry, seen, "A reason", by=by))
        if alone:
            assert said(made) == "OwnHours"
        elif line.is_crossed_out or line.state == "withdrawn":
            assert said(made) == "AlreadyCorrected"
        elif line.state != "pending":
            assert said(made) == "AlreadySettled"
        elif not seen_it:
            assert said(made) == "NotAsSeen"
        else:
            line.state = "verified" if yes else "returned"

    @invariant()
    def the_rows_say_what_the_model_says(self) -> None:
        rows = db.session.execute(
            sa.select(HourEntry.id, HourEntry.minutes, HourEntry.state, HourEntry.superseded_at)
        ).all()
        found = {row.id: (row.minutes, row.state.value, row.superseded_at is not None) for row in rows}
        assert found == {key: (of.minutes, of.state, of.is_crossed_out) for key, of in self.lines.items()}

    @invariant()
    def the_two_ledgers_add_up_and_are_never_added_together(self) -> None:
        for who, person_id in enumerate(self.ids):
            found: Counter[tuple[Ledger, str]] = Counter()
            for entry in from_elsewhere(person_id):
                if not entry.not_counted:
                    found[entry.ledger, "verified" if entry.sure == Sure.VERIFIED else "pending"] += (
                        entry.minutes
                    )
            expected: Counter[tuple[Ledger, str]] = Counter()
            for line in self.lines.values():
                if line.who == who and not line.is_crossed_out and line.state in ("verified", "pending"):
                    expected[line.ledger, line.state] += line.minutes
            assert found == expected


@pytest.mark.usefixtures("_rows")
def test_the_ledgers_hold_what_was_written_and_seen(app: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    with aloud(capsys) as say:
        assert drive(Books, app, say) >= STEPS
