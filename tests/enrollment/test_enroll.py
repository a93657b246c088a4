"""Joining: a seat, a place in the queue, or a request."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError, OperationalError

from catalog import clock
from catalog.accounts.models import Person
from catalog.courses.models import Offering, Seat
from catalog.enrollment import queries, refusals, seats, services
from catalog.enrollment.models import Enrollment, State
from catalog.errors import RuleBroken
from catalog.extensions import db
from catalog.notices.models import AuditEntry, Job
from tests import factories as make

pytestmark = pytest.mark.usefixtures("context")


def join(offering: Offering, name: str = "Sample Person", **answers: Any) -> Enrollment:
    person = make.person(name)
    return services.enroll(person, offering, by=person, **answers)


def test_a_free_seat_is_taken() -> None:
    offering = make.offering(seats=2)
    assert join(offering).state == State.SEATED
    assert queries.seats_left(offering) == 1


def test_without_a_free_seat_one_waits_in_order() -> None:
    offering = make.offering(seats=1)
    join(offering)
    places = [queries.place_in_queue(join(offering)) for _ in range(3)]
    assert places == [1, 2, 3]


def test_a_newcomer_does_not_pass_those_who_wait() -> None:
    offering = make.offering(seats=1)
    join(offering)
    join(offering)
    # A seat that came free without the queue moving, as after a repair by hand.
    db.session.add(Seat(offering_id=offering.id, number=2))
    db.session.flush()
    assert join(offering).state == State.WAITING


def test_without_a_limit_everybody_sits_and_nobody_queues() -> None:
    offering = make.offering(seats=None)
    assert {join(offering).state for _ in range(7)} == {State.SEATED}
    assert queries.seats_left(offering) is None


def test_joining_twice_is_refused_by_the_database() -> None:
    offering, person = make.offering(), make.person()
    services.enroll(person, offering, by=person)
    db.session.commit()
    with pytest.raises(refusals.AlreadyEnrolled):
        services.enroll(person, offering, by=person)
    assert queries.seats_left(offering) == 4


def test_one_can_join_again_after_leaving() -> None:
    offering, person = make.offering(), make.person()
    first = services.enroll(person, offering, by=person)
    services.withdraw(first, by=person)
    assert services.enroll(person, offering, by=person).state == State.SEATED


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"opens_at": timedelta(days=1)}, "not opened"),
        ({"closes_at": -timedelta(days=1)}, "closed"),
        ({"starts_at": -timedelta(hours=1)}, "already begun"),
        ({"state": "cancelled"}, "cancelled"),
    ],
)
def test_a_closed_session_says_why(fields: dict[str, object], why: str) -> None:
    now = clock.now()
    moments = {key: now + value if isinstance(value, timedelta) else value for key, value in fields.items()}
    offering = make.offering(**moments)  # type: ignore[arg-type]
    with pytest.raises(refusals.EnrollmentClosed, match=why):
        join(offering)


def test_an_unpublished_course_cannot_be_joined() -> None:
    with pytest.raises(refusals.EnrollmentClosed, match="not published"):
        join(make.offering(make.course(state="draft")))


def test_a_suspended_course_cannot_be_joined() -> None:
    with pytest.raises(refusals.EnrollmentClosed, match="paused"):
        join(make.offering(make.course(listing="suspended")))


def test_where_approval_is_asked_it_becomes_a_request() -> None:
    offering = make.offering(needs_approval=True)
    assert join(offering).state == State.REQUESTED
    assert queries.seats_left(offering) == 5


def test_a_question_must_be_answered() -> None:
    offering = make.offering(question="Why this one?")
    with pytest.raises(refusals.AnswerNeeded):
        join(offering)
    assert join(offering, answer="For my work").state == State.REQUESTED


def test_a_missing_prerequisite_becomes_a_request() -> None:
    first = make.course("First course")
    offering = make.offering(make.course("Second", required=[first]))
    assert join(offering).state == State.REQUESTED


def test_joining_is_written_down_and_told() -> None:
    enrollment = join(make.offering())
    entry = db.session.scalars(sa.select(AuditEntry)).one()
    job = db.session.scalars(sa.select(Job).order_by(Job.id)).one()
    assert (entry.action, entry.person_id) == ("enrollment.seated", enrollment.person_id)
    assert job.payload["to"] == enrollment.person.email


def test_private_requests_are_not_in_the_audit_trail() -> None:
    join(make.offering(), access_request="a secret need")
    entry = db.session.scalars(sa.select(AuditEntry)).one()
    assert "secret" not in str(entry.details) + str(entry.reason)


def test_the_database_refuses_a_second_person_on_a_seat() -> None:
    offering = make.offering(seats=1)
    seated = join(offering)
    db.session.add(
        Enrollment(
            offering=offering,
            person=make.person(),
            state=State.SEATED,
            seat_id=seated.seat_id,
            joined_at=clock.now(),
        )
    )
    with pytest.raises(IntegrityError, match="seat_id"):
        db.session.flush()


def test_the_database_refuses_to_seat_without_a_seat() -> None:
    db.session.add(
        Enrollment(
            offering=make.offering(seats=1), person=make.person(), state=State.SEATED, joined_at=clock.now()
        )
    )
    with pytest.raises(IntegrityError, match="seat_when_held"):
        db.session.flush()


def test_the_database_refuses_a_seat_of_another_session() -> None:
    elsewhere = make.offering(seats=1)
    seat = db.session.scalars(sa.select(Seat).where(Seat.offering_id == elsewhere.id)).one()
    db.session.add(
        Enrollment(
            offering=make.offering(seats=1),
            person=make.person(),
            state=State.SEATED,
            seat_id=seat.id,
            joined_at=clock.now(),
        )
    )
    with pytest.raises(IntegrityError, match=r"(?i)foreign key"):
        db.session.flush()


@pytest.mark.parametrize("closed", ["joined", "deleted"])
def test_nothing_comes_to_an_account_that_was_closed_after_it_was_read(closed: str) -> None:
    offering, ana, other = make.offering(seats=1), make.person("Ana Sample"), make.person()
    join(offering)
    values = {"merged_into_id": other.id} if closed == "joined" else {"left_at": clock.now()}
    change = sa.update(Person).where(Person.id == ana.id).values(values)
    db.session.execute(change.execution_options(synchronize_session=False))
    with pytest.raises(RuleBroken, match=f"has just been {closed}"):
        services.enroll(ana, offering, by=ana)


@pytest.mark.postgres
def test_where_the_database_goes_away_meanwhile_that_is_what_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    offering, ana = make.offering(seats=1), make.person("Ana Sample")
    join(offering)
    pid = db.session.scalar(sa.func.pg_backend_pid())
    looks = seats._take_and_look_again

    def looks_in_vain(*words: Any) -> int | None:
        with db.engine.connect() as other:
            other.execute(sa.select(sa.func.pg_terminate_backend(pid)))
        return looks(*words)

    monkeypatch.setattr(seats, "_take_and_look_again", looks_in_vain)
    with pytest.raises(OperationalError):
        services.enroll(ana, offering, by=ana)
