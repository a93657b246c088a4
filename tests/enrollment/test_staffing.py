"""What staff do with places, and what keeps the queue honest."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from catalog import clock
from catalog.courses.models import Offering, Seat
from catalog.enrollment import queries, refusals, services
from catalog.enrollment.models import Enrollment, State
from catalog.errors import ReasonNeeded
from catalog.extensions import db
from catalog.notices.models import AuditEntry, Job
from tests import factories as make

pytestmark = pytest.mark.usefixtures("context")


def join(offering: Offering) -> Enrollment:
    person = make.person()
    return services.enroll(person, offering, by=person)


def seats_of(offering: Offering) -> int:
    return db.session.scalar(sa.select(sa.func.count()).where(Seat.offering_id == offering.id)) or 0


def test_more_seats_go_to_the_queue_at_once() -> None:
    offering, mira = make.offering(seats=1), make.person("Mira")
    everyone = [join(offering) for _ in range(4)]
    services.change_capacity(offering, 3, by=mira)
    assert [e.state for e in everyone] == [State.SEATED, State.OFFERED, State.OFFERED, State.WAITING]
    assert seats_of(offering) == 3


def test_fewer_seats_never_below_those_held() -> None:
    offering, mira = make.offering(seats=3), make.person("Mira")
    join(offering)
    join(offering)
    with pytest.raises(refusals.BelowSeated, match="cannot be lower than 2"):
        services.change_capacity(offering, 1, by=mira)
    services.change_capacity(offering, 2, by=mira)
    assert (seats_of(offering), queries.seats_left(offering)) == (2, 0)


def test_without_a_limit_the_whole_queue_sits() -> None:
    offering, mira = make.offering(seats=1), make.person("Mira")
    everyone = [join(offering) for _ in range(3)]
    services.change_capacity(offering, None, by=mira)
    assert {e.state for e in everyone} == {State.SEATED}


def test_a_limit_again_numbers_the_seats() -> None:
    offering, mira = make.offering(seats=None), make.person("Mira")
    join(offering)
    join(offering)
    services.change_capacity(offering, 4, by=mira)
    numbers = db.session.scalars(sa.select(Seat.number).where(Seat.offering_id == offering.id)).all()
    assert sorted(n for n in numbers if n) == [1, 2, 3, 4]
    assert queries.seats_left(offering) == 2


def test_a_request_is_accepted_into_a_seat() -> None:
    enrollment, ivo = join(make.offering(needs_approval=True)), make.person("Ivo")
    services.approve(enrollment, by=ivo)
    assert enrollment.state == State.SEATED


def test_a_request_accepted_late_waits_from_when_it_was_made() -> None:
    offering, ivo = make.offering(seats=1, needs_approval=True), make.person("Ivo")
    first, second, third = join(offering), join(offering), join(offering)
    services.approve(first, by=ivo)
    services.approve(third, by=ivo)
    services.approve(second, by=ivo)
    assert [queries.place_in_queue(e) for e in (second, third)] == [1, 2]


def test_a_refusal_needs_its_reason() -> None:
    enrollment, ivo = join(make.offering(needs_approval=True)), make.person("Ivo")
    with pytest.raises(ReasonNeeded):
        services.refuse(enrollment, by=ivo, reason="  ")
    services.refuse(enrollment, by=ivo, reason="Only for supervisors")
    assert enrollment.state == State.REFUSED


def test_removing_somebody_moves_the_queue() -> None:
    offering, mira = make.offering(seats=1), make.person("Mira")
    seated, waiting = join(offering), join(offering)
    services.remove(seated, by=mira, reason="Moved away")
    assert (seated.state, waiting.state) == (State.REMOVED, State.OFFERED)


def test_staff_do_not_pass_the_queue_by_adding() -> None:
    offering, mira = make.offering(seats=1), make.person("Mira")
    join(offering)
    assert services.add(make.person(), offering, by=mira).state == State.WAITING


def test_an_exception_to_the_order_needs_its_reason() -> None:
    offering, mira = make.offering(seats=1), make.person("Mira")
    _, first, second = join(offering), join(offering), join(offering)
    with pytest.raises(ReasonNeeded):
        services.put_first(second, by=mira, reason="")
    services.put_first(second, by=mira, reason="Needed for her licence")
    assert [queries.place_in_queue(e) for e in (second, first)] == [1, 2]


def test_seating_out_of_turn_needs_a_free_seat() -> None:
    offering, mira = make.offering(seats=1), make.person("Mira")
    seated, waiting = join(offering), join(offering)
    with pytest.raises(refusals.OfferingFull):
        services.seat_now(waiting, by=mira, reason="Interpreter for the group")
    offering.starts_at = clock.now() - timedelta(minutes=5)
    services.withdraw(seated, by=seated.person)
    services.seat_now(waiting, by=mira, reason="Came to the door")
    assert waiting.state == State.SEATED


def test_moving_keeps_the_time_of_joining() -> None:
    mira, here, there = make.person("Mira"), make.offering(seats=1), make.offering(seats=1)
    first, waiting = join(here), join(here)
    join(there)
    late = join(there)
    late.queued_at = clock.now() + timedelta(minutes=1)
    moved = services.move(waiting, there, by=mira, reason="Closer to home")
    assert (first.state, waiting.state) == (State.SEATED, State.MOVED)
    assert [queries.place_in_queue(e) for e in (moved, late)] == [1, 2]


def test_moving_gives_the_old_seat_to_the_queue() -> None:
    mira, here, there = make.person("Mira"), make.offering(seats=1), make.offering()
    seated, waiting = join(here), join(here)
    assert services.move(seated, there, by=mira, reason="Asked to").state == State.SEATED
    assert waiting.state == State.OFFERED


def test_cancelling_tells_everyone_with_the_reason() -> None:
    offering, mira = make.offering(seats=1), make.person("Mira")
    join(offering)
    join(offering)
    mail = sa.select(Job).where(Job.kind == "mail").order_by(Job.id)
    before = len(db.session.scalars(mail).all())
    services.cancel(offering, by=mira, reason="The hall is closed")
    jobs = db.session.scalars(mail).all()[before:]
    assert len(jobs) == 2
    assert all("The hall is closed" in job.payload["text"] for job in jobs)


def test_the_reason_stands_in_the_audit_trail() -> None:
    enrollment, mira = join(make.offering()), make.person("Mira")
    services.remove(enrollment, by=mira, reason="Asked by phone")
    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "enrollment.removed")).one()
    assert (entry.reason, entry.by_id) == ("Asked by phone", mira.id)
