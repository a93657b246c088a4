"""Mira's whole job, with scripts and without: review, watch a session fill, mark who came, see the hours."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Locator, Page, expect

from catalog import clock
from catalog.accounts.models import Person
from catalog.courses import services as courses
from catalog.courses.models import Course, CourseState
from catalog.enrollment import services
from catalog.extensions import db
from tests import factories as make
from tests.browser.conftest import DESK, Open
from tests.browser.steps import inside, load_framework
from tests.factories import Cast

pytestmark = pytest.mark.browser
both = pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])


def own(person: Person) -> Person:
    return db.session.get_one(Person, person.id)


# Review.


def asks_for_changes(page: Page) -> None:
    page.get_by_role("link", name="Review Reading cues").click()
    page.locator("summary", has_text="Ask for changes").click()
    page.get_by_role("button", name="Ask for changes").click()
    expect(page.get_by_role("link", name=re.compile("Write down what should change"))).to_be_visible()
    page.get_by_label("What should change").fill("Say how long it is.")
    page.get_by_role("button", name="Ask for changes").click()
    expect(page.get_by_text("The trainer is told what should change.")).to_be_visible()
    expect(
        page.get_by_role("region", name="What was said").get_by_text("Say how long it is.")
    ).to_be_visible()


def publishes(page: Page) -> None:
    page.goto("/review")
    page.get_by_role("link", name="Review Reading cues").click()
    expect(page.get_by_text("It is three hours.")).to_be_visible()
    page.get_by_label(re.compile("I have also reviewed the mapping")).check()
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("Published. Everyone can find it now.")).to_be_visible()
    expect(page.get_by_text(re.compile("reviewed by Mira Sample on")).first).to_be_visible()


@both
def test_mira_asks_for_changes_and_publishes(app: Flask, cast: Cast, open_as: Open, scripts: bool) -> None:
    with inside(app):
        load_framework()
        course = make.course(
            "Reading cues", areas=("TF",), state=CourseState.DRAFT, owner_id=cast.ivo.id, summary="Cues."
        )
        courses.submit(course, course.version, by=own(cast.ivo))
    page = open_as(cast.mira, "/review", scripts=scripts)
    asks_for_changes(page)
    with inside(app):
        course = db.session.scalars(sa.select(Course)).one()
        courses.submit(course, course.version, by=own(cast.ivo), text="It is three hours.")
    publishes(page)
    page.goto("/?show=courses&q=cues")
    expect(page.get_by_role("link", name="Reading cues").first).to_be_visible()


# The roster.


def adds_zoe(page: Page, email: str) -> None:
    page.locator("summary", has_text="Add a person").click()
    page.get_by_label("Email address of the person").fill("nobody@example.org")
    page.get_by_role("button", name="Add to the session").click()
    expect(page.get_by_text("Nobody has an account with this address").first).to_be_visible()
    page.get_by_label("Email address of the person").fill(email)
    page.get_by_role("button", name="Add to the session").click()
    expect(page.get_by_text("Zoe Sample was added.")).to_be_visible()


def puts_zoe_first(page: Page) -> None:
    page.get_by_role("link", name="Change Zoe Sample").click()
    page.get_by_role("button", name="Put first in the queue").click()
    expect(page.get_by_text("Write down why").first).to_be_visible()
    page.get_by_label("Reason").first.fill("Her agency sends one person.")
    page.get_by_role("button", name="Put first in the queue").click()
    expect(page.get_by_text("Zoe Sample is next in the queue.")).to_be_visible()


def changes_the_seats(page: Page, seats: int) -> None:
    details = page.locator("details", has_text="Change the number of seats")
    if details.get_attribute("open") is None:
        details.locator("summary").click()
    page.get_by_label("Number of seats").fill(str(seats))
    page.get_by_role("button", name="Change the seats").click()


def row(page: Page, name: str) -> Locator:
    return page.get_by_role("row", name=name)


@both
def test_mira_watches_a_session_fill(app: Flask, cast: Cast, open_as: Open, scripts: bool) -> None:
    with inside(app):
        offering = make.offering(make.course("Reading cues"), seats=2, trainer_id=cast.ivo.id)
        zoe = make.person("Zoe Sample").email
        for person in (own(cast.ana), own(cast.otto), make.person("Wanda Sample")):
            services.enroll(person, offering, by=person)
    page = open_as(cast.mira, "/rosters", scripts=scripts, size=DESK)
    expect(row(page, "Reading cues")).to_contain_text("2 of 2")
    expect(row(page, "Reading cues")).to_contain_text("Waitlist: 1")
    page.get_by_role("link", name="Reading cues").click()
    expect(page.get_by_text("2 of 2 seats taken")).to_be_visible()
    adds_zoe(page, zoe)
    expect(row(page, "Zoe Sample")).to_contain_text("Waiting, place 2")
    puts_zoe_first(page)
    changes_the_seats(page, 1)
    expect(page.get_by_text("2 seats are taken or offered").first).to_be_visible()
    changes_the_seats(page, 3)
    expect(row(page, "Zoe Sample")).to_contain_text("Offered until")
    expect(row(page, "Wanda Sample")).to_contain_text("Waiting, place 1")


# Attendance.

MINUTES_OF_OTTO = "or in all, minutes, Otto Sample"


def marks(page: Page, scripts: bool) -> None:
    """Ana there, Otto for an hour and a half, and at the second meeting everyone."""
    first, second = page.get_by_role("table").all()
    who = first.get_by_role("radiogroup", name="Otto Sample")
    first.get_by_role("radiogroup", name="Ana Sample").get_by_label("Here").check()
    who.get_by_label("In part").check()
    minutes = first.get_by_label(MINUTES_OF_OTTO)
    minutes.fill("90")
    minutes.press("Tab")
    if not scripts:
        page.get_by_role("button", name="Save the sheet").click()
    expect(page.get_by_text("2 of 2 marked")).to_be_visible()
    second.get_by_role("radiogroup").first.wait_for()
    page.get_by_role("button", name="Mark everyone as here").click()
    expect(page.get_by_text("2 of 2 marked")).to_have_count(2)


def closes(page: Page) -> None:
    page.get_by_role("link", name="Check and close the roster").click()
    expect(row(page, "Otto Sample")).to_contain_text("4 h 30 min of 6 h")
    page.get_by_role("button", name="Close the roster").click()
    expect(page.get_by_text("The roster is closed and everyone's hours are there.")).to_be_visible()


@both
def test_mira_marks_who_came_and_sees_the_hours(app: Flask, cast: Cast, open_as: Open, scripts: bool) -> None:
    with inside(app):
        load_framework()
        held = clock.now() - timedelta(days=30)
        course = make.course("Reading cues", areas=("TF",), credit_rule="quarter_hour")
        offering = make.offering(course, meetings=2, starts=held, trainer_id=cast.ivo.id)
        for person in (own(cast.ana), own(cast.otto)):
            services.add(person, offering, by=own(cast.mira))
        sheet = f"/offerings/{offering.id}/attendance"
    page = open_as(cast.mira, sheet, scripts=scripts)
    marks(page, scripts)
    page.reload()
    expect(page.get_by_label(MINUTES_OF_OTTO).first).to_have_value("90")
    closes(page)
    page.goto("/people?words=otto")
    page.get_by_role("link", name="Otto Sample").click()
    expect(page.get_by_role("region", name="Hours so far")).to_contain_text("4 h 30 min")
