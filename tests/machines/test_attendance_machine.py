"""Taps that come late or twice, rosters that close, open and are corrected; a table in plain Python beside it."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from catalog.accounts.models import Person
from catalog.attendance import services
from catalog.attendance.models import Credit, Mark, Recording
from catalog.attendance.sheet import Cell
from catalog.courses.models import Offering
from catalog.enrollment import services as enrollment
from catalog.enrollment.models import Enrollment
from catalog.extensions import db
from tests import factories as make
from tests.machines.driving import BEGIN, STEPS, Machine, aloud, drive, said

SEATS, MEETINGS = 4, 2
places, meetings, minutes = st.integers(0, SEATS - 1), st.integers(0, MEETINGS - 1), st.integers(-5, 200)


class Roster(Machine):
    def set_up(self) -> None:
        self.ivo = make.person("Ivo Sample", is_trainer=True).id
        self.offering_id = make.offering(
            make.course(areas=("TF",)), seats=SEATS, starts=BEGIN - timedelta(days=20), meetings=MEETINGS
        ).id
        self.rows: list[int] = []
        self.marks: dict[tuple[int, int], int] = {}
        self.last_seen: dict[tuple[int, int], datetime] = {}
        self.taps: list[str] = []
        self.recorded = 0
        self.is_closed = False
        self.credited: dict[int, int] = {}
        self._seat_one()
        self._seat_one()

    def _seat_one(self) -> None:
        self.rows.append(enrollment.add(make.person(), self.offering, by=self.by).id)

    @property
    def offering(self) -> Offering:
        return db.session.get_one(Offering, self.offering_id)

    @property
    def by(self) -> Person:
        return db.session.get_one(Person, self.ivo)

    def cell(self, place: int, meeting: int, there: int) -> Cell:
        row = db.session.get_one(Enrollment, self.rows[place % len(self.rows)])
        return Cell(self.offering.meetings[meeting], row, there)

    @rule(place=places, meeting=meetings, there=minutes, ago=st.integers(0, 240), again=st.booleans())
    def tap(self, place: int, meeting: int, there: int, ago: int, again: bool) -> None:
        """From a telephone, which sends it when it can, and perhaps twice."""
        tap = self.taps[-1] if again and self.taps else f"tap-{len(self.taps):08}"
        seen = self.now + timedelta(minutes=1) - timedelta(minutes=ago)
        made = self.does(
            lambda: services.mark(
                self.offering, [self.cell(place, meeting, there)], by=self.by, said_at=seen, tap=tap
            )
        )
        if self.is_closed:
            assert said(made) == "RosterClosed"
            return
        if tap in self.taps:
            assert said(made) == ""
            return
        if not 0 <= there <= 180:
            assert said(made) == "MinutesOutOfRange"
            return
        assert said(made) == ""
        self.taps.append(tap)
        self.recorded += 1
        self._takes(place, meeting, there, seen)

    def _takes(self, place: int, meeting: int, there: int, seen: datetime) -> None:
        key = (place % len(self.rows), meeting)
        is_latest = key not in self.marks or seen >= self.last_seen[key]
        if is_latest or self.marks[key] == there:
            self.last_seen[key] = max(seen, self.last_seen.get(key, seen))
        if is_latest:
            self.marks[key] = there

    @rule(meeting=meetings, there=st.integers(0, 180))
    def call_the_roll(self, meeting: int, there: int) -> None:
        """Everybody at once, at the desk."""
        made = self.does(
            lambda: services.mark(
                self.offering,
                [self.cell(place, meeting, there) for place in range(len(self.rows))],
                by=self.by,
            )
        )
        assert said(made) == ("RosterClosed" if self.is_closed else "")
        if made is None:
            for place in range(len(self.rows)):
                # Who is marked as they were marked before, in the same way, is not written down again.
                if self.marks.get((place, meeting)) != there:
                    self.recorded += 1
                    self._takes(place, meeting, there, self.now)

    @rule()
    def seat(self) -> None:
        if len(self.rows) < SEATS:
            closed = self.is_closed
            made = self.does(self._seat_one)
            assert said(made) == ("RosterSettled" if closed else "")

    @rule()
    def close(self) -> None:
        made = self.does(lambda: services.close(self.offering, by=self.by))
        if self.is_closed:
            assert said(made) == "RosterClosed"
        elif len(self.marks) < len(self.rows) * MEETINGS:
            assert said(made) == "StillUnmarked"
        else:
            assert said(made) == ""
            self._credits()

    def _credits(self) -> None:
        self.is_closed = True
        self.credited = {
            place: sum(self.marks[place, meeting] for meeting in range(MEETINGS))
            for place in range(len(self.rows))
        }

    @rule(reason=st.sampled_from(["", " ", "A reason"]))
    def reopen(self, reason: str) -> None:
        made = self.does(lambda: services.reopen(self.offering, by=self.by, reason=reason))
        if not reason.strip():
            assert said(made) == "ReasonNeeded"
        else:
            assert said(made) == ("" if self.is_closed else "RosterOpen")
            self.is_closed = False

    @rule(place=places, meeting=meetings, there=st.integers(0, 180))
    def correct(self, place: int, meeting: int, there: int) -> None:
        made = self.does(
            lambda: services.correct(
                self.offering, [self.cell(place, meeting, there)], by=self.by, reason="A reason"
            )
        )
        assert said(made) == ("" if self.is_closed else "RosterOpen")
        if self.is_closed:
            key = (place % len(self.rows), meeting)
            self.recorded += self.marks[key] != there
            self._takes(*key, there, self.now)
            self._credits()

    @invariant()
    def the_rows_say_what_the_model_says(self) -> None:
        found = {
            (self.rows.index(row.enrollment_id), row.number - 1): row.minutes
            for row in db.session.execute(
                sa.select(Mark.enrollment_id, Mark.minutes, Mark.meeting.property.mapper.class_.number).join(
                    Mark.meeting
                )
            )
        }
        assert found == self.marks
        assert db.session.scalar(sa.select(sa.func.count()).where(Recording.tap.is_not(None))) == len(
            self.taps
        )
        credits_ = sa.select(Credit.enrollment_id, Credit.attended_minutes).where(
            Credit.superseded_at.is_(None)
        )
        rows = {self.rows.index(row[0]): row[1] for row in db.session.execute(credits_)}
        assert {who: there for who, there in rows.items() if there} == {
            who: there for who, there in self.credited.items() if there
        }


@pytest.mark.usefixtures("_rows")
def test_marks_and_credit_are_what_was_said_last(app: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    with aloud(capsys) as say:
        assert drive(Roster, app, say) >= STEPS
