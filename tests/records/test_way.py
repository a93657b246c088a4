"""A person's way through the sessions: offered, coming, waiting, asked for, past."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from catalog import clock
from catalog.accounts.models import Person
from catalog.courses.models import Offering
from catalog.enrollment import services as enrollment
from catalog.enrollment.models import State
from catalog.extensions import db
from catalog.records import queries
from catalog.records.queries import Step, Way
from tests import factories as make
from tests.attendance import sheets
from tests.statements import counted

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def ana() -> Person:
    return make.person("Ana Sample")


def coming(title: str, days: int = 21, **fields: Any) -> Offering:
    starts = (clock.now() + timedelta(days=days)).replace(minute=0, second=0, microsecond=0)
    return make.offering(make.course(title), starts=starts, **fields)


def titles(steps: list[Step]) -> list[str]:
    return [step.offering.course.title for step in steps]


def way(person: Person, at: datetime | None = None) -> Way:
    return queries.way(person, at or clock.now())


def join(person: Person, *offerings: Offering) -> None:
    for offering in offerings:
        enrollment.enroll(person, offering, by=person, answer="because")


def test_the_next_meeting_comes_first(ana: Person) -> None:
    running = sheets.held(make.course("Running"), starts=clock.now() - timedelta(days=6), meetings=2)
    enrollment.add(ana, running, by=ana)
    join(ana, coming("Later", days=9), coming("Sooner", days=3))
    assert titles(way(ana).coming) == ["Running", "Sooner", "Later"]


def test_a_session_at_ones_own_pace_stands_after_the_dated_ones(ana: Person) -> None:
    join(ana, make.offering(make.course("Self-paced"), meetings=0), coming("Dated"))
    assert titles(way(ana).coming) == ["Dated", "Self-paced"]


def test_waiting_shows_the_place_and_how_many_wait(ana: Person) -> None:
    offering = coming("Full", seats=1)
    for name in ("Ben Sample", "Cleo Sample"):
        join(make.person(name), offering)
    join(ana, offering)
    [step] = way(ana).waiting
    assert (step.place, step.waiting, step.moved_at) == (2, 2, None)


def test_waiting_shows_when_the_queue_last_moved(ana: Person) -> None:
    offering, ben = coming("Full", seats=1), make.person("Ben Sample")
    join(ben, offering)
    join(make.person("Cleo Sample"), offering)
    join(ana, offering)
    [seated] = way(ben).coming
    enrollment.withdraw(seated.enrollment, by=ben)
    [step] = way(ana).waiting
    assert step.place == 1
    assert step.moved_at is not None


def test_an_offered_seat_stands_apart_until_it_is_decided(ana: Person) -> None:
    offering, ben = coming("Full", seats=1), make.person("Ben Sample")
    join(ben, offering)
    join(ana, offering)
    enrollment.withdraw(way(ben).coming[0].enrollment, by=ben)
    assert titles(way(ana).offered) == ["Full"]
    assert way(ana).coming == []


def test_a_request_stands_apart(ana: Person) -> None:
    join(ana, coming("Asked", needs_approval=True))
    assert titles(way(ana).requested) == ["Asked"]


def test_what_is_over_is_past_with_what_was_marked(ana: Person) -> None:
    offering = sheets.held(make.course("Over", areas=("TF",)), meetings=2)
    enrolled = enrollment.add(ana, offering, by=ana)
    sheets.mark(offering.meetings[0], enrolled, 90, by=ana)
    [step] = way(ana).past
    assert {number: mark.minutes for number, mark in step.marks.items()} == {offering.meetings[0].id: 90}
    assert not step.is_closed


def test_what_one_left_is_past_too(ana: Person) -> None:
    join(ana, coming("Left"))
    enrollment.withdraw(way(ana).coming[0].enrollment, by=ana)
    [step] = way(ana).past
    assert step.enrollment.state == State.WITHDRAWN


def test_a_person_without_anything_has_an_empty_way(ana: Person) -> None:
    assert way(ana).is_empty


def test_the_way_asks_the_database_as_often_for_thirty_sessions_as_for_one(ana: Person) -> None:
    counts = []
    for sessions in (1, 29):
        for _ in range(sessions):
            full, over = coming("Full", seats=1), sheets.held()
            join(make.person("Ben Sample"), full)
            join(ana, full, coming("Coming"))
            enrollment.add(ana, over, by=ana)
        db.session.expire_all()
        with counted() as statements:
            way(ana)
        counts.append(len(statements))
    assert counts[0] == counts[1]
