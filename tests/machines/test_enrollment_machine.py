"""People join, leave, are asked, answer or not, are moved, put first, let in: a queue in plain Python beside it."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from catalog.accounts.models import Person
from catalog.courses.models import Offering, Seat
from catalog.enrollment import services
from catalog.enrollment.models import LIVE, Enrollment
from catalog.extensions import db
from tests import factories as make
from tests.machines.driving import BEGIN, STEPS, Machine, aloud, drive, said

PEOPLE = 6
STARTS = BEGIN + timedelta(days=12)
people = st.integers(0, PEOPLE - 1)
sessions = st.sampled_from(["first", "asks"])


@dataclass
class Place:
    state: str
    since: datetime
    """When they joined, which a move keeps; with `queued`, their turn."""
    queued: datetime | None = None
    until: datetime | None = None


@dataclass
class Session:
    """What is known of a session without a database: how many seats, and who is where."""

    capacity: int
    asks: bool
    places: dict[int, Place] = field(default_factory=dict)
    is_cancelled: bool = False

    def held(self) -> int:
        return sum(place.state in ("seated", "offered") for place in self.places.values())

    def queue(self) -> list[int]:
        waiting = [
            (place.queued, who)
            for who, place in self.places.items()
            if place.queued and place.state == "waiting"
        ]
        return [who for _, who in sorted(waiting)]

    def join(self, who: int, place: Place, turn: datetime) -> None:
        free = self.held() < self.capacity and not self.queue()
        place.state, place.queued = ("seated", place.queued) if free else ("waiting", turn)
        self.places[who] = place

    def move_up(self, now: datetime) -> None:
        if self.is_cancelled:
            return
        while self.held() < self.capacity and (queue := self.queue()):
            place, left = self.places[queue[0]], STARTS - now
            if left <= timedelta(hours=24):
                place.state = "seated"
            else:
                place.state, place.until = "offered", now + min(timedelta(hours=48), left / 4)


class Queue(Machine):
    def set_up(self) -> None:
        self.mira = make.person("Mira Sample", coordinates=True).id
        self.ids = [make.person(f"Person{n} Sample").id for n in range(PEOPLE)]
        self.models = {"first": Session(2, asks=False), "asks": Session(3, asks=True)}
        self.offerings = {
            name: make.offering(seats=of.capacity, starts=STARTS, needs_approval=of.asks).id
            for name, of in self.models.items()
        }

    def person(self, who: int) -> Person:
        return db.session.get_one(Person, self.ids[who])

    @property
    def staff(self) -> Person:
        return db.session.get_one(Person, self.mira)

    def offering(self, name: str) -> Offering:
        return db.session.get_one(Offering, self.offerings[name])

    def enrollment(self, name: str, who: int) -> Enrollment | None:
        return db.session.scalar(
            sa.select(Enrollment).where(
                Enrollment.offering_id == self.offerings[name],
                Enrollment.person_id == self.ids[who],
                Enrollment.state.in_(LIVE),
            )
        )

    @rule(name=sessions, who=people)
    def join(self, name: str, who: int) -> None:
        person, model = self.person(who), self.models[name]
        made = self.does(lambda: services.enroll(person, self.offering(name), by=person))
        if model.is_cancelled:
            assert said(made) == "EnrollmentClosed"
        elif who in model.places:
            assert said(made) == "AlreadyEnrolled"
        else:
            assert said(made) == ""
            place = Place("requested", self.now)
            model.places[who] = place
            if not model.asks:
                model.join(who, place, self.now)

    @rule(name=sessions, who=people)
    def add(self, name: str, who: int) -> None:
        person, model = self.person(who), self.models[name]
        made = self.does(lambda: services.add(person, self.offering(name), by=self.staff))
        if model.is_cancelled:
            assert said(made) == "EnrollmentClosed"
        elif who in model.places:
            assert said(made) == "AlreadyEnrolled"
        else:
            assert said(made) == ""
            model.join(who, Place("", self.now), self.now)

    @rule(name=sessions, who=people, by_staff=st.booleans())
    def leave(self, name: str, who: int, by_staff: bool) -> None:
        row, model = self.enrollment(name, who), self.models[name]
        if row is None:
            assert who not in model.places
            return
        person = self.person(who)
        if by_staff:
            made = self.does(lambda: services.remove(row, by=self.staff, reason="A reason"))
        else:
            made = self.does(lambda: services.withdraw(row, by=person))
        assert said(made) == ""
        del model.places[who]
        model.move_up(self.now)

    @rule(name=sessions, who=people, yes=st.booleans())
    def answer(self, name: str, who: int, yes: bool) -> None:
        row, model = self.enrollment(name, who), self.models[name]
        if row is None:
            return
        place, person = model.places[who], self.person(who)
        act = services.accept if yes else services.decline
        made = self.does(lambda: act(row, by=person))
        if place.state != "offered":
            assert said(made) == "NothingToDecide"
        elif yes and place.until and place.until <= self.now:
            assert said(made) == "OfferRanOut"
        elif yes and model.is_cancelled:
            assert said(made) == "EnrollmentClosed"
        elif yes:
            place.state, place.until = "seated", None
        else:
            del model.places[who]
            model.move_up(self.now)

    @rule(who=people, yes=st.booleans())
    def decide(self, who: int, yes: bool) -> None:
        row, model = self.enrollment("asks", who), self.models["asks"]
        if row is None:
            return
        place = model.places[who]
        if yes:
            made = self.does(lambda: services.approve(row, by=self.staff))
        else:
            made = self.does(lambda: services.refuse(row, by=self.staff, reason="A reason"))
        if place.state != "requested":
            assert said(made) == "NothingToDecide"
        elif yes and model.is_cancelled:
            assert said(made) == "EnrollmentClosed"
        elif yes:
            assert said(made) == ""
            model.join(who, place, place.since)
        else:
            del model.places[who]

    @rule(who=people, back=st.booleans())
    def move(self, who: int, back: bool) -> None:
        here, there = ("asks", "first") if back else ("first", "asks")
        row, old, new = self.enrollment(here, who), self.models[here], self.models[there]
        if row is None:
            return
        made = self.does(lambda: services.move(row, self.offering(there), by=self.staff, reason="A reason"))
        if new.is_cancelled:
            assert said(made) == "EnrollmentClosed"
        elif who in new.places:
            assert said(made) == "AlreadyEnrolled"
        else:
            assert said(made) == ""
            place = old.places.pop(who)
            new.join(who, Place("", place.since), place.queued or place.since)
            old.move_up(self.now)

    @rule(name=sessions, who=people)
    def put_first(self, name: str, who: int) -> None:
        row, model = self.enrollment(name, who), self.models[name]
        if row is None:
            return
        made = self.does(lambda: services.put_first(row, by=self.staff, reason="A reason"))
        if model.places[who].state != "waiting":
            assert said(made) == "NothingToDecide"
        elif (first := model.queue()[0]) != who:
            before = model.places[first].queued
            assert before
            model.places[who].queued = before - timedelta(microseconds=1)

    @rule(name=sessions, who=people)
    def seat_now(self, name: str, who: int) -> None:
        row, model = self.enrollment(name, who), self.models[name]
        if row is None:
            return
        place = model.places[who]
        made = self.does(lambda: services.seat_now(row, by=self.staff, reason="A reason"))
        if place.state == "seated":
            assert said(made) == "NothingToDecide"
        elif model.is_cancelled:
            assert said(made) == "EnrollmentClosed"
        elif place.state == "offered" or model.held() < model.capacity:
            assert said(made) == ""
            place.state, place.until = "seated", None
        else:
            assert said(made) == "OfferingFull"

    @rule(name=sessions, seats=st.integers(1, 5))
    def resize(self, name: str, seats: int) -> None:
        model = self.models[name]
        made = self.does(lambda: services.change_capacity(self.offering(name), seats, by=self.staff))
        if seats < model.held():
            assert said(made) == "BelowSeated"
        else:
            assert said(made) == ""
            model.capacity = seats
            model.move_up(self.now)

    @precondition(lambda self: self.now < STARTS - timedelta(hours=2))
    @rule(hours=st.integers(1, 36))
    def time_passes(self, hours: int) -> None:
        """And the worker ends what ran out meanwhile."""
        self.now = min(self.now + timedelta(hours=hours), STARTS - timedelta(hours=1, minutes=30))
        ended = self.does(services.lapse_offers)
        gone = 0
        while late := [
            (model, who)
            for model in self.models.values()
            for who, place in model.places.items()
            if place.state == "offered" and place.until and place.until <= self.now
        ]:
            for model, who in late:
                del model.places[who]
                gone += 1
                model.move_up(self.now)
        assert ended == gone

    @precondition(lambda self: self.taken % 17 == 16)
    @rule(name=sessions)
    def call_off(self, name: str) -> None:
        model = self.models[name]
        made = self.does(lambda: services.cancel(self.offering(name), by=self.staff, reason="A reason"))
        assert said(made) == ("NothingToDecide" if model.is_cancelled else "")
        model.is_cancelled = True

    @invariant()
    def the_rows_say_what_the_model_says(self) -> None:
        for name, model in self.models.items():
            rows = db.session.execute(
                sa.select(Enrollment.person_id, Enrollment.state, Enrollment.offer_ends_at)
                .where(Enrollment.offering_id == self.offerings[name], Enrollment.state.in_(LIVE))
                .order_by(Enrollment.queued_at, Enrollment.id)
            ).all()
            found = {self.ids.index(row.person_id): (row.state.value, row.offer_ends_at) for row in rows}
            assert found == {who: (place.state, place.until) for who, place in model.places.items()}
            in_line = [self.ids.index(row.person_id) for row in rows if row.state == "waiting"]
            assert in_line == model.queue()
            free = sa.select(sa.func.count()).where(
                Seat.offering_id == self.offerings[name], Seat.is_taken.is_(False)
            )
            assert db.session.scalar(free) == model.capacity - model.held()


@pytest.mark.usefixtures("_rows")
def test_the_queue_does_what_the_written_rule_says(app: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    with aloud(capsys) as say:
        assert drive(Queue, app, say) >= STEPS
