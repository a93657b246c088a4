"""Ivo's whole job, with scripts and without: write a course, answer the review, post a session, see it fill."""

import re
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Page, expect

from catalog import clock
from catalog.accounts.models import Person
from catalog.courses import services
from catalog.courses.models import Course
from catalog.enrollment import services as enrollment
from catalog.extensions import db
from tests.browser.conftest import DESK, Open
from tests.browser.steps import inside, load_framework
from tests.factories import Cast

pytestmark = pytest.mark.browser
TITLE = "Attachment at home"
TOPIC = "Attachment, separation, trauma, grief & loss"


def writes_a_draft(page: Page) -> None:
    page.get_by_role("link", name="New course").first.click()
    page.get_by_label("Title").fill(TITLE)
    page.get_by_label("What people learn or do").fill("How a home visitor reads and supports attachment.")
    page.get_by_label("Length", exact=True).fill("12 h")
    page.get_by_label("Price", exact=True).fill("25")
    page.get_by_role("button", name="Save and go on").click()
    expect(page.get_by_text("Saved as a draft")).to_be_visible()


def says_what_it_covers(page: Page) -> None:
    area = page.locator("details", has=page.get_by_text("Theoretical Foundations"))
    topic, minutes = area.get_by_label(TOPIC), area.get_by_label("Of the course, this area has")
    area.locator("summary").click()
    topic.check()
    minutes.fill("13")
    page.get_by_label("Didactic training about providing RSC").check()
    page.get_by_role("button", name="Save what it covers").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    expect(topic).to_be_checked()
    expect(minutes).to_have_value("13")
    minutes.fill("8")
    page.get_by_role("button", name="Save what it covers").click()
    expect(page.get_by_text("The mapping is saved.")).to_be_visible()


def sends(page: Page, button: str, answer: str = "") -> None:
    page.get_by_label("Answer or remark for the coordinator").fill(answer)
    page.get_by_role("button", name=button).click()
    expect(page.get_by_text("Sent for review. A coordinator reads it next.")).to_be_visible()


def mira_decides(app: Flask, cast: Cast, reason: str = "") -> None:
    """Her own screens are in test_coordinator.py."""
    with inside(app):
        mira = db.session.get_one(Person, cast.mira.id)
        course = db.session.scalars(sa.select(Course).where(Course.title == TITLE)).one()
        if reason:
            services.ask_changes(course, course.version, by=mira, reason=reason)
        else:
            services.publish(course, course.version, by=mira)


def makes_the_changes(page: Page) -> None:
    page.goto("/teaching")
    needs = page.get_by_role("region", name="What needs you")
    expect(needs.get_by_text(re.compile("Mira Sample asks you to change"))).to_be_visible()
    asked = page.get_by_role("region", name="Drafts and reviews")
    expect(asked.get_by_text("Say who it is for.")).to_be_visible()
    asked.get_by_role("link", name="Edit").click()
    expect(page.get_by_role("heading", name=re.compile("Changes asked by Mira Sample"))).to_be_visible()
    page.get_by_label("Audience").fill("Home visitors")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Home visitors")).to_be_visible()


def fills_in_the_dates(page: Page, first: date) -> None:
    page.get_by_text("Several meetings? Let the dates be filled in").click()
    page.get_by_label("How often").select_option(label="every second")
    page.get_by_label("First date").fill(first.isoformat())
    series = page.locator("details", has=page.get_by_label("First date"))
    series.get_by_label("From").fill("09:00")
    series.get_by_label("To", exact=True).fill("11:00")
    series.get_by_label("How many meetings").fill("6")
    page.get_by_role("button", name="Show the dates").click()
    expect(page.get_by_text(re.compile("Every second Tuesday, 9:00 am to 11:00 am, 6 times"))).to_be_visible()
    for number in range(6):
        expect(page.get_by_label("Date", exact=True).nth(number)).to_have_value(
            (first + timedelta(weeks=2 * number)).isoformat()
        )


def posts_the_session(page: Page, first: date) -> None:
    page.goto("/teaching")
    page.get_by_role("link", name=f"Post a session of {TITLE}").click()
    fills_in_the_dates(page, first)
    page.get_by_label("Format").select_option(label="In person")
    page.get_by_label("Place", exact=True).fill("Sample hall, 1 Sample Street")
    page.get_by_label("County").select_option(label="Montgomery")
    page.get_by_label("Seats").fill("8")
    page.get_by_role("button", name="Post a session").click()
    expect(page.get_by_text("Posted.")).to_be_visible()


def sees_it_fill(app: Flask, cast: Cast, page: Page) -> None:
    page.goto("/")
    expect(page.get_by_text("8 seats left")).to_be_visible()
    with inside(app):
        ana = db.session.get_one(Person, cast.ana.id)
        course = db.session.scalars(sa.select(Course).where(Course.title == TITLE)).one()
        enrollment.enroll(ana, course.offerings[0], by=ana)
    page.goto("/teaching")
    expect(page.get_by_text("1 of 8 seats taken")).to_be_visible()
    page.get_by_role("link", name=f"Roster of {TITLE}").click()
    expect(page.get_by_role("link", name="Ana Sample").first).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_ivo_writes_a_course_answers_the_review_and_posts_a_session(
    app: Flask, cast: Cast, open_as: Open, scripts: bool
) -> None:
    with inside(app):
        load_framework()
    today = clock.now().date()
    tuesday = today + timedelta(days=14 + (1 - today.weekday()) % 7)
    page = open_as(cast.ivo, "/teaching", scripts=scripts, size=DESK)
    writes_a_draft(page)
    says_what_it_covers(page)
    sends(page, "Send for review")
    mira_decides(app, cast, "Say who it is for.")
    makes_the_changes(page)
    sends(page, "Send again", "It is for home visitors now.")
    mira_decides(app, cast)
    posts_the_session(page, tuesday)
    sees_it_fill(app, cast, page)
