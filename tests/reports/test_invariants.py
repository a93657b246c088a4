"""`flask catalog check` finds each thing that must never be; the constraints are lifted to bring it in."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError

from catalog import clock
from catalog.attendance.models import Credit, KnownBy, Mark, Method, Recording
from catalog.competencies.models import Ledger
from catalog.courses.models import CourseArea, Meeting, Seat
from catalog.enrollment import services
from catalog.enrollment.models import Enrollment, State
from catalog.extensions import db
from catalog.reports.checking import invariants
from tests import factories as make

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def unguarded(context: None) -> Iterator[None]:
    """The tables of enrollment and credit without their constraints, as a careless repair would leave them."""
    connection = db.session.connection()
    is_sqlite = connection.dialect.name == "sqlite"
    if is_sqlite:
        connection.exec_driver_sql("PRAGMA ignore_check_constraints=ON")
    else:
        connection.exec_driver_sql("ALTER TABLE enrollment DROP CONSTRAINT ck_enrollment_seat_when_held")
    for index in ("uq_enrollment_seat_id", "uq_enrollment_live", "uq_credit_of_person"):
        connection.exec_driver_sql(f"DROP INDEX {index}")
    yield
    # On the same connection, before it goes back to the pool: the next test may be given it.
    if is_sqlite:
        db.session.connection().exec_driver_sql("PRAGMA ignore_check_constraints=OFF")
    db.session.rollback()


def broken() -> set[str]:
    db.session.flush()
    return {name for name, _, select in invariants.ALL if db.session.execute(select).first()}


def seated(seats: int = 2) -> Enrollment:
    offering, person = make.offering(seats=seats), make.person()
    return services.enroll(person, offering, by=person)


def another(like: Enrollment, **fields: object) -> Enrollment:
    row = Enrollment(
        **{
            "offering_id": like.offering_id,
            "person_id": make.person().id,
            "state": State.SEATED,
            "seat_id": like.seat_id,
            "joined_at": clock.now(),
            **fields,
        }
    )
    db.session.add(row)
    db.session.flush()
    return row


def test_a_healthy_database_breaks_nothing() -> None:
    first = seated(seats=1)
    person = make.person()
    services.enroll(person, first.offering, by=person)
    services.withdraw(first, by=first.person)
    assert broken() == set()


@pytest.mark.usefixtures("unguarded")
def test_a_shared_seat_is_oversold() -> None:
    another(seated(seats=1))
    assert {"oversold", "shared seat"} <= broken()


@pytest.mark.usefixtures("unguarded")
def test_a_person_twice_on_a_session_is_found() -> None:
    row = seated()
    seat = db.session.scalars(sa.select(Seat).where(Seat.is_taken.is_(False)).limit(1)).first()
    assert seat is not None
    seat.is_taken = True
    another(row, person_id=row.person_id, seat_id=seat.id)
    assert broken() == {"duplicate"}


@pytest.mark.usefixtures("unguarded")
def test_somebody_seated_without_a_seat_is_found() -> None:
    another(seated(), seat_id=None)
    assert "seat and state" in broken()


def test_a_missing_seat_row_is_found() -> None:
    row = seated()
    db.session.execute(sa.delete(Seat).where(Seat.offering_id == row.offering_id, Seat.is_taken.is_(False)))
    assert broken() == {"wrong seats"}


def test_a_seat_taken_by_nobody_is_found() -> None:
    row = seated()
    db.session.execute(sa.update(Seat).where(Seat.offering_id == row.offering_id).values(is_taken=True))
    assert broken() == {"orphan seat"}


def test_a_queue_that_did_not_move_is_found() -> None:
    row = seated()
    another(row, state=State.WAITING, seat_id=None, queued_at=clock.now() + timedelta(seconds=5))
    assert broken() == {"stuck queue"}


@pytest.mark.parametrize(("minutes", "found"), [(55, set()), (65, {"forgotten offer"})])
def test_an_offer_that_ran_out_and_is_still_held_is_found(minutes: int, found: set[str]) -> None:
    offering, people = make.offering(seats=1), [make.person(), make.person()]
    first, second = (services.enroll(person, offering, by=person) for person in people)
    services.withdraw(first, by=people[0])
    assert second.offer_ends_at is not None
    with clock.at(second.offer_ends_at + timedelta(minutes=minutes)):
        assert broken() == found


def test_a_place_that_is_missing_is_found() -> None:
    row = seated(seats=1)
    another(row, state=State.WAITING, seat_id=None, queued_at=None)
    assert broken() == {"no place"}


def test_somebody_seated_before_an_earlier_person_is_found() -> None:
    row = seated(seats=1)
    another(row, state=State.WAITING, seat_id=None, queued_at=row.joined_at - timedelta(days=1))
    assert broken() == {"queue out of order"}


def test_a_written_exception_is_not_out_of_order() -> None:
    offering, mira = make.offering(seats=1), make.person("Mira")
    people = [make.person() for _ in range(3)]
    rows = [services.enroll(person, offering, by=person) for person in people]
    services.put_first(rows[2], by=mira, reason="Licence ends")
    services.withdraw(rows[0], by=people[0])
    assert rows[2].state == State.OFFERED
    assert broken() == set()


def test_whoever_was_put_before_somebody_moved_here_with_their_turn_is_not_passed_over() -> None:
    """Whoever was moved has a place older than the seats that are held; whoever is put first, one older yet."""
    mira, old, new = make.person("Mira"), make.offering(seats=1), make.offering(seats=1)
    moved = services.enroll(make.person(), old, by=mira)
    for _ in "12":
        person = make.person()
        last = services.enroll(person, new, by=person)
    moved.joined_at -= timedelta(days=1)
    services.move(moved, new, by=mira, reason="The other one suits better")
    services.put_first(last, by=mira, reason="Licence ends")
    assert broken() == set()


def credit(row: Enrollment, minutes: int) -> None:
    db.session.add(
        Credit(
            person_id=row.person_id,
            enrollment_id=row.id,
            offering_id=row.offering_id,
            ledger=Ledger.TRAINING,
            minutes=minutes,
            attended_minutes=minutes,
            held_minutes=180,
            rule="",
            earned_on=clock.now().date(),
            known_by=KnownBy.ATTENDANCE,
            given_at=clock.now(),
            given_by_id=row.person_id,
        )
    )


def test_credit_without_attendance_is_found() -> None:
    credit(seated(), 180)
    assert broken() == {"credit without attendance"}


def marked(row: Enrollment, meeting: Meeting | None = None) -> Mark:
    """Here at the first meeting, and written down."""
    where = {"meeting_id": (meeting or row.offering.meetings[0]).id, "enrollment_id": row.id}
    now, by_id = clock.now(), row.person_id
    mark = Mark(**where, minutes=180, marked_at=now, marked_by_id=by_id)
    said = {"said_at": now, "recorded_at": now, "by_id": by_id, "was_taken": True}
    db.session.add_all([mark, Recording(**where, minutes=180, method=Method.ROLL, **said)])
    return mark


def came_back() -> tuple[Enrollment, Enrollment]:
    """Somebody who was there, left, and has a seat again."""
    first = seated()
    marked(first)
    services.withdraw(first, by=first.person)
    return first, services.enroll(first.person, first.offering, by=first.person)


def test_what_was_attended_before_leaving_is_attendance() -> None:
    _, again = came_back()
    credit(again, 180)
    assert broken() == set()


@pytest.mark.usefixtures("unguarded")
def test_two_credits_of_one_person_for_one_session_are_found() -> None:
    for row in came_back():
        credit(row, 180)
    assert broken() == {"credit twice"}


def test_the_database_refuses_a_second_credit_of_one_person_for_one_session() -> None:
    for row in came_back():
        credit(row, 180)
    with pytest.raises(IntegrityError, match=r"credit"):
        db.session.flush()


def test_credit_beyond_what_was_held_is_found() -> None:
    row = seated()
    marked(row)
    credit(row, 600)
    assert broken() == {"credit too large"}


def test_a_mark_for_another_session_is_found() -> None:
    marked(seated(), make.offering().meetings[0])
    assert broken() == {"foreign mark"}


def test_a_mark_that_nobody_recorded_is_found() -> None:
    mark = marked(seated())
    assert broken() == set()
    mark.minutes = 90
    assert broken() == {"unrecorded mark"}


def test_a_split_larger_than_the_course_is_found() -> None:
    course = make.course(areas=("TF",), minutes=60)
    area = db.session.scalars(sa.select(CourseArea).where(CourseArea.course_id == course.id)).one()
    area.minutes = 90
    assert broken() == {"split too large"}


def test_the_command_names_the_row_and_fails(app: Flask) -> None:
    row = seated()
    row_id = row.offering_id
    db.session.execute(sa.update(Seat).values(is_taken=True))
    db.session.commit()
    result = app.test_cli_runner().invoke(args=["catalog", "check"])
    assert result.exit_code == 1
    assert f"offering {row_id}" in result.output


def test_the_command_is_content_with_a_healthy_database(app: Flask) -> None:
    seated()
    db.session.commit()
    result = app.test_cli_runner().invoke(args=["catalog", "check"])
    assert result.exit_code == 0, result.output
