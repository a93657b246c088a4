"""The next term of a group: its members are asked first, and nothing is oversold."""

import threading
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from catalog import clock
from catalog.accounts.models import Person
from catalog.cli.work import handlers
from catalog.config import Settings
from catalog.courses.models import Offering
from catalog.courses.schedule import Sitting
from catalog.enrollment import queries
from catalog.enrollment import services as enrollment
from catalog.enrollment.models import Enrollment, State
from catalog.extensions import db
from catalog.groups.terms import going_on
from catalog.notices import mail, worker
from catalog.notices.models import Job
from catalog.reports.checking import invariants
from tests import factories as make
from tests.courses.desk import meeting_fields
from tests.factories import Cast
from tests.groups.circles import Circle, circle, inside, seated

Login = Callable[[Person], FlaskClient]


def in_days(days: int) -> date:
    return clock.today("America/Chicago") + timedelta(days=days)


def fields(**typed: Any) -> dict[str, Any]:
    """The form as a browser sends it: two meetings in three and four months."""
    rows = {**meeting_fields(0, in_days(90), ledger="rsc"), **meeting_fields(1, in_days(120), ledger="rsc")}
    return {
        "zone": "America/Chicago",
        **rows,
        "capacity": "8",
        "answer_by": in_days(14).isoformat(),
        "once": "b" * 32,
        **typed,
    }


@pytest.fixture
def it(app: Flask, cast: Cast) -> Circle:
    return circle(app, cast)


def next_of(it: Circle) -> list[Offering]:
    return list(db.session.scalars(sa.select(Offering).where(Offering.follows_id == it.id)))


def places(it: Circle) -> dict[str, State]:
    [group] = next_of(it)
    return {row.person.name: row.enrollment.state for row in queries.roster(group)}


def test_each_member_is_kept_a_seat(it: Circle, cast: Cast, login_as: Login) -> None:
    answer = login_as(cast.ivo).post(f"{it.url}/next", data=fields())
    assert answer.status_code == 303
    with it.app.app_context():
        assert places(it) == {"Ana Sample": State.OFFERED, "Bea Sample": State.OFFERED}


def test_it_is_as_before_on_other_dates(it: Circle, cast: Cast, login_as: Login) -> None:
    login_as(cast.ivo).post(f"{it.url}/next", data=fields())
    with it.app.app_context():
        [group] = next_of(it)
        assert (group.trainer_id, group.needs_approval, group.capacity) == (cast.ivo.id, True, 8)
        assert [meeting.starts_wall.date() for meeting in group.sittings] == [in_days(90), in_days(120)]


def test_they_have_until_the_end_of_the_day(it: Circle, cast: Cast, login_as: Login) -> None:
    login_as(cast.ivo).post(f"{it.url}/next", data=fields())
    with it.app.app_context():
        until = {one.offer_ends_at for one in db.session.scalars(sa.select(Enrollment)) if one.offer_ends_at}
        assert len(until) == 1
        local = until.pop().astimezone(ZoneInfo("America/Chicago"))
        assert (local.date(), local.hour, local.minute) == (in_days(14), 23, 59)
        lapses = [job.run_at for job in db.session.scalars(sa.select(Job).where(Job.kind == "lapse_offer"))]
        assert len(lapses) == 2


def test_they_are_written_to_once(it: Circle, cast: Cast, login_as: Login) -> None:
    for _ in range(2):
        answer = login_as(cast.ivo).post(f"{it.url}/next", data=fields())
        assert answer.status_code == 303
    with it.app.app_context():
        mails = [
            job
            for job in db.session.scalars(sa.select(Job).order_by(Job.id))
            if job.payload.get("kind") == "group.next_term"
        ]
        assert (len(mails), len(next_of(it))) == (2, 1)


def test_another_form_for_the_same_term_is_refused(it: Circle, cast: Cast, login_as: Login) -> None:
    login_as(cast.ivo).post(f"{it.url}/next", data=fields())
    answer = login_as(cast.mira).post(f"{it.url}/next", data=fields(once="c" * 32))
    assert answer.status_code == 409
    with it.app.app_context():
        assert len(next_of(it)) == 1


def test_a_member_takes_the_seat_on_its_page(it: Circle, cast: Cast, login_as: Login) -> None:
    login_as(cast.ivo).post(f"{it.url}/next", data=fields())
    with it.app.app_context():
        [group] = next_of(it)
        mine = queries.live_enrollment(cast.ana, group)
        assert mine is not None
        group_id, mine_id = group.id, mine.id
    assert "A seat is kept for you" in login_as(cast.ana).get(f"/offerings/{group_id}").text
    login_as(cast.ana).post(f"/enrollments/{mine_id}/accept")
    with it.app.app_context():
        assert places(it)["Ana Sample"] == State.SEATED


