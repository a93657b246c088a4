"""A course that asks for another one first: whoever attended that one takes a seat, others have to ask."""

import pytest

from catalog import clock
from catalog.accounts.models import Person
from catalog.attendance import queries, services
from catalog.courses.models import Course
from catalog.enrollment import services as enrollment
from catalog.enrollment.models import State
from tests import factories as make
from tests.attendance import sheets

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def ivo() -> Person:
    return make.person("Ivo Sample", is_trainer=True)


@pytest.fixture
def first() -> Course:
    return make.course("First course", areas=("TF",))


def sat_on(course: Course, minutes: int, *, by: Person, closes: bool = True) -> Person:
    """Ana, who had a seat on the course and was there for so many minutes."""
    offering = sheets.held(course)
    [enrolled] = sheets.seat(offering, "Ana Sample", by=by)
    sheets.mark_all(offering, minutes, by=by)
    if closes:
        services.close(offering, by=by)
    return enrolled.person


def joins_after(first: Course, person: Person) -> State:
    second = make.offering(make.course("Second course", required=[first]))
    return enrollment.enroll(person, second, by=person).state


def test_whoever_has_hours_from_it_takes_a_seat(ivo: Person, first: Course) -> None:
    assert joins_after(first, sat_on(first, 180, by=ivo)) == State.SEATED


def test_whoever_did_not_come_has_to_ask(ivo: Person, first: Course) -> None:
    assert joins_after(first, sat_on(first, 0, by=ivo)) == State.REQUESTED


def test_while_the_roster_is_open_nothing_is_finished(ivo: Person, first: Course) -> None:
    assert joins_after(first, sat_on(first, 180, by=ivo, closes=False)) == State.REQUESTED


def test_hours_that_were_corrected_to_nothing_finish_nothing(ivo: Person, first: Course) -> None:
    ana = sat_on(first, 180, by=ivo)
    [offering] = first.offerings
    services.reopen(offering, by=ivo, reason="Ana was not there")
    [seated] = queries.sheet(offering, clock.now()).people
    sheets.mark(offering.meetings[0], seated, 0, by=ivo)
    services.close(offering, by=ivo)
    assert joins_after(first, ana) == State.REQUESTED


def test_somebody_elses_hours_finish_nothing(ivo: Person, first: Course) -> None:
    sat_on(first, 180, by=ivo)
    assert joins_after(first, make.person("Ben Sample")) == State.REQUESTED


def test_another_course_finishes_nothing(ivo: Person, first: Course) -> None:
    other = make.course("Another course", areas=("TF",))
    ana = sat_on(other, 180, by=ivo)
    assert joins_after(first, ana) == State.REQUESTED
    assert queries.finished_courses(ana.id, [first.id]) == set()
