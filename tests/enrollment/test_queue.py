"""The queue moves in the transaction that frees a seat."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from catalog import clock
from catalog.courses.models import Offering
from catalog.enrollment import offers, queries, refusals, services
from catalog.enrollment.models import Enrollment, State
from catalog.extensions import db
from catalog.notices.models import AuditEntry, Job
from tests import factories as make

pytestmark = pytest.mark.usefixtures("context")


def join(offering: Offering) -> Enrollment:
    person = make.person()
    return services.enroll(person, offering, by=person)


def full(days: float = 21, waiting: int = 2) -> tuple[Offering, Enrollment, list[Enrollment]]:
    offering = make.offering(seats=1, starts=clock.now() + timedelta(days=days))
    return offering, join(offering), [join(offering) for _ in range(waiting)]


def test_withdrawing_offers_the_seat_to_the_next() -> None:
    offering, seated, waiting = full()
    services.withdraw(seated, by=seated.person)
    assert [e.state for e in waiting] == [State.OFFERED, State.WAITING]
    assert queries.seats_left(offering) == 0


def test_an_offer_lasts_two_days_when_there_is_time() -> None:
    _, seated, waiting = full(days=21)
    services.withdraw(seated, by=seated.person)
    assert waiting[0].offer_ends_at is not None
    assert abs(waiting[0].offer_ends_at - clock.now() - timedelta(hours=48)) < timedelta(minutes=1)


@pytest.mark.parametrize(("days", "hours"), [(8, 48), (4, 24), (2, 12)])
def test_an_offer_is_shorter_as_the_date_nears(days: int, hours: int) -> None:
    now = clock.now()
    assert offers.time_to_decide(now, now + timedelta(days=days)) == timedelta(hours=hours)


def test_on_the_last_day_the_next_person_sits_at_once() -> None:
    _, seated, waiting = full(days=0.9)
    services.withdraw(seated, by=seated.person)
    assert waiting[0].state == State.SEATED


def test_after_the_beginning_the_queue_rests() -> None:
    offering, seated, waiting = full()
    offering.starts_at = clock.now() - timedelta(minutes=1)
    services.withdraw(seated, by=seated.person)
    assert waiting[0].state == State.WAITING


def test_accepting_makes_it_a_seat() -> None:
    _, seated, waiting = full()
    services.withdraw(seated, by=seated.person)
    services.accept(waiting[0], by=waiting[0].person)
    assert waiting[0].state == State.SEATED
    assert waiting[0].offer_ends_at is None


def test_declining_asks_the_next() -> None:
    _, seated, waiting = full()
    services.withdraw(seated, by=seated.person)
    services.decline(waiting[0], by=waiting[0].person)
    assert [e.state for e in waiting] == [State.DECLINED, State.OFFERED]


def test_an_offer_that_ran_out_goes_to_the_next() -> None:
    _, seated, waiting = full()
    services.withdraw(seated, by=seated.person)
    with time_machine.travel(clock.now() + timedelta(hours=49), tick=False):
        assert services.lapse_offers() == 1
    assert [e.state for e in waiting] == [State.LAPSED, State.OFFERED]


def test_an_offer_that_ran_out_cannot_be_accepted() -> None:
    _, seated, waiting = full()
    services.withdraw(seated, by=seated.person)
    with (
        time_machine.travel(clock.now() + timedelta(hours=49), tick=False),
        pytest.raises(refusals.OfferRanOut),
    ):
        services.accept(waiting[0], by=waiting[0].person)


def test_an_offer_in_time_does_not_lapse() -> None:
    _, seated, waiting = full()
    services.withdraw(seated, by=seated.person)
    with time_machine.travel(clock.now() + timedelta(hours=47), tick=False):
        services.lapse(waiting[0])
    assert waiting[0].state == State.OFFERED


def test_an_answered_offer_is_not_decided_twice() -> None:
    _, seated, waiting = full()
    services.withdraw(seated, by=seated.person)
    services.decline(waiting[0], by=waiting[0].person)
    with pytest.raises(refusals.NothingToDecide):
        services.decline(waiting[0], by=waiting[0].person)


def test_leaving_the_queue_moves_the_others_up() -> None:
    _, _, waiting = full(waiting=3)
    services.withdraw(waiting[0], by=waiting[0].person)
    assert [queries.place_in_queue(e) for e in waiting[1:]] == [1, 2]


def test_a_waiting_person_reads_when_the_queue_last_moved() -> None:
    offering, seated, waiting = full()
    services.withdraw(seated, by=seated.person)
    standing = queries.standing(offering, waiting[1].person)
    assert standing.place == 1
    assert standing.moved_at is not None


def test_an_offer_asks_the_worker_to_end_it_in_time() -> None:
    _, seated, waiting = full()
    services.withdraw(seated, by=seated.person)
    job = db.session.scalars(sa.select(Job).where(Job.kind == "lapse_offer")).one()
    assert job.payload == {"enrollment_id": waiting[0].id}
    assert job.run_at == waiting[0].offer_ends_at


def test_every_movement_is_logged() -> None:
    _, seated, waiting = full()
    services.withdraw(seated, by=seated.person)
    services.decline(waiting[0], by=waiting[0].person)
    actions = db.session.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert actions == [
        "enrollment.seated",
        "enrollment.waiting",
        "enrollment.waiting",
        "enrollment.withdrawn",
        "enrollment.offered",
        "enrollment.declined",
        "enrollment.offered",
    ]
