"""A trainer at the door with one phone and a bad line takes thirty people in."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Locator, Page, expect

from catalog import clock
from catalog.accounts.models import Person
from catalog.attendance import services
from catalog.attendance.models import Mark, Recording
from catalog.courses.models import Offering
from catalog.enrollment.models import Enrollment
from catalog.extensions import db
from tests import factories as make
from tests.attendance import sheets
from tests.browser.conftest import DESK, Open, Windows
from tests.browser.steps import inside, is_wider
from tests.factories import Cast

pytestmark = pytest.mark.browser
PEOPLE = 30
NAMES = [f"Guest{number:02} Sample" for number in range(1, PEOPLE + 1)]


@pytest.fixture
def door(app: Flask, cast: Cast) -> str:
    """Ivo's session begins in half an hour; the address of its sheet."""
    with inside(app):
        ivo = db.session.get_one(Person, cast.ivo.id)
        starts = clock.now() + timedelta(minutes=30)
        offering = make.offering(seats=PEOPLE, starts=starts, trainer_id=ivo.id)
        sheets.seat(offering, *NAMES, by=ivo)
        return f"/offerings/{offering.id}/attendance"


@pytest.fixture
def down(windows: Windows) -> Iterator[None]:
    """Chromium also logs that the line is down, which is what these tests are about."""
    yield
    lines = ("ERR_INTERNET_DISCONNECTED", "ERR_FAILED", "status of 401", "status of 400")
    windows.complaints[:] = [said for said in windows.complaints if not any(line in said for line in lines)]


def row(page: Page, name: str) -> Locator:
    return page.locator(".attendance tbody tr").filter(has_text=name)


def cookies_of(page: Page) -> Any:
    """As they can be added to another window."""
    return page.context.cookies()


def tap(page: Page, name: str, words: str) -> None:
    row(page, name).get_by_label(words, exact=True).click()


def recorded(app: Flask, *columns: Any) -> list[Any]:
    """Columns of every recording, in the order in which they were seen."""
    with inside(app):
        found = (
            sa.select(*columns)
            .select_from(Recording)
            .join(Enrollment, Enrollment.id == Recording.enrollment_id)
        )
        return list(
            db.session.execute(found.join(Enrollment.person).order_by(Recording.said_at, Recording.id))
        )


def marked(app: Flask) -> dict[str, int]:
    with inside(app):
        found = (
            sa.select(Person.name, Mark.minutes)
            .select_from(Mark)
            .join(Mark.enrollment)
            .join(Enrollment.person)
        )
        return {str(row.name): int(row.minutes) for row in db.session.execute(found)}


@pytest.mark.usefixtures("down")
@pytest.mark.parametrize("cdn", [True, False], ids=["with htmx", "without"])
def test_thirty_people_are_taken_in_over_a_bad_line(
    app: Flask, cast: Cast, open_as: Open, door: str, cdn: bool
) -> None:
    phone = open_as(cast.ivo, door, cdn=cdn)
    for name in NAMES[:10]:
        tap(phone, name, "Here")
    expect(phone.get_by_text("10 of 30 marked")).to_be_visible()
    phone.context.set_offline(True)
    tap(phone, NAMES[10], "Absent")
    for name in NAMES[10:29]:
        tap(phone, name, "Here")
    tap(phone, NAMES[29], "In part")
    row(phone, NAMES[29]).get_by_label("Minutes late").fill("20")
    phone.keyboard.press("Enter")
    expect(phone.get_by_text("20 taps not sent yet.")).to_be_visible()
    expect(row(phone, NAMES[10]).get_by_text("Not sent yet")).to_be_visible()
    laptop = open_as(cast.mira, door, size=DESK)
    tap(laptop, NAMES[19], "Absent")
    expect(laptop.get_by_text("11 of 30 marked")).to_be_visible()
    phone.context.set_offline(False)
    expect(phone.get_by_text("30 of 30 marked")).to_be_visible()
    expect(phone.get_by_text("not sent yet")).to_be_hidden()
    expect(row(phone, NAMES[19]).get_by_text("Absent · roll call")).to_be_visible()
    assert marked(app) == dict.fromkeys(NAMES, 180) | {NAMES[19]: 0, NAMES[29]: 160}
    by_ivo = [name for name, by in recorded(app, Person.name, Recording.by_id) if by == cast.ivo.id]
    assert by_ivo == NAMES
    both = [
        one
        for one in recorded(app, Person.name, Recording.minutes, Recording.was_taken)
        if one[0] == NAMES[19]
    ]
    assert both == [(NAMES[19], 180, False), (NAMES[19], 0, True)]


