"""Nobody joins a group once it is closed; until then vacancies are filled, and the waitlist ends with it."""

import pytest
import sqlalchemy as sa

from catalog import clock
from catalog.attendance import services as attendance
from catalog.attendance.refusals import ClosedGroup
from catalog.courses.models import Offering
from catalog.courses.refusals import FieldsRefused, GroupSize
from catalog.courses.services import post
from catalog.enrollment import services as enrollment
from catalog.enrollment.models import Enrollment, State
from catalog.enrollment.refusals import EnrollmentClosed, GroupClosed
from catalog.extensions import db
from catalog.groups import services
from catalog.notices.models import Job
from tests import factories as make
from tests.groups.circles import begun, course, term

pytestmark = pytest.mark.usefixtures("context")


def filled(group: Offering, but: int = 0) -> list[Enrollment]:
    return [
        enrollment.add(make.person(f"Member {number}"), group, by=make.person(), reason="a member")
        for number in range((group.capacity or 0) - but)
    ]


def mails(kind: str) -> int:
    return sum(job.payload.get("kind") == kind for job in db.session.scalars(sa.select(Job).order_by(Job.id)))


def test_a_group_that_has_begun_is_closed() -> None:
    ana, group = make.person(), term(make.person(), starts=begun())
    with pytest.raises(EnrollmentClosed, match="This group has begun and is closed"):
        enrollment.enroll(ana, group, by=ana)


def test_a_vacancy_is_filled_until_the_set_meeting() -> None:
    ana, group = make.person(), term(make.person(), starts=begun(), joins_until=3, needs_approval=False)
    assert enrollment.enroll(ana, group, by=ana).state == State.SEATED


def test_without_a_vacancy_people_wait_for_one_until_then() -> None:
    ana, group = make.person(), term(make.person(), starts=begun(), joins_until=3, needs_approval=False)
    members = filled(group)
    waits = enrollment.enroll(ana, group, by=ana)
    was = waits.state
    enrollment.withdraw(members[0], by=members[0].person)
    assert (was, waits.state) == (State.WAITING, State.OFFERED)
    assert waits.offer_ends_at is not None
    assert waits.offer_ends_at < group.sittings[2].starts_at


def test_from_the_set_meeting_on_nobody_joins_or_moves_up() -> None:
    ana, group = (
        make.person(),
        term(make.person(), starts=begun(weeks=1), joins_until=3, needs_approval=False),
    )
    members = filled(group)
    waits = enrollment.enroll(ana, group, by=ana)
    group.joins_until = 2
    enrollment.withdraw(members[0], by=members[0].person)
    assert waits.state == State.WAITING
    otto = make.person("Otto")
    with pytest.raises(EnrollmentClosed):
        enrollment.enroll(otto, group, by=otto)


def test_a_request_is_not_accepted_into_a_closed_group() -> None:
    ana, group = make.person(), term(make.person(), starts=begun(), joins_until=2)
    asked = enrollment.enroll(ana, group, by=ana)
    group.joins_until = None
    with pytest.raises(GroupClosed):
        enrollment.approve(asked, by=ana)


def test_a_coordinator_lets_somebody_in_with_a_reason() -> None:
    group, mira = term(make.person(), starts=begun()), make.person("Mira", coordinates=True)
    with pytest.raises(GroupClosed):
        enrollment.add(make.person(), group, by=mira)
    assert enrollment.add(make.person(), group, by=mira, reason="was left off").state == State.SEATED


def test_nobody_is_moved_into_a_closed_group() -> None:
    ana, ivo = make.person(), make.person()
    seat = enrollment.add(ana, term(ivo), by=ivo)
    with pytest.raises(GroupClosed):
        enrollment.move(seat, term(ivo, starts=begun()), by=ivo, reason="wishes it")


def test_nobody_walks_into_a_group() -> None:
    ivo = make.person()
    group = term(ivo, starts=begun(), joins_until=4)
    with pytest.raises(ClosedGroup):
        attendance.take_in(make.person(), group.sittings[0], by=ivo)
    with pytest.raises(ClosedGroup):
        attendance.make_room(make.person(), group, by=ivo)


def test_the_waitlist_ends_and_those_on_it_are_told_once() -> None:
    ana, group = make.person(), term(make.person(), starts=begun(), joins_until=2, needs_approval=False)
    filled(group)
    waits = enrollment.enroll(ana, group, by=ana)
    assert services.end_waitlists() == 0, "vacancies are still filled"
    group.joins_until = None
    assert (services.end_waitlists(), services.end_waitlists()) == (1, 0)
    assert (waits.state, mails("group.waitlist_ended")) == (State.REMOVED, 1)


def test_a_request_nobody_answered_ends_with_it() -> None:
    ana, group = make.person(), term(make.person(), starts=begun(), joins_until=2)
    asked = enrollment.enroll(ana, group, by=ana)
    group.joins_until = None
    services.end_waitlists()
    assert asked.state == State.REMOVED


def test_members_keep_their_seats_when_the_waitlist_ends() -> None:
    group = term(make.person(), starts=begun(), joins_until=2, needs_approval=False)
    members = filled(group)
    enrollment.enroll(make.person(), group, by=make.person())
    group.joins_until = None
    services.end_waitlists()
    assert {member.state for member in members} == {State.SEATED}


@pytest.mark.parametrize("seats", [None, 5, 13])
def test_a_group_has_6_to_12_seats(seats: int | None) -> None:
    with pytest.raises(FieldsRefused, match="6 to 12 seats"):
        post(course(), {"capacity": seats, "zone": "America/Chicago"}, [], by=make.person())


def test_its_seats_stay_within_that_later() -> None:
    group, mira = term(make.person()), make.person("Mira", coordinates=True)
    with pytest.raises(GroupSize):
        enrollment.change_capacity(group, 5, by=mira)
    enrollment.change_capacity(group, 12, by=mira)
    assert group.capacity == 12


def test_other_sessions_still_close_when_they_begin() -> None:
    session = make.offering(starts=begun())
    assert session.why_closed(clock.now()) == "This session has already begun."