def test_a_seat_nobody_took_goes_to_those_who_wait(it: Circle, cast: Cast, login_as: Login) -> None:
    login_as(cast.ivo).post(f"{it.url}/next", data=fields(capacity="6"))
    with inside(it.app):
        [group] = next_of(it)
        ivo = db.session.get_one(Person, cast.ivo.id)
        for number in range(4):
            seated(make.person(f"New {number}"), group, ivo)
        waits = seated(make.person("Wil"), group, ivo)
        assert waits.state == State.WAITING, "the seats of the members are kept"
        kept = queries.live_enrollment(cast.ana, group)
        assert kept is not None
        assert kept.offer_ends_at is not None
        with clock.at(kept.offer_ends_at + timedelta(minutes=1)):
            enrollment.lapse(kept)
        assert (kept.state, waits.state) == (State.LAPSED, State.OFFERED)
        broken = {name for name, _, select in invariants.ALL if db.session.execute(select).first()}
        assert broken == set()


def test_former_members_are_not_asked(it: Circle, cast: Cast, login_as: Login) -> None:
    with inside(it.app):
        seat = db.session.get_one(Enrollment, it.ana_seat)
        enrollment.withdraw(seat, by=seat.person)
    login_as(cast.ivo).post(f"{it.url}/next", data=fields())
    with it.app.app_context():
        assert places(it) == {"Bea Sample": State.OFFERED}


BAD = {
    "at least until tomorrow": {"answer_by": in_days(0).isoformat()},
    "before the day of the first meeting": {"answer_by": in_days(90).isoformat()},
    "Write the last day": {"answer_by": ""},
    "from 6 to 12": {"capacity": "5"},
    "Write the date of meeting 1": {"meetings-0-date": ""},
    "in the past": {"meetings-0-date": in_days(-3).isoformat()},
}


@pytest.mark.parametrize(("sentence", "typed"), BAD.items())
def test_what_cannot_be_is_said_and_nothing_is_made(
    it: Circle, cast: Cast, login_as: Login, sentence: str, typed: dict[str, str]
) -> None:
    answer = login_as(cast.ivo).post(f"{it.url}/next", data=fields(**typed))
    assert (answer.status_code, sentence in answer.text) == (422, True)
    with it.app.app_context():
        assert next_of(it) == []


def test_the_form_begins_with_the_dates_that_follow(it: Circle, cast: Cast, login_as: Login) -> None:
    page = login_as(cast.ivo).get(f"{it.url}/next").text
    with it.app.app_context():
        old = [Sitting(one.starts_wall, one.ends_wall) for one in it.group.sittings]
    following = going_on(old, in_days(0)).sittings
    assert len(following) == 4
    assert all(one.starts.date().isoformat() in page for one in following)


def test_who_may_plan_it(it: Circle, cast: Cast, login_as: Login, client: FlaskClient) -> None:
    people = (cast.ivo, cast.mira, cast.ana, cast.otto)
    assert [login_as(one).get(f"{it.url}/next").status_code for one in people] == [200, 200, 403, 404]
    posts = [login_as(one).post(f"{it.url}/next", data=fields()).status_code for one in (cast.ana, cast.otto)]
    assert posts == [403, 404]
    assert client.get(f"{it.url}/next").location.startswith("/sign-in")


def test_the_group_page_leads_to_it(it: Circle, cast: Cast, login_as: Login) -> None:
    assert "Plan the next term" in login_as(cast.ivo).get(it.url).text
    login_as(cast.ivo).post(f"{it.url}/next", data=fields())
    page = login_as(cast.ana).get(it.url).text
    assert ("Your seat in it" in page, "Plan the next term" in page) == (True, False)


def lapsing(it: Circle, settings: Settings, *, left_after: timedelta | None) -> tuple[State, timedelta]:
    """What has become of a member's seat when the last day to answer is over, and how much longer it is kept. Their
    letter left so long after the term was planned, or not yet, because the mail was away."""
    with inside(it.app):
        [first, *_] = db.session.scalars(sa.select(Enrollment).where(Enrollment.state == State.OFFERED))
        until, first_id = first.offer_ends_at, first.id
    assert until
    does = handlers(settings)
    if left_after is not None:
        with time_machine.travel(clock.now() + left_after, tick=False):
            worker.work(it.app, does, stop=threading.Event(), once=True)
    with time_machine.travel(until + timedelta(minutes=1), tick=False):
        worker.work(it.app, {**does, "mail": away}, stop=threading.Event(), once=True)
    with inside(it.app):
        held = db.session.get_one(Enrollment, first_id)
        return held.state, (held.offer_ends_at or until) - until


def away(_job_id: int, _payload: object) -> None:
    raise mail.NotLetIn("away")


def test_who_was_not_written_to_in_time_does_not_lose_their_seat(
    it: Circle, cast: Cast, login_as: Login, settings: Settings
) -> None:
    login_as(cast.ivo).post(f"{it.url}/next", data=fields())
    state, longer = lapsing(it, settings, left_after=None)
    assert state == State.OFFERED
    assert timedelta(hours=48) <= longer <= timedelta(hours=49)


def test_who_learned_of_it_late_and_still_had_days_is_not_waited_for(
    it: Circle, cast: Cast, login_as: Login, settings: Settings
) -> None:
    login_as(cast.ivo).post(f"{it.url}/next", data=fields())
    assert lapsing(it, settings, left_after=timedelta(days=2)) == (State.LAPSED, timedelta())
