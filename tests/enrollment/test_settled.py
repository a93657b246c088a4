"""What nobody may decide any more: after the session, after its roster was closed, or when it was called off."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from catalog import clock
from catalog.accounts.models import Person
from catalog.courses.models import Offering
from catalog.enrollment import refusals, services
from catalog.enrollment.models import Enrollment, State
from catalog.errors import RuleBroken
from catalog.extensions import db
from catalog.notices.models import Job
from tests import factories as make

pytestmark = pytest.mark.usefixtures("context")


def join(offering: Offering) -> Enrollment:
    person = make.person()
    return services.enroll(person, offering, by=person)


def in_state(state: State) -> Enrollment:
    """Somebody in this state on a full session of one seat."""
    offering = make.offering(seats=1, needs_approval=state == State.REQUESTED)
    first = join(offering)
    if state in (State.SEATED, State.REQUESTED):
        return first
    second = join(offering)
    if state == State.OFFERED:
        services.withdraw(first, by=first.person)
    return second


def call_off(offering: Offering) -> None:
    services.cancel(offering, by=make.person("Mira"), reason="Storm")


def end(offering: Offering) -> None:
    offering.starts_at, offering.ends_at = clock.now() - timedelta(hours=4), clock.now() - timedelta(hours=1)


def settle(offering: Offering) -> None:
    end(offering)
    offering.settled_at = clock.now()


def accept(row: Enrollment, by: Person) -> Any:
    return services.accept(row, by=by)


def approve(row: Enrollment, by: Person) -> Any:
    return services.approve(row, by=by)


def withdraw(row: Enrollment, by: Person) -> Any:
    return services.withdraw(row, by=by)


def remove(row: Enrollment, by: Person) -> Any:
    return services.remove(row, by=by, reason="Asked to")


def seat_now(row: Enrollment, by: Person) -> Any:
    return services.seat_now(row, by=by, reason="Licence")


@pytest.mark.parametrize(
    ("state", "after", "act"),
    [
        (State.OFFERED, call_off, accept),
        (State.OFFERED, end, accept),
        (State.REQUESTED, call_off, approve),
        (State.REQUESTED, end, approve),
        (State.WAITING, call_off, seat_now),
        (State.SEATED, end, withdraw),
        (State.SEATED, settle, withdraw),
        (State.SEATED, settle, remove),
    ],
)
def test_it_is_too_late(
    state: State, after: Callable[[Offering], None], act: Callable[[Enrollment, Person], Any]
) -> None:
    row = in_state(state)
    after(row.offering)
    with pytest.raises(RuleBroken):
        act(row, row.person)
    assert row.state == state


def test_one_can_leave_what_was_called_off() -> None:
    row = in_state(State.SEATED)
    call_off(row.offering)
    services.withdraw(row, by=row.person)
    assert row.state == State.WITHDRAWN


def test_an_offer_on_a_cancelled_session_ends_without_a_letter() -> None:
    row = in_state(State.OFFERED)
    call_off(row.offering)
    row.offer_ends_at = clock.now() - timedelta(minutes=1)
    before = db.session.query(Job).count()
    services.lapse(row)
    assert row.state == State.LAPSED
    assert db.session.query(Job).count() == before


def test_a_session_that_is_over_is_not_cancelled() -> None:
    offering = make.offering()
    end(offering)
    with pytest.raises(refusals.EnrollmentClosed, match="over"):
        call_off(offering)


def test_nobody_is_added_to_a_closed_roster() -> None:
    offering = make.offering()
    settle(offering)
    with pytest.raises(refusals.RosterSettled):
        services.add(make.person(), offering, by=make.person("Mira"))


def test_somebody_who_was_there_is_added_afterwards_only_with_a_seat() -> None:
    offering, mira = make.offering(seats=1), make.person("Mira")
    end(offering)
    assert services.add(make.person(), offering, by=mira).state == State.SEATED
    with pytest.raises(refusals.OfferingFull):
        services.add(make.person(), offering, by=mira)


def test_a_later_date_lets_the_queue_move_again() -> None:
    row = in_state(State.WAITING)
    offering = row.offering
    offering.starts_at = clock.now() - timedelta(minutes=1)
    services.change_capacity(offering, 2, by=make.person("Mira"))
    states = [row.state]
    offering.starts_at = clock.now() + timedelta(days=9)
    offering.ends_at = offering.starts_at + timedelta(hours=1)
    services.settle_queue(offering)
    assert [*states, row.state] == [State.WAITING, State.OFFERED]
