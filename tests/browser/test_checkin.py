"""The code is read from the screen as a telephone reads it, and leads to one button."""

import io
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
import zxingcpp
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from playwright.sync_api import Page, expect

from catalog import clock
from catalog.attendance.models import Mark, Method
from catalog.checkin import codes
from catalog.extensions import db
from tests import factories as make
from tests.accounts import mails
from tests.attendance.sheets import inside
from tests.browser.conftest import DESK, PHONE, Open
from tests.browser.steps import is_wider
from tests.checkin.doors import Scene, scene
from tests.factories import Cast

pytestmark = pytest.mark.browser


@pytest.fixture
def room(app: Flask, cast: Cast) -> Scene:
    """Ivo's session began twenty minutes ago; Ana has a seat, Otto has none, and the door is open."""
    return scene(app, cast, starts=clock.now() - timedelta(minutes=20))


def photograph(page: Page) -> str:
    """What a telephone reads from the screen."""
    found = zxingcpp.read_barcodes(Image.open(io.BytesIO(page.screenshot())))
    assert [code.format for code in found] == [zxingcpp.BarcodeFormat.QRCode]
    return found[0].text


def path_of(url: str, server: str) -> str:
    assert url.startswith(f"{server}/in/")
    return urlsplit(url).path


def marks(room: Scene) -> list[Mark]:
    with inside(room.app):
        return list(db.session.scalars(sa.select(Mark)))


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_code_on_the_screen_checks_in(
    room: Scene, open_as: Open, server: str, scripts: bool, dark: bool
) -> None:
    screen = open_as(room.cast.ivo, room.door_url, size=DESK, dark=dark, scripts=scripts)
    ana = open_as(room.cast.ana, path_of(photograph(screen), server), scripts=scripts, dark=dark)
    ana.get_by_role("button", name="Check in").click()
    expect(ana.get_by_role("heading", name="You are checked in")).to_be_visible()
    assert [(mark.method, mark.minutes) for mark in marks(room)] == [(Method.CODE, 159)]


def test_the_screen_follows_by_itself(room: Scene, open_as: Open, server: str) -> None:
    screen = open_as(room.cast.ivo, room.door_url, size=DESK)
    expect(screen.get_by_text("0 of 1 are here")).to_be_visible()
    ana = open_as(room.cast.ana, path_of(photograph(screen), server))
    ana.get_by_role("button", name="Check in").click()
    expect(screen.get_by_text("1 of 1 are here")).to_be_visible()
    with inside(room.app):
        room.door().is_open = False
    expect(screen.get_by_text("The door is closed.")).to_be_visible()


def test_an_old_photograph_leads_nowhere(
    room: Scene, open_as: Open, server: str, client: FlaskClient
) -> None:
    old = path_of(photograph(open_as(room.cast.ivo, room.door_url, size=DESK)), server)
    with clock.at(clock.now() + timedelta(seconds=61)):
        assert client.get(old).status_code == 410
    with inside(room.app):
        minute_ago = clock.now() - timedelta(seconds=61)
        earlier = codes.drawn(room.door().secret, room.meeting_id, minute_ago)
    ana = open_as(room.cast.ana, "/")
    answer = ana.request.get(f"{server}/in/{earlier}")
    assert answer.status == 410
    assert "This code is not valid any more." in answer.text()


def test_the_spoken_code_is_typed(room: Scene, open_as: Open) -> None:
    said = open_as(room.cast.ivo, room.door_url, size=DESK).locator(".code").inner_text()
    ana = open_as(room.cast.ana, "/check-in")
    ana.get_by_label("Code").fill("WRONG 1")
    ana.get_by_role("button", name="Go on").click()
    expect(ana.locator("#error-summary")).to_be_focused()
    expect(ana.get_by_text("This code is not valid any more.")).to_be_visible()
    ana.get_by_label("Code").fill(said.lower())
    ana.get_by_role("button", name="Go on").click()
    ana.get_by_role("button", name="Check in").click()
    expect(ana.get_by_role("heading", name="You are checked in")).to_be_visible()
    assert marks(room)[0].method == Method.SPOKEN


def test_the_code_on_paper_checks_in(room: Scene, open_as: Open, server: str) -> None:
    screen = open_as(room.cast.ivo, f"{room.door_url}/settings", size=DESK)
    screen.get_by_label("Make a code for paper as well").check()
    screen.get_by_role("button", name="Save and show the codes").click()
    screen.get_by_role("link", name="Settings, or close the door").click()
    screen.get_by_role("link", name="Code for paper").click()
    screen.emulate_media(media="print")
    expect(screen.get_by_text("Print this page")).not_to_be_visible()
    ana = open_as(room.cast.ana, path_of(photograph(screen), server))
    ana.get_by_role("button", name="Check in").click()
    expect(ana.get_by_role("heading", name="You are checked in")).to_be_visible()
    assert marks(room)[0].method == Method.PRINTED