@pytest.mark.usefixtures("down")
def test_taps_that_were_not_sent_are_still_there_after_a_reload(
    app: Flask, cast: Cast, open_as: Open, door: str
) -> None:
    page = open_as(cast.ivo, door)
    page.route("**/marks/*", lambda route: route.abort())
    tap(page, NAMES[0], "Absent")
    expect(page.get_by_text("1 tap not sent yet.")).to_be_visible()
    page.reload()
    expect(page.get_by_text("1 tap not sent yet.")).to_be_visible()
    expect(row(page, NAMES[0]).get_by_label("Absent")).to_be_checked()
    assert marked(app) == {}
    page.unroute("**/marks/*")
    expect(page.get_by_text("1 of 30 marked")).to_be_visible()
    assert marked(app) == {NAMES[0]: 0}


@pytest.mark.usefixtures("down")
def test_a_server_in_trouble_and_somebody_elses_page_are_no_answer(
    app: Flask, cast: Cast, open_as: Open, door: str
) -> None:
    """The wireless network of a hotel answers everything with a page of its own."""
    page = open_as(cast.ivo, door)
    page.route("**/marks/*", lambda route: route.fulfill(status=200, body="<h1>Accept our terms</h1>"))
    tap(page, NAMES[0], "Here")
    expect(page.get_by_text("1 tap not sent yet.")).to_be_visible()
    page.unroute("**/marks/*")
    expect(page.get_by_text("1 of 30 marked")).to_be_visible()
    assert marked(app) == {NAMES[0]: 180}


@pytest.mark.usefixtures("down")
def test_whoever_was_signed_out_signs_in_again_and_nobody_else_sends_their_taps(
    app: Flask, cast: Cast, open_as: Open, door: str
) -> None:
    page = open_as(cast.ivo, door)
    ivo = cookies_of(page)
    page.context.clear_cookies()
    tap(page, NAMES[0], "Here")
    expect(page.get_by_role("link", name="Sign in again to send them")).to_be_visible()
    mira = cookies_of(open_as(cast.mira, door))
    page.context.add_cookies(mira)
    page.reload()
    expect(page.get_by_role("heading", name=re.compile("Attendance"))).to_be_visible()
    expect(page.get_by_text("not sent yet")).to_be_hidden()
    assert marked(app) == {}
    page.context.clear_cookies()
    page.context.add_cookies(ivo)
    page.reload()
    expect(page.get_by_text("1 of 30 marked")).to_be_visible()
    assert recorded(app, Person.name, Recording.by_id) == [(NAMES[0], cast.ivo.id)]


@pytest.mark.usefixtures("down")
def test_the_whole_sheet_waits_for_taps_that_were_not_sent(
    app: Flask, cast: Cast, open_as: Open, door: str
) -> None:
    page = open_as(cast.ivo, door)
    page.context.set_offline(True)
    tap(page, NAMES[0], "Absent")
    page.get_by_role("button", name="Mark everyone as here").click()
    expect(page.get_by_text("1 tap not sent yet.")).to_be_visible()
    expect(page.locator("#unsent")).to_be_focused()
    page.context.set_offline(False)
    page.get_by_role("button", name="Mark everyone").click()
    expect(page.get_by_text("30 of 30 marked")).to_be_visible()
    assert marked(app) == dict.fromkeys(NAMES, 180) | {NAMES[0]: 0}


@pytest.mark.usefixtures("down")
def test_a_tap_that_comes_after_the_roster_was_closed_is_refused_aloud(
    app: Flask, cast: Cast, open_as: Open
) -> None:
    with inside(app):
        ivo = db.session.get_one(Person, cast.ivo.id)
        offering = sheets.held(trainer_id=ivo.id)
        sheets.seat(offering, NAMES[0], by=ivo)
        offering_id = offering.id
    page = open_as(cast.ivo, f"/offerings/{offering_id}/attendance")
    page.route("**/marks/*", lambda route: route.abort())
    tap(page, NAMES[0], "Absent")
    expect(page.get_by_text("1 tap not sent yet.")).to_be_visible()
    with inside(app):
        held = db.session.get_one(Offering, offering_id)
        sheets.mark_all(held, by=db.session.get_one(Person, cast.ivo.id))
        services.close(held, by=db.session.get_one(Person, cast.ivo.id))
    page.unroute("**/marks/*")
    page.reload()
    expect(page.get_by_text("A tap was refused. This roster is closed.")).to_be_visible()
    expect(page.get_by_text("not sent yet")).to_be_hidden()
    assert marked(app) == {NAMES[0]: 180}


