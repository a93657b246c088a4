"""The filters of the catalog in a real browser."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from catalog import clock
from catalog.courses.models import Format
from tests import factories as make
from tests.browser.conftest import DESK, Open, Windows
from tests.browser.steps import inside

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def _sessions(app: Flask, _rows: None) -> None:
    with inside(app):
        make.offering(make.course("Attachment in Pike", areas=("TF",)), county="01109", is_evening=True)
        make.offering(make.course("Bridges online", areas=("SE",)), county=None, format=Format.VIRTUAL)
        for number in range(30):
            make.offering(
                make.course(f"Filler {number:02}"), starts=clock.now() + timedelta(days=60 + number)
            )


def count(page: Page, words: str) -> None:
    expect(page.locator("#results-count")).to_contain_text(words)


def test_ticking_keeps_the_fold_open_the_focus_and_the_counts_right(open_as: Open) -> None:
    page = open_as(None, "/", size=DESK)
    page.get_by_text("County or online").click()
    page.locator("#county-online").check()
    count(page, "1 upcoming session")
    expect(page.locator("#county-online")).to_be_focused()
    expect(page.get_by_label("County", exact=True)).to_be_visible()
    assert page.url.endswith("/?county=online")
    # The other county may still be added, so its count is not that of what is listed now.
    assert "Pike (1)" in page.locator("select#county").inner_text()
    page.get_by_label("County", exact=True).select_option("01109")
    count(page, "2 upcoming sessions")
    expect(page.locator(".chip")).to_have_count(2)


def test_typing_refreshes_once_and_is_one_step_of_history(open_as: Open) -> None:
    page = open_as(None, "/?kind=in_service", size=DESK)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/?" in request.url else None)
    page.get_by_role("searchbox").press_sequentially("zebra", delay=40)
    count(page, "0 upcoming")
    assert len(asked) == 1
    expect(page.get_by_role("searchbox")).to_be_focused()
    expect(page.locator("#status")).to_contain_text("0 upcoming sessions")
    page.get_by_role("link", name="Leave out “zebra”").click()
    count(page, "32 upcoming")
    page.go_back()
    expect(page.get_by_role("searchbox")).to_have_value("zebra")


def test_back_from_a_session_finds_the_list_as_it_was(open_as: Open) -> None:
    page = open_as(None, "/", size=DESK)
    page.get_by_text("Dates and times").click()
    page.get_by_label("In the evening").check()
    count(page, "1 upcoming")
    page.get_by_role("link", name="Attachment in Pike").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Attachment in Pike")
    page.go_back()
    count(page, "1 upcoming")
    expect(page.locator(".chip")).to_contain_text("In the evening")


def test_pages_turn_without_a_reload_and_back_again(open_as: Open) -> None:
    page = open_as(None, "/", size=DESK)
    page.get_by_role("link", name="Next").click()
    expect(page.get_by_text("Page 2 of 2")).to_be_visible()
    expect(page.get_by_role("link", name="Filler 29")).to_be_visible()
    page.go_back()
    expect(page.get_by_text("Page 1 of 2")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False])
def test_on_a_phone_the_filters_fold_into_one_control(open_as: Open, scripts: bool) -> None:
    page = open_as(None, "/?county=online&kind=in_service", scripts=scripts)
    fold = page.locator(".filter-fold > summary")
    expect(fold).to_have_text("Filters (2)")
    first = page.locator(".listing").first.bounding_box()
    assert first
    assert first["y"] < 780, "the first result begins on the first screen"
    fold.click()
    page.locator(".filters").get_by_label("Reflective practice group").check()
    if not scripts:
        page.get_by_role("button", name="Search").click()
    expect(page).to_have_url(re.compile("kind=reflective_group"))
    count(page, "1 upcoming")


def test_asking_again_before_the_answer_has_come_is_no_complaint(open_as: Open) -> None:
    page = open_as(None, "/", size=DESK)
    # Held back, so that it is asked again before the answer is there, however quick the machine is.
    page.route(re.compile(r"\?q=attach"), lambda route: None)
    with page.expect_request(re.compile(r"\?q=attach")):
        page.get_by_role("searchbox").fill("attach")
    with page.expect_console_message(lambda said: "sendAbort" in said.text):
        page.get_by_role("searchbox").fill("zebra")
    count(page, "0 upcoming")


def test_an_answer_that_never_comes_is_a_complaint(open_as: Open, windows: Windows) -> None:
    page = open_as(None, "/", size=DESK)
    page.route(re.compile(r"\?q=attach"), lambda route: route.abort())
    with page.expect_console_message(lambda said: "Failed to load" in said.text):
        page.get_by_role("searchbox").fill("attach")
    assert any(complaint.startswith("htmx:sendError") for complaint in windows.complaints)
    windows.complaints.clear()
