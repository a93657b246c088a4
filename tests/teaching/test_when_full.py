"""What happens when all seats are taken is one choice, and queue and door keep to it."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from catalog import clock
from catalog.accounts.models import Person
from catalog.attendance import services as attendance
from catalog.attendance.refusals import NobodyAtTheDoor, NoRoom
from catalog.checkin import queries as doors
from catalog.checkin import services as checkin
from catalog.checkin.refusals import NoWalkIns
from catalog.courses.models import Offering, WhenFull
from catalog.enrollment import services as enrollment
from catalog.enrollment.models import Enrollment, State
from catalog.enrollment.refusals import NoWaitlist
from catalog.extensions import db
from tests import factories as make
from tests.courses.desk import in_days, inside, meeting_fields, offering_fields, own
from tests.factories import Cast

LoginAs = Callable[[Person], FlaskClient]
NO_QUEUE = (WhenFull.WALK_INS, WhenFull.NEITHER)


def full(when_full: WhenFull, **fields: object) -> Offering:
    offering = make.offering(seats=1, **{"when_full": when_full, **fields})  # type: ignore[arg-type]
    first = make.person("First Sample")
    enrollment.enroll(first, offering, by=first)
    return offering


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize("when_full", NO_QUEUE)
def test_nobody_waits_where_there_is_no_waitlist(when_full: WhenFull) -> None:
    offering, ana = full(when_full), make.person("Ana Sample")
    with pytest.raises(NoWaitlist):
        enrollment.enroll(ana, offering, by=ana)
    with pytest.raises(NoWaitlist):
        enrollment.add(ana, offering, by=ana)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Enrollment)) == 1


@pytest.mark.usefixtures("context")
def test_people_wait_where_there_is_one() -> None:
    offering, ana = full(WhenFull.WAITLIST), make.person("Ana Sample")
    assert enrollment.enroll(ana, offering, by=ana).state == State.WAITING


@pytest.mark.usefixtures("context")
def test_nobody_asks_for_a_seat_that_cannot_come() -> None:
    offering = full(WhenFull.NEITHER)
    offering.needs_approval = True
    ana = make.person("Ana Sample")
    with pytest.raises(NoWaitlist):
        enrollment.enroll(ana, offering, by=ana)


def test_the_page_says_so_instead_of_a_button(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    with inside(app):
        walk_ins, neither = (full(when_full).id for when_full in NO_QUEUE)
    browser = login_as(cast.ana)
    page = browser.get(f"/offerings/{neither}").text
    assert "All seats are taken, and this session has no waitlist." in page
    assert "Join the waitlist" not in page
    assert "How the waitlist works" not in page
    assert "Who comes takes what is left at the door." in browser.get(f"/offerings/{walk_ins}").text
    answer = browser.post(f"/offerings/{neither}/enrollments")
    assert answer.status_code == 409
    assert "has no waitlist" in answer.text


@pytest.mark.usefixtures("context")
def test_only_a_coordinator_lets_somebody_in_where_nobody_is() -> None:
    offering = make.offering(when_full=WhenFull.NEITHER, starts=clock.now() - timedelta(minutes=5))
    ivo, mira = make.person(is_trainer=True), make.person(coordinates=True)
    ana = make.person("Ana Sample")
    with pytest.raises(NobodyAtTheDoor):
        attendance.walk_in(ana, offering, by=ivo)
    assert attendance.walk_in(ana, offering, by=mira).state == State.SEATED


@pytest.mark.usefixtures("context")
def test_a_seat_more_seats_who_came_where_nobody_can_wait() -> None:
    offering = full(WhenFull.WALK_INS)
    ivo, ana = make.person(is_trainer=True), make.person("Ana Sample")
    with pytest.raises(NoRoom):
        attendance.walk_in(ana, offering, by=ivo)
    attendance.make_room(ana, offering, by=ivo)
    assert attendance.walk_in(ana, offering, by=ivo).state == State.SEATED


@pytest.mark.usefixtures("context")
def test_the_door_opens_for_walk_ins_only_where_that_takes_nobodys_turn() -> None:
    ivo = make.person(is_trainer=True)
    now = clock.now()
    neither = make.offering(when_full=WhenFull.NEITHER, starts=now)
    with pytest.raises(NoWalkIns, match="lets nobody in without a seat"):
        checkin.open_door(neither.meetings[0], by=ivo, allows_walk_ins=True)
    checkin.open_door(neither.meetings[0], by=ivo)
    queue = full(WhenFull.WAITLIST, starts=now + timedelta(minutes=1))
    waits = make.person("Waits Sample")
    enrollment.enroll(waits, queue, by=waits)
    with pytest.raises(NoWalkIns, match="nobody is let in past them"):
        checkin.open_door(queue.meetings[0], by=ivo, allows_walk_ins=True)
    checkin.open_door(make.offering(when_full=WhenFull.WALK_INS).meetings[0], by=ivo, allows_walk_ins=True)


@pytest.mark.usefixtures("context")
def test_an_open_door_lets_nobody_past_those_who_wait() -> None:
    now = clock.now()
    offering = full(WhenFull.WAITLIST, starts=now + timedelta(minutes=1))
    ivo, ana = make.person(is_trainer=True), make.person("Ana Sample")
    checkin.open_door(offering.meetings[0], by=ivo, allows_walk_ins=True)
    assert doors.standing(ana, offering.meetings[0], now).why_not == ""
    waits = make.person("Waits Sample")
    enrollment.enroll(waits, offering, by=waits)
    assert "nobody is let in past them" in doors.standing(ana, offering.meetings[0], now).why_not


def test_the_door_says_why_beside_its_switch(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    with inside(app):
        offering = make.offering(when_full=WhenFull.NEITHER, trainer_id=cast.ivo.id)
        url = f"/meetings/{offering.meetings[0].id}/door"
    answer = login_as(cast.ivo).post(url, data={"allows_walk_ins": "y", "checks_out": "y"})
    assert answer.status_code == 422
    assert 'id="allows_walk_ins-error"' in answer.text
    assert re.search(r'checked[^>]*name="checks_out"', answer.text), "what was ticked stays ticked"


def test_the_waitlist_stays_while_people_are_on_it(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    with inside(app):
        offering = full(WhenFull.WAITLIST, trainer_id=cast.ivo.id)
        waits = enrollment.enroll(own(cast.ana), offering, by=own(cast.ana))
        meeting = offering.meetings[0]
        starts, ends = f"{meeting.starts_wall:%H:%M}", f"{meeting.ends_wall:%H:%M}"
        typed = {
            **offering_fields(when_full="neither", place="Sample hall"),
            **meeting_fields(0, meeting.starts_wall.date(), starts, ends, meeting_id=meeting.id),
        }
    browser = login_as(cast.ivo)
    answer = browser.post(f"/offerings/{offering.id}", data=typed)
    assert answer.status_code == 422
    assert "1 person is on the waitlist, so it has to stay." in answer.text
    with inside(app):
        enrollment.withdraw(db.session.get_one(Enrollment, waits.id), by=own(cast.ana))
    assert browser.post(f"/offerings/{offering.id}", data=typed).status_code == 303
    with inside(app):
        assert db.session.get_one(Offering, offering.id).when_full == WhenFull.NEITHER


def test_what_was_posted_without_the_choice_has_a_waitlist(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    with inside(app):
        course_id = make.course().id
    browser = login_as(cast.ivo)
    browser.post(f"/courses/{course_id}/offerings", data=offering_fields())
    browser.post(
        f"/courses/{course_id}/offerings",
        data={**offering_fields(when_full="walk_ins"), **meeting_fields(0, in_days(40))},
    )
    with inside(app):
        found = db.session.scalars(sa.select(Offering.when_full).order_by(Offering.id)).all()
        assert found == ["waitlist", "walk_ins"]