def test_a_refused_tap_says_why_in_its_cell(app: Flask, cast: Cast, open_as: Open, door: str) -> None:
    page = open_as(cast.ivo, door)
    tap(page, NAMES[0], "In part")
    late = row(page, NAMES[0]).get_by_label("Minutes late")
    late.fill("200")
    late.press("Tab")
    expect(
        row(page, NAMES[0]).get_by_text("This meeting has 180 minutes; type no more than that.")
    ).to_be_visible()
    expect(late).to_have_value("200")
    expect(late).to_be_focused()
    late.fill("15")
    late.press("Enter")
    expect(row(page, NAMES[0]).get_by_text("2 h 45 min of 3 h, came")).to_be_visible()
    assert marked(app) == {NAMES[0]: 165}


def test_the_keyboard_takes_people_in(app: Flask, cast: Cast, open_as: Open, door: str) -> None:
    page = open_as(cast.ivo, door, size=DESK)
    row(page, NAMES[0]).get_by_label("Here").focus()
    for number in range(5):
        page.keyboard.press("Space")
        expect(page.get_by_text(f"{number + 1} of 30 marked")).to_be_visible()
        page.keyboard.press("ArrowDown")
        expect(row(page, NAMES[number + 1]).get_by_label("Here")).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("30")
    page.keyboard.press("Enter")
    expect(row(page, NAMES[5]).get_by_text("2 h 30 min of 3 h, left")).to_be_visible()
    expect(row(page, NAMES[5]).get_by_label("Left early")).to_be_focused()
    assert marked(app) == dict.fromkeys(NAMES[:5], 180) | {NAMES[5]: 150}


@pytest.mark.usefixtures("down")
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_sheet_with_taps_that_wait_is_accessible(
    cast: Cast, open_as: Open, door: str, complaints_of: Callable[..., list[str]], dark: bool
) -> None:
    page = open_as(cast.ivo, door, dark=dark)
    tap(page, NAMES[0], "Here")
    expect(page.get_by_text("1 of 30 marked")).to_be_visible()
    page.context.set_offline(True)
    tap(page, NAMES[1], "Absent")
    tap(page, NAMES[2], "In part")
    expect(page.get_by_text("1 tap not sent yet.")).to_be_visible()
    assert complaints_of(page) == []
    assert not is_wider(page)


def test_without_scripts_the_sheet_is_one_form(app: Flask, cast: Cast, open_as: Open, door: str) -> None:
    page = open_as(cast.ivo, door, scripts=False)
    tap(page, NAMES[0], "Absent")
    tap(page, NAMES[1], "In part")
    row(page, NAMES[1]).get_by_label("Minutes late").fill("10")
    row(page, NAMES[1]).get_by_label("Left early").fill("20")
    page.get_by_role("button", name="Mark everyone as here").click()
    expect(page.get_by_text("30 of 30 marked")).to_be_visible()
    assert marked(app) == dict.fromkeys(NAMES, 180) | {NAMES[0]: 0, NAMES[1]: 150}


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_a_paper_sheet_is_typed_in_on_one_screen(
    app: Flask, cast: Cast, open_as: Open, door: str, complaints_of: Callable[..., list[str]], scripts: bool
) -> None:
    page = open_as(cast.ivo, door, scripts=scripts)
    page.get_by_text("More ways to take attendance").click()
    page.get_by_role("link", name="Type in the paper sheet").click()
    for name in NAMES[:28]:
        page.get_by_label(f"Signed, {name}").check()
    page.get_by_label(f"Time in, {NAMES[0]}").fill("soon")
    page.get_by_label("Whoever did not sign, and is not marked yet, was absent").check()
    page.get_by_role("button", name="Save the paper sheet").click()
    expect(page.get_by_text("Nothing was saved.")).to_be_visible()
    expect(page.get_by_label(f"Time in, {NAMES[0]}")).to_have_value("soon")
    if scripts:
        assert complaints_of(page) == []
        assert not is_wider(page)
    page.get_by_label(f"Time in, {NAMES[0]}").fill("")
    page.get_by_role("button", name="Save the paper sheet").click()
    expect(page.get_by_text("30 people were marked from the paper sheet.")).to_be_visible()
    assert marked(app) == dict.fromkeys(NAMES[:28], 180) | dict.fromkeys(NAMES[28:], 0)
