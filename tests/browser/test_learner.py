"""Ana's whole job on a phone, with scripts and without: find, take a seat, wait, give it back, see it."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import expect

from catalog import clock
from catalog.accounts import passwords
from catalog.accounts.models import Person
from catalog.courses import search
from catalog.enrollment import services
from catalog.extensions import db, writing
from tests import factories as make
from tests.browser.conftest import Open
from tests.factories import Cast

pytestmark = pytest.mark.browser


@pytest.fixture
def catalog(app: Flask, cast: Cast) -> None:
    """A training with seats, a full one, and one about something else."""
    with app.app_context():
        writing.set(True)
        ivo = db.session.get_one(Person, cast.ivo.id)
        for title, seats, taken in (
            ("Attachment in the first years", 3, 0),
            ("Attachment, full", 1, 1),
            ("Law", 5, 0),
        ):
            course = make.course(title, topics=("TF.attachment",) if "Att" in title else (), owner_id=ivo.id)
            offering = make.offering(
                course,
                seats=seats,
                trainer_id=ivo.id,
                starts=clock.now() + timedelta(days=20, hours=seats),
                hours=1,
            )
            for _ in range(taken):
                person = make.person()
                services.enroll(person, offering, by=person)
            search.index(course)
        ana = db.session.get_one(Person, cast.ana.id)
        ana.password_hash = passwords.hash_of("four plain words")
        db.session.commit()


@pytest.mark.usefixtures("catalog")
@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_ana_finds_a_training_signs_in_and_takes_a_seat(cast: Cast, open_as: Open, scripts: bool) -> None:
    page = open_as(None, "/", scripts=scripts)
    page.get_by_role("searchbox").fill("attachments")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("link", name="Law")).to_have_count(0)
    page.get_by_role("link", name="Attachment in the first years").first.click()
    page.get_by_role("link", name=re.compile("Sign in to take a seat")).click()
    page.get_by_label("Email address").fill(cast.ana.email)
    page.get_by_label("Password").fill("four plain words")
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("button", name="Take a seat").click()
    expect(page.get_by_role("heading", name="You have a seat")).to_be_visible()
    page.goto("/learning")
    expect(page.get_by_role("link", name="Attachment in the first years", exact=True)).to_be_visible()


@pytest.mark.usefixtures("catalog")
@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_ana_waits_and_leaves_again(cast: Cast, open_as: Open, scripts: bool) -> None:
    page = open_as(cast.ana, "/?q=full", scripts=scripts)
    page.get_by_role("link", name="Attachment, full").first.click()
    page.get_by_role("button", name="Join the waitlist").click()
    expect(page.get_by_text("Your place: 1 of 1")).to_be_visible()
    page.get_by_role("button", name="Leave the waitlist").click()
    expect(page.get_by_role("button", name="Join the waitlist")).to_be_visible()


@pytest.mark.usefixtures("catalog")
def test_results_follow_the_typing_and_the_box_keeps_the_cursor(open_as: Open) -> None:
    page = open_as(None, "/")
    expect(page.get_by_role("link", name="Law").first).to_be_visible()
    page.get_by_role("searchbox").click()
    page.keyboard.type("attach", delay=20)
    expect(page.get_by_role("link", name="Law")).to_have_count(0)
    expect(page.get_by_role("searchbox")).to_be_focused()
    expect(page.locator("#status")).not_to_be_empty()
    assert "q=attach" in page.url
    page.reload()
    expect(page.get_by_role("link", name="Law")).to_have_count(0)


@pytest.mark.usefixtures("catalog")
def test_everything_works_where_the_cdn_is_blocked(cast: Cast, open_as: Open) -> None:
    page = open_as(cast.ana, "/", cdn=False)
    page.get_by_role("searchbox").fill("attachment")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Attachment in the first years").first.click()
    page.get_by_role("button", name="Take a seat").click()
    expect(page.get_by_role("heading", name="You have a seat")).to_be_visible()


@pytest.mark.usefixtures("catalog")
def test_the_keyboard_alone_is_enough(cast: Cast, open_as: Open) -> None:
    page = open_as(cast.ana, "/?q=first+years")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.get_by_role("link", name="Attachment in the first years").first.focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Take a seat").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="You have a seat")).to_be_visible()