def test_leaving_makes_the_minutes_known(room: Scene, open_as: Open, server: str) -> None:
    room.change(checks_out=True)
    screen = open_as(room.cast.ivo, room.door_url, size=DESK)
    ana = open_as(room.cast.ana, path_of(photograph(screen), server))
    ana.get_by_role("button", name="Check in").click()
    expect(ana.get_by_text("Scan the code on the screen again when you leave")).to_be_visible()
    with inside(room.app):
        mark = db.session.scalars(sa.select(Mark)).one()
        mark.came_at = room.meeting().starts_at
    ana.goto(path_of(photograph(screen), server))
    ana.get_by_role("button", name="Check out").click()
    expect(ana.get_by_role("heading", name="You are checked out")).to_be_visible()
    assert [(mark.minutes, mark.is_open) for mark in marks(room)] == [(20, False)]


def test_somebody_who_walks_in_takes_a_seat(room: Scene, open_as: Open, server: str) -> None:
    screen = open_as(room.cast.ivo, room.door_url, size=DESK)
    otto = open_as(room.cast.otto, path_of(photograph(screen), server))
    expect(
        otto.get_by_text("You are not on the roster of this session. Speak to Ivo Sample.")
    ).to_be_visible()
    room.change(allows_walk_ins=True)
    otto.goto(path_of(photograph(screen), server))
    otto.get_by_role("button", name="Take a seat and check in").click()
    expect(otto.get_by_role("heading", name="You are checked in")).to_be_visible()


def test_whoever_is_not_signed_in_is_led_back_to_the_button(
    app: Flask, room: Scene, open_as: Open, server: str
) -> None:
    room.change(allows_walk_ins=True)
    screen = open_as(room.cast.ivo, room.door_url, size=DESK)
    nia = open_as(None, path_of(photograph(screen), server))
    nia.get_by_role("link", name="Make an account").click()
    nia.get_by_label("Email address").fill("nia@example.org")
    nia.get_by_role("button", name="Send me the link").click()
    expect(nia.get_by_role("heading", name="Look in your mail")).to_be_visible()
    nia.goto(server + mails.link(app, "sign_up"))
    nia.get_by_label("Your name").fill("Nia Sample")
    nia.get_by_label("New password").fill("four plain words here")
    nia.get_by_role("button", name="Open my account").click()
    nia.get_by_role("button", name="Take a seat and check in").click()
    expect(nia.get_by_role("heading", name="You are checked in")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
def test_the_trainer_finds_somebody_and_takes_them_in(room: Scene, open_as: Open, scripts: bool) -> None:
    ivo = open_as(room.cast.ivo, f"/offerings/{room.offering_id}/walk-ins", scripts=scripts)
    ivo.get_by_label("Name or email address").press_sequentially("otto")
    if not scripts:
        ivo.get_by_role("button", name="Look for them").click()
    row = ivo.get_by_role("row", name="Otto Sample")
    row.get_by_role("button", name="Add and mark as here").click()
    expect(ivo.get_by_text("Otto Sample has a seat and is marked as here.")).to_be_visible()
    assert [mark.minutes for mark in marks(room)] == [180]


def test_somebody_new_is_written_down(room: Scene, open_as: Open) -> None:
    ivo = open_as(room.cast.ivo, f"/offerings/{room.offering_id}/walk-ins")
    ivo.get_by_label("Name or email address").press_sequentially("Nia Sample")
    expect(ivo.get_by_label("Name", exact=True)).to_have_value("Nia Sample")
    ivo.get_by_label("Email address", exact=True).fill("nia@example.org")
    ivo.get_by_role("button", name="Add and mark as here").click()
    expect(ivo.get_by_text("A letter is on its way to them.")).to_be_visible()


def test_the_pages_fit_and_have_no_faults(
    room: Scene, open_as: Open, server: str, complaints_of: Callable[..., list[str]]
) -> None:
    room.change(prints=True, checks_out=True)
    with inside(room.app):
        make.person("Another Otto Sample", county="01101")
    mine = [room.door_url, f"{room.door_url}/settings", f"{room.door_url}/printed"]
    mine += [f"/offerings/{room.offering_id}/walk-ins?q=otto"]
    for size in (PHONE, DESK):
        for dark in (False, True):
            page = open_as(room.cast.ivo, mine[0], size=size, dark=dark)
            for path in mine:
                page.goto(path)
                assert complaints_of(page) == [], path
                assert not is_wider(page), path
            page = open_as(room.cast.ana, "/check-in", size=size, dark=dark)
            assert complaints_of(page) == []
            page.goto(room.drawn())
            assert complaints_of(page) == []
            assert not is_wider(page)
