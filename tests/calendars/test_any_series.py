"""Whatever happens in whatever order: a calendar that got the letters shows what the database says."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
import sqlalchemy as sa
from flask import Flask, current_app
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog import clock
from catalog.calendars import services
from catalog.calendars.events import invitation
from catalog.enrollment import services as enrollment
from catalog.enrollment.models import LIVE, Enrollment
from catalog.extensions import db, writing
from tests import factories as make
from tests.calendars.client import Calendar
from tests.calendars.scenes import should_show, tell

BEGIN = datetime(2027, 1, 4, 12, tzinfo=UTC)
rooms = count(1)


class World:
    """Ana with her calendar, a coordinator, two sessions; each step takes a minute."""

    def __init__(self) -> None:
        self.ana, self.mira = make.person("Ana Sample"), make.person("Mira Sample", coordinates=True)
        starts = BEGIN + timedelta(days=30)
        self.offerings = [
            make.offering(seats=1, meetings=2, starts=starts + timedelta(days=n)) for n in (0, 1)
        ]
        self.calendar = Calendar()

    def place(self, number: int) -> Enrollment | None:
        wanted = sa.select(Enrollment).where(
            Enrollment.person_id == self.ana.id,
            Enrollment.offering_id == self.offerings[number].id,
            Enrollment.state.in_(LIVE),
        )
        return db.session.scalar(wanted)


def join(world: World, number: int) -> None:
    if not world.place(number) and not world.offerings[number].is_cancelled:
        enrollment.enroll(world.ana, world.offerings[number], by=world.ana)


def leave(world: World, number: int) -> None:
    if place := world.place(number):
        enrollment.withdraw(place, by=world.ana)


def remove(world: World, number: int) -> None:
    if place := world.place(number):
        enrollment.remove(place, by=world.mira, reason="A reason")


def move(world: World, number: int) -> None:
    other = world.offerings[1 - number]
    if (place := world.place(number)) and not world.place(1 - number) and not other.is_cancelled:
        enrollment.move(place, other, by=world.mira, reason="A reason")


def new_room(world: World, number: int) -> None:
    world.offerings[number].meetings[0].place = f"Room {next(rooms)}"


def later(world: World, number: int) -> None:
    meeting = world.offerings[number].meetings[-1]
    meeting.starts_at += timedelta(minutes=next(rooms))
    meeting.ends_at = meeting.starts_at + timedelta(hours=2)


def one_more(world: World, number: int) -> None:
    last = world.offerings[number].meetings[-1]
    make.meeting(world.offerings[number], next(rooms) + 100, last.ends_at + timedelta(days=1))


def one_less(world: World, number: int) -> None:
    if len(world.offerings[number].meetings) > 1:
        world.offerings[number].meetings.pop(0)


def cancel(world: World, number: int) -> None:
    if not world.offerings[number].is_cancelled:
        enrollment.cancel(world.offerings[number], by=world.mira, reason="A reason")


def help_out(world: World, number: int) -> None:
    meeting = world.offerings[number].meetings[0]
    meeting.co_trainers = [] if meeting.co_trainers else [world.ana]


def letter(world: World, number: int) -> None:
    tell(world.calendar, world.ana, world.offerings[number])


def letter_of_a_worker_that_dies(world: World, number: int) -> None:
    """It is out, and that it is was not written down."""
    told = services.due(world.ana, world.offerings[number].id, clock.now())
    services.record(world.ana.id, told)
    for one in told:
        world.calendar.take(invitation(one, world.ana, current_app.config["CATALOG"])[1])


def letter_that_no_server_takes(world: World, number: int) -> None:
    services.record(world.ana.id, services.due(world.ana, world.offerings[number].id, clock.now()))


Step = Callable[[World, int], None]
STEPS: Sequence[Step] = (
    *(join, leave, remove, move, new_room, later, one_more, one_less, cancel, help_out),
    *(letter, letter, letter_of_a_worker_that_dies, letter_that_no_server_takes),
)
series = st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 1)), max_size=25)


@pytest.mark.usefixtures("_rows")
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=series)
def test_the_calendar_shows_what_the_database_says(app: Flask, steps: list[tuple[Step, int]]) -> None:
    with app.app_context():
        writing.set(True)
        try:
            follow(steps)
        finally:
            db.session.rollback()


def follow(steps: list[tuple[Step, int]]) -> None:
    with clock.at(BEGIN):
        world = World()
    for minute, (step, number) in enumerate([*steps, (letter, 0), (letter, 1)]):
        with clock.at(BEGIN + timedelta(minutes=minute)):
            step(world, number)
            db.session.flush()
    assert world.calendar.shown == should_show(world.ana, BEGIN)
