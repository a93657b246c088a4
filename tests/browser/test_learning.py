"""What Ana sees afterwards: her hours with how they are known, and the offer of a seat."""

from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import expect

from catalog import clock
from catalog.accounts.models import Person
from catalog.attendance import queries as sheets
from catalog.attendance import services as attendance
from catalog.attendance.sheet import Cell
from catalog.enrollment import services
from catalog.extensions import db
from tests import factories as make
from tests.browser.conftest import Open
from tests.browser.steps import inside, load_framework
from tests.factories import Cast

pytestmark = pytest.mark.browser
both = pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])


@both
def test_ana_sees_her_hours_and_how_they_are_known(
    app: Flask, cast: Cast, open_as: Open, scripts: bool
) -> None:
    with inside(app):
        load_framework()
        ana, ivo = (db.session.get_one(Person, person.id) for person in (cast.ana, cast.ivo))
        held = clock.now() - timedelta(days=9)
        offering = make.offering(make.course("Reading cues", areas=("TF", "REF")), starts=held)
        enrollment = services.add(ana, offering, by=ivo)
        cells = sheets.sheet(offering, clock.now()).cells
        attendance.mark(offering, [Cell(cell.meeting, enrollment, 180) for cell in cells], by=ivo)
        attendance.close(offering, by=ivo)
    page = open_as(cast.ana, "/learning", scripts=scripts)
    hours = page.get_by_role("region", name="Hours so far")
    expect(hours.get_by_role("listitem").filter(has_text="Training hours")).to_contain_text("3 h")
    expect(hours).to_contain_text("Attendance verified")
    expect(hours.get_by_role("row", name="Theoretical Foundations")).to_contain_text("3 h")
    expect(page.get_by_role("region", name="Past").get_by_role("row", name="Reading cues")).to_contain_text(
        "3 h"
    )


@pytest.fixture
def offered(app: Flask, cast: Cast) -> None:
    """Otto had the only seat and gave it back; it is kept for Ana."""
    with inside(app):
        ana, otto = (db.session.get_one(Person, person.id) for person in (cast.ana, cast.otto))
        offering = make.offering(make.course("Reading cues"), seats=1)
        taken = services.enroll(otto, offering, by=otto)
        services.enroll(ana, offering, by=ana)
        services.withdraw(taken, by=otto)


@both
@pytest.mark.usefixtures("offered")
def test_ana_takes_the_seat_that_is_kept_for_her(cast: Cast, open_as: Open, scripts: bool) -> None:
    page = open_as(cast.ana, "/learning", scripts=scripts)
    kept = page.get_by_role("region", name="A seat is kept for you")
    expect(kept).to_contain_text("Decide before")
    kept.get_by_role("button", name="Take the seat").click()
    expect(page.get_by_text("The seat is yours.")).to_be_visible()
    expect(
        page.get_by_role("region", name="Coming").get_by_role("link", name="Reading cues", exact=True)
    ).to_be_visible()
    expect(kept).to_have_count(0)


@both
@pytest.mark.usefixtures("offered")
def test_ana_gives_the_seat_to_the_next_person(cast: Cast, open_as: Open, scripts: bool) -> None:
    page = open_as(cast.ana, "/learning", scripts=scripts)
    page.get_by_role("region", name="A seat is kept for you").get_by_role("link", name="Reading cues").click()
    page.get_by_role("button", name="Give it to the next person").click()
    expect(page.get_by_text("Thank you. The next person is asked now.")).to_be_visible()
    expect(page.get_by_role("button", name="Take a seat")).to_be_visible()


@both
def test_ana_sees_her_mark_the_same_day_and_can_say_that_it_is_not_right(
    app: Flask, cast: Cast, open_as: Open, scripts: bool
) -> None:
    with inside(app):
        ana, ivo = (db.session.get_one(Person, person.id) for person in (cast.ana, cast.ivo))
        begun = clock.now() - timedelta(hours=1)
        course = make.course("Reading cues", areas=("TF",))
        offering = make.offering(course, starts=begun, trainer_id=ivo.id)
        enrollment = services.add(ana, offering, by=ivo)
        attendance.mark(offering, [Cell(offering.meetings[0], enrollment, 0)], by=ivo)
    page = open_as(cast.ana, "/learning", scripts=scripts)
    coming = page.get_by_role("region", name="Coming")
    expect(coming).to_contain_text("Absent · roll call")
    coming.get_by_role("link", name="That is not right").click()
    page.get_by_label("What is not right").fill("I came in by the back door.")
    page.get_by_role("button", name="Send").click()
    page.goto("/learning")
    page.get_by_role("link", name="You asked about this").click()
    expect(page.get_by_text("I came in by the back door.")).to_be_visible()
