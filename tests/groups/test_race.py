"""Several at once on one group, in server processes of their own: nothing is made twice and no seat sold twice."""

from collections import Counter
from collections.abc import Iterator
from functools import partial

import pytest
import sqlalchemy as sa
from flask import Flask

from catalog.accounts import services as accounts
from catalog.accounts.models import Person
from catalog.courses.models import Offering
from catalog.enrollment.models import Enrollment, State
from catalog.extensions import db
from catalog.groups.models import Absence, RscSession
from catalog.notices.models import Job
from catalog.records.models import HourEntry
from catalog.reports.checking import invariants
from tests import factories as make
from tests.factories import Cast
from tests.groups.circles import begun, circle, inside, qualified
from tests.groups.test_log import fields as session_fields
from tests.groups.test_next_term import fields as term_fields
from tests.servers import Browser, Ports, at_once, running

pytestmark = pytest.mark.race


@pytest.fixture
def servers(app: Flask, _rows: None, database_url: str) -> Iterator[Ports]:
    with running(database_url) as ports:
        yield ports


def browsers_of(app: Flask, people: list[Person], servers: Ports) -> list[Browser]:
    found = []
    for number, person in enumerate(people):
        with inside(app):
            token = accounts.begin_sign_in(db.session.get_one(Person, person.id))
        found.append(Browser(servers[number % 2], {"sign_in": token}))
        assert found[-1].get("/account").status == 200
    return found


def broken() -> set[str]:
    return {name for name, _, select in invariants.ALL if db.session.execute(select).first()}


def test_a_session_is_confirmed_once(app: Flask, cast: Cast, servers: Ports) -> None:
    with inside(app):
        qualified(db.session.get_one(Person, cast.ivo.id))
    [ana] = browsers_of(app, [cast.ana], servers)
    typed = session_fields(cast.ivo)
    assert ana.post("/rsc", **typed).status == 303
    with app.app_context():
        number = db.session.scalars(sa.select(RscSession.id)).one()
    browsers = browsers_of(app, [cast.ivo] * 6, servers)
    answers = at_once([partial(one.post, f"/rsc/{number}/confirm") for one in browsers])
    assert {answer.status for answer in answers} == {303}
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(HourEntry)) == 1
        assert broken() == set()


def test_one_session_of_a_day_is_written_down_once(app: Flask, cast: Cast, servers: Ports) -> None:
    with inside(app):
        qualified(db.session.get_one(Person, cast.ivo.id))
    browsers = browsers_of(app, [cast.ana] * 6, servers)
    posts = [
        partial(one.post, "/rsc", **session_fields(cast.ivo, once=str(number) * 32))
        for number, one in enumerate(browsers)
    ]
    assert Counter(answer.status for answer in at_once(posts)) == {303: 1, 422: 5}
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(RscSession)) == 1


def test_a_next_term_is_planned_once(app: Flask, cast: Cast, servers: Ports) -> None:
    it = circle(app, cast)
    browsers = browsers_of(app, [cast.ivo, cast.mira] * 3, servers)
    posts = [
        partial(one.post, f"{it.url}/next", **term_fields(once=str(number) * 32))
        for number, one in enumerate(browsers)
    ]
    assert Counter(answer.status for answer in at_once(posts)) == {303: 1, 409: 5}
    with app.app_context():
        group = db.session.scalars(sa.select(Offering).where(Offering.follows_id == it.id)).one()
        kept = db.session.scalars(sa.select(Enrollment).where(Enrollment.offering_id == group.id)).all()
        mails = [
            job
            for job in db.session.scalars(sa.select(Job).order_by(Job.id))
            if job.payload.get("kind") == "group.next_term"
        ]
        assert ([one.state for one in kept], len(mails)) == ([State.OFFERED] * 2, 2)
        assert broken() == set()


def test_the_last_vacancy_of_a_term_that_is_on_is_given_once(app: Flask, cast: Cast, servers: Ports) -> None:
    it = circle(app, cast, seats=6, starts=begun(), joins_until=3, needs_approval=False)
    with inside(app):
        people = [make.person(f"Person {number}") for number in range(10)]
    browsers = browsers_of(app, people, servers)
    at_once([partial(one.post, f"/offerings/{it.id}/enrollments") for one in browsers])
    with app.app_context():
        states = Counter(
            db.session.scalars(sa.select(Enrollment.state).where(Enrollment.offering_id == it.id))
        )
        assert states == {State.SEATED: 6, State.WAITING: 6}
        assert broken() == set()


def test_an_absence_is_said_once(app: Flask, cast: Cast, servers: Ports) -> None:
    it = circle(app, cast)
    browsers = browsers_of(app, [cast.ana] * 6, servers)
    answers = at_once([partial(one.post, it.meeting_url(2, "cannot-come")) for one in browsers])
    assert {answer.status for answer in answers} == {303}
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Absence)) == 1
