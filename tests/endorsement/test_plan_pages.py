"""The plan on its pages: wishing, looking, taking all seats at once, planning again."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from catalog import clock
from catalog.accounts.models import Person
from catalog.courses.models import CourseState, Offering
from catalog.courses.services.meetings import sum_up
from catalog.endorsement.models import Goal, Plan, PlanStep, StepState
from catalog.enrollment import services as enrollment
from catalog.enrollment.models import Enrollment, State
from catalog.extensions import db
from tests import factories as make
from tests.attendance.sheets import inside
from tests.endorsement import goals
from tests.endorsement.conftest import Scene
from tests.factories import Cast
from tests.statements import counted

LoginAs = Callable[[Person], FlaskClient]


def typed(**more: Any) -> dict[str, Any]:
    by = date.today() + timedelta(days=300)  # noqa: DTZ011 - the form speaks of days
    defaults = {
        "by": by.isoformat(),
        "where": "anywhere",
        "online": "y",
        "weekdays": [str(n) for n in range(7)],
    }
    return {**defaults, **more}


@dataclass
class Table:
    """Ana at her goal."""

    app: Flask
    cast: Cast
    scene: Scene
    ana: FlaskClient

    @property
    def new(self) -> str:
        return f"/goal/{self.scene.goal_id}/plan/new"

    def make(self, **more: Any) -> TestResponse:
        return self.ana.post(self.new, data=typed(**more))

    def made(self, **more: Any) -> str:
        answer = self.make(**more)
        assert answer.status_code == 303, answer.text
        return answer.location

    def page(self, url: str) -> str:
        answer = self.ana.get(url)
        assert answer.status_code == 200
        return answer.text

    def join(self, url: str, *offering_ids: int) -> str:
        answer = self.ana.post(f"{url}/join", data={"offering": [*offering_ids]})
        assert answer.status_code == 303
        return self.page(answer.location)

    def steps(self) -> dict[int, StepState]:
        """Of the newest plan."""
        with inside(self.app):
            newest = sa.select(sa.func.max(Plan.id)).scalar_subquery()
            rows = db.session.scalars(sa.select(PlanStep).where(PlanStep.plan_id == newest))
            return {row.offering_id: row.state for row in rows}

    def seats(self) -> dict[int, State]:
        with inside(self.app):
            rows = db.session.scalars(sa.select(Enrollment).where(Enrollment.person_id == self.cast.ana.id))
            return {row.offering_id: row.state for row in rows if row.is_live}

    def session(self, title: str, topic: str = "TF.pregnancy", **fields: Any) -> int:
        with inside(self.app):
            offering = make.offering(make.course(title, topics=(topic,)), **{"price_cents": 0, **fields})
            sum_up(offering)
            db.session.commit()
            return offering.id

    def change(self, offering_id: int, **fields: Any) -> None:
        with inside(self.app):
            offering = db.session.get_one(Offering, offering_id)
            for name, value in fields.items():
                setattr(offering, name, value)
            db.session.commit()


@pytest.fixture
def table(app: Flask, cast: Cast, scene: Scene, login_as: LoginAs) -> Table:
    return Table(app, cast, scene, login_as(cast.ana))


# Wishing and looking.


def test_makes_a_plan_and_says_why_and_what_stays_open(table: Table) -> None:
    text = table.page(table.made())
    assert "Before birth" in text
    assert "Covers Topic TF.pregnancy; no other course that fits your wishes does so" in text
    assert "Gives 3 h of the 27 h of training you miss." in text
    assert "1 of the 1 topic you miss" in text
    assert "<dt>24 h of RSC</dt><dd>No course in this catalog gives such hours.</dd>" in text
    assert table.steps() == {table.scene.offering_id: StepState.PLANNED}
    assert table.seats() == {}


def test_the_wishes_are_said_above_it(table: Table) -> None:
    text = table.page(table.made(most="40", days_a_month="2", weekdays=["0", "1", "2", "3", "4"]))
    assert "at most $40; Monday, Tuesday, Wednesday, Thursday, Friday; at most 2 days a month." in text


def test_what_no_session_fits_is_said(table: Table) -> None:
    tomorrow = (clock.now() + timedelta(days=2)).date()
    text = table.page(table.made(by=tomorrow.isoformat()))
    assert "No session fits" in text
    assert "Only sessions after" in text
    assert table.steps() == {}


def test_where_nothing_is_missing_it_says_so(table: Table) -> None:
    with inside(table.app):
        db.session.get_one(Goal, table.scene.goal_id).category = make.category("IFA")
        db.session.commit()
    assert "Nothing is missing that a session could fill" in table.page(table.made())


def test_a_price_that_is_not_stated_is_left_out_where_there_is_a_limit(table: Table) -> None:
    table.change(table.scene.offering_id, price_cents=None)
    assert "The price of what fills it is not stated" in table.page(table.made(most="10"))
    assert "1 session without a stated price" in table.page(table.made())


def test_a_member_pays_what_members_pay(table: Table) -> None:
    table.change(table.scene.offering_id, price_cents=9000, member_price_cents=1000)
    with inside(table.app):
        db.session.get_one(Person, table.cast.ana.id).member_until = date(2099, 1, 1)
        db.session.commit()
    text = table.page(table.made(most="20"))
    assert "<dt>Costs</dt><dd>$10</dd>" in text


def test_her_own_county_alone(table: Table) -> None:
    with inside(table.app):
        db.session.get_one(Person, table.cast.ana.id).county = "01097"
        db.session.commit()
    assert "Only sessions in other places" in table.page(table.made(where="mine"))
    assert "about 496 km (308 miles) there and back" in table.page(table.made())
    assert "Before birth" in table.page(table.made(where="these", counties=["01101"]))


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"by": ""}, "Choose the day by which you want to be ready."),
        ({"by": "2020-01-01"}, "Choose a day that is still to come."),
        ({"by": "2090-01-01"}, "Choose a day within the next three years."),
        ({"most": "cheap"}, "most-error"),
        ({"where": "moon"}, "Choose one from the list."),
        ({"where": "these"}, "Choose at least one county"),
        ({"counties": ["99999"]}, "Choose from the list."),
        ({"weekdays": []}, "Choose at least one day of the week."),
        ({"weekdays": ["9"]}, "Choose from the list."),
        ({"days_a_month": "40"}, "Write a whole number from 1 to 31."),
    ],
)
def test_bad_wishes_come_back_with_a_reason(table: Table, fields: dict[str, Any], sentence: str) -> None:
    answer = table.make(**{"most": "77", **fields})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "most" in fields or 'value="77"' in answer.text
    assert table.steps() == {}


def test_what_is_typically_accepted_can_be_aimed_at(table: Table) -> None:
    assert "typically accepted" not in table.page(table.new)
    with inside(table.app):
        goal = db.session.get_one(Goal, table.scene.goal_id)
        goals.rule(goal.category, 50, kind="typical")
        db.session.commit()
    assert "of the 47 h of training you miss" in table.page(table.made(aim="typical"))
    assert "of the 27 h of training you miss" in table.page(table.made(aim="minimum"))


# Joining.


def test_takes_all_seats_in_one_go(table: Table) -> None:
    other = table.session("Ties again", "TF.attachment", starts=clock.now() + timedelta(days=9))
    url = table.made()
    text = table.join(url, table.scene.offering_id, other)
    assert "2 seats taken." in text
    assert table.seats() == {table.scene.offering_id: State.SEATED, other: State.SEATED}
    assert set(table.steps().values()) == {StepState.SEATED}
    assert "Take all these seats" not in text


def test_what_cannot_be_taken_loses_none_of_the_others(table: Table) -> None:
    """First of all, in the middle, and last of all."""
    days = (5, 8, 11, 30, 40)
    made = [
        table.session(f"S{at}", f"TF.t{at}", starts=clock.now() + timedelta(days=days[at])) for at in range(5)
    ]
    url = table.made()
    assert set(made) <= set(table.steps())
    for offering_id in (made[0], made[2], made[4]):
        table.change(offering_id, closes_at=clock.now() - timedelta(hours=1))
    text = table.join(url, *made)
    assert "2 seats taken, 3 sessions not taken: see below why." in text
    assert "Enrollment has closed." in text
    assert table.seats() == {made[1]: State.SEATED, made[3]: State.SEATED}
    states = table.steps()
    assert [states[one] for one in made[:3]] == [StepState.REFUSED, StepState.SEATED, StepState.REFUSED]


def test_a_course_that_is_public_no_more_is_not_taken(table: Table) -> None:
    url = table.made()
    with inside(table.app):
        db.session.get_one(Offering, table.scene.offering_id).course.state = CourseState.ARCHIVED
        db.session.commit()
    assert "1 session not taken" in table.join(url, table.scene.offering_id)
    assert table.seats() == {}


def test_what_filled_up_meanwhile_is_a_place_on_the_waitlist(table: Table) -> None:
    full = table.session("One seat", "TF.one", seats=1, starts=clock.now() + timedelta(days=9))
    url = table.made()
    with inside(table.app):
        otto = db.session.get_one(Person, table.cast.otto.id)
        enrollment.enroll(otto, db.session.get_one(Offering, full), by=otto)
        db.session.commit()
    text = table.join(url, full, table.scene.offering_id)
    assert "1 seat taken, 1 place on a waitlist." in text
    assert "On the waitlist" in text
    assert table.seats()[full] == State.WAITING


def test_what_comes_after_another_course_is_asked_for(table: Table) -> None:
    first = table.session("First", "TF.first", starts=clock.now() + timedelta(days=5))
    after = table.session("After", "TF.after", starts=clock.now() + timedelta(days=40))
    with inside(table.app):
        course = db.session.get_one(Offering, after).course
        course.required = [db.session.get_one(Offering, first).course]
        db.session.commit()
    text = table.join(table.made(), first, after)
    assert "1 seat taken, 1 request sent." in text
    assert "Comes before “After”, which asks for it." in text


def test_one_that_is_left_out_is_not_taken(table: Table) -> None:
    other = table.session("Ties again", "TF.attachment", starts=clock.now() + timedelta(days=9))
    table.join(table.made(), other)
    assert table.seats() == {other: State.SEATED}
    assert table.steps()[table.scene.offering_id] == StepState.PLANNED


def test_only_sessions_of_the_plan_are_taken(table: Table) -> None:
    url = table.made()
    stranger = table.session("Not in it", "TF.attachment")
    assert "Nothing was chosen" in table.join(url, stranger)
    assert table.seats() == {}


def test_joined_twice_takes_each_seat_once(table: Table) -> None:
    url = table.made()
    table.join(url, table.scene.offering_id)
    text = table.join(url, table.scene.offering_id)
    assert "1 seat taken." in text
    assert table.steps() == {table.scene.offering_id: StepState.SEATED}
    with inside(table.app):
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Enrollment)) == 2  # one from the past


def test_she_is_told_that_rsc_will_not_count_before_she_joins(table: Table) -> None:
    with inside(table.app):
        offering = db.session.get_one(Offering, table.scene.offering_id)
        make.meeting(offering, 2, clock.now() + timedelta(days=60), ledger="rsc")
        sum_up(offering)
        db.session.commit()
    text = table.page(table.made())
    assert "No facilitator is named yet." in text
    assert 'name="warned" value="1"' in text


# Lost seats, and planning again.


def test_a_seat_that_is_given_back_is_lost_and_can_be_planned_again(table: Table) -> None:
    url = table.made()
    table.join(url, table.scene.offering_id)
    with inside(table.app):
        mine = db.session.scalars(sa.select(Enrollment).where(Enrollment.state == State.SEATED)).one()
        enrollment.withdraw(mine, by=mine.person)
        db.session.commit()
    text = table.page(url)
    assert "A seat of this plan is lost" in text
    assert "You gave it back." in text
    again = table.ana.post(f"{url}/again")
    assert again.status_code == 303
    assert again.location != url
    assert table.steps() == {table.scene.offering_id: StepState.PLANNED}
    assert "There is a newer plan." in table.page(url)


def test_planning_again_keeps_the_seats_that_are_held(table: Table) -> None:
    kept = table.session("Kept", "TF.attachment", starts=clock.now() + timedelta(days=9))
    url = table.made()
    table.join(url, kept, table.scene.offering_id)
    table.change(table.scene.offering_id, state="cancelled")
    instead = table.session("Instead", starts=clock.now() + timedelta(days=60))
    location = table.ana.post(f"{url}/again").location
    assert table.steps() == {kept: StepState.SEATED, instead: StepState.PLANNED}
    assert table.seats()[kept] == State.SEATED
    assert table.page(location).index("Kept") < table.page(location).index("Instead")


# Whose it is.


def urls(table: Table) -> list[str]:
    url = table.made()
    return [table.new, url, f"{url}/join", f"{url}/again"]


@pytest.mark.parametrize("name", ["otto", "ivo", "mira", "ada"])
def test_to_everybody_else_it_is_not_there(table: Table, login_as: LoginAs, name: str) -> None:
    new, plan, join, again = urls(table)
    browser = login_as(getattr(table.cast, name))
    assert [browser.get(new).status_code, browser.get(plan).status_code] == [404, 404]
    posted = [browser.post(url, data=typed(offering=[table.scene.offering_id])) for url in (new, join, again)]
    assert [answer.status_code for answer in posted] == [404, 404, 404]
    assert table.seats() == {}


def test_a_plan_of_another_goal_is_not_there(table: Table) -> None:
    url = table.made()
    with inside(table.app):
        ana = db.session.get_one(Person, table.cast.ana.id)
        other = goals.goal(ana, make.category("IFA"))
        db.session.commit()
        moved = url.replace(f"/goal/{table.scene.goal_id}/", f"/goal/{other.id}/")
    assert table.ana.get(moved).status_code == 404
    assert table.ana.post(f"{moved}/join", data={"offering": [table.scene.offering_id]}).status_code == 404
    assert table.ana.post(f"{moved}/again").status_code == 404


def test_strangers_sign_in_first(table: Table) -> None:
    browser = table.app.test_client()
    for url in urls(table)[:2]:
        assert browser.get(url).location.startswith("/sign-in")
    for url in urls(table):
        assert browser.post(url).status_code in (303, 405)
    assert table.seats() == {}


def test_nothing_is_taken_by_looking(table: Table) -> None:
    _, plan, join, again = urls(table)
    assert [table.ana.get(url).status_code for url in (join, again)] == [405, 405]
    assert table.ana.post(plan).status_code == 405


def test_the_page_asks_no_more_for_more_steps(table: Table) -> None:
    url = table.made()
    table.page(url)
    with counted() as few:
        table.page(url)
    for at in range(6):
        table.session(f"S{at}", f"TF.t{at}", starts=clock.now() + timedelta(days=3 + at))
    more = table.made()
    table.page(more)
    with counted() as many:
        table.page(more)
    assert table.steps().__len__() > 5
    assert len(many) == len(few) <= 14


def test_making_it_asks_no_more_for_more_sessions(table: Table) -> None:
    table.made()
    with counted() as few:
        table.made()
    for at in range(12):
        table.session(
            f"S{at}", "TF.pregnancy", starts=clock.now() + timedelta(days=3 + at), closes_at=clock.now()
        )
    with counted() as many:
        table.made()
    assert len(many) <= len(few)


def test_a_seat_that_was_taken_meanwhile_at_the_same_time_is_said(table: Table) -> None:
    url = table.made()
    assert "overlap" not in table.page(url)
    with inside(table.app):
        planned = db.session.get_one(Offering, table.scene.offering_id)
        ana = db.session.get_one(Person, table.cast.ana.id)
        other = make.offering(make.course("At the same time"), starts=planned.starts_at)
        enrollment.enroll(ana, other, by=ana)
        db.session.commit()
    text = table.page(url)
    assert "The times overlap with At the same time, which you are on." in text
    assert re.search(rf'name="offering" value="{table.scene.offering_id}"(?! checked)', text)
