"""Making a plan and taking its seats: on the phone, with scripts and without, and fit for everyone."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Page, expect

from catalog import clock
from catalog.accounts.models import Person
from catalog.courses.services.meetings import sum_up
from catalog.enrollment.models import Enrollment, State
from catalog.extensions import db
from tests import factories as make
from tests.browser.conftest import DESK, Open
from tests.browser.steps import inside
from tests.browser.test_access import wrongs
from tests.endorsement import goals
from tests.factories import Cast

pytestmark = pytest.mark.browser
Complaints = Callable[..., list[str]]
both = pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])


@pytest.fixture
def goal_id(app: Flask, cast: Cast) -> int:
    """Three topics are missing; two sessions cover one each, and the third has none."""
    with inside(app):
        ana = db.session.get_one(Person, cast.ana.id)
        ana.county = "01109"
        topics = [make.topic(f"TF.{name}", name=name.title()) for name in ("attachment", "play", "sleep")]
        category = make.category("IFS", asks=tuple(topics), name="Infant Family Specialist")
        goals.rule(category, 9)
        for days, code, price in ((20, "TF.attachment", 0), (40, "TF.play", 2500)):
            course = make.course(f"About {code[3:]}", topics=(code,))
            offering = make.offering(course, starts=clock.now() + timedelta(days=days), price_cents=price)
            sum_up(offering)
        return goals.goal(ana, category).id


def seats(app: Flask) -> int:
    with inside(app):
        seated = sa.select(sa.func.count()).where(Enrollment.state == State.SEATED)
        return db.session.scalar(seated) or 0


def make_plan(page: Page) -> None:
    page.get_by_role("button", name="Make the plan").click()
    expect(page.get_by_role("heading", name="Your plan")).to_be_visible()


@both
def test_ana_makes_a_plan_and_takes_its_seats(
    app: Flask, cast: Cast, goal_id: int, open_as: Open, scripts: bool
) -> None:
    page = open_as(cast.ana, f"/goal/{goal_id}", scripts=scripts)
    page.get_by_role("link", name="Make me a plan").click()
    page.get_by_label("At most, dollars").fill("40")
    make_plan(page)
    expect(page.get_by_role("listitem").filter(has_text="About play")).to_contain_text("Covers Play")
    expect(page.get_by_role("region", name="What stays open")).to_contain_text(
        "No course in this catalog covers it."
    )
    expect(page.get_by_role("region", name="What it comes to")).to_contain_text("$25")
    page.get_by_role("button", name="Take all these seats").click()
    expect(page.get_by_text("2 seats taken.").first).to_be_visible()
    expect(page.get_by_text("Your seat", exact=True)).to_have_count(2)
    assert seats(app) == 2


@both
def test_one_is_left_out(app: Flask, cast: Cast, goal_id: int, open_as: Open, scripts: bool) -> None:
    page = open_as(cast.ana, f"/goal/{goal_id}/plan/new", scripts=scripts)
    make_plan(page)
    page.get_by_role("checkbox", name="Take it").last.uncheck()
    page.get_by_role("button", name="Take all these seats").click()
    expect(page.get_by_text("1 seat taken.").first).to_be_visible()
    assert seats(app) == 1


@both
def test_bad_wishes_stay_and_say_why(cast: Cast, goal_id: int, open_as: Open, scripts: bool) -> None:
    page = open_as(cast.ana, f"/goal/{goal_id}/plan/new", scripts=scripts)
    page.get_by_label("At most, dollars").fill("77")
    page.get_by_label("Ready by").fill("2020-01-01")
    page.get_by_role("button", name="Make the plan").click()
    expect(page.get_by_role("group", name="There is a problem")).to_contain_text("still to come")
    expect(page.get_by_label("At most, dollars")).to_have_value("77")


def test_the_pages_are_fit_for_everyone(
    cast: Cast, goal_id: int, open_as: Open, complaints_of: Complaints
) -> None:
    page = open_as(cast.ana, f"/goal/{goal_id}/plan/new")
    assert list(wrongs(page, complaints_of)) == []
    make_plan(page)
    assert list(wrongs(page, complaints_of)) == []
    desk = open_as(
        cast.ana, page.url.partition("/goal")[1] + page.url.partition("/goal")[2], size=DESK, dark=True
    )
    assert list(wrongs(desk, complaints_of)) == []
