"""The catalog with the demo at its first glance; `make pictures` keeps what the README shows."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.conftest import DESK, PHONE, Open

pytestmark = pytest.mark.browser

DOCS = Path(__file__).parents[2] / "docs"
LARGEST = 150_000
TALLEST = 760


def keep(page: Page, name: str) -> None:
    """A picture for the README, where one was asked for; small, because everybody who clones gets it."""
    if os.environ.get("PICTURES"):
        DOCS.mkdir(exist_ok=True)
        width = page.evaluate("innerWidth")
        page.screenshot(path=DOCS / name, clip={"x": 0, "y": 0, "width": width, "height": TALLEST})
    assert (DOCS / name).stat().st_size < LARGEST, f"{name} is too large; `make pictures` makes it again"


@pytest.mark.parametrize(
    ("size", "name"), [(PHONE, "catalog-360.png"), (DESK, "catalog-1280.png")], ids=["phone", "desk"]
)
def test_the_first_result_and_its_action_are_seen_without_scrolling(
    open_demo: Open, size: ViewportSize, name: str
) -> None:
    page = open_demo("stranger", "/", size=size)
    first = page.locator(".listing").first
    expect(first.get_by_role("heading")).to_be_in_viewport(ratio=1)
    expect(first.locator(".button")).to_be_in_viewport(ratio=1)
    expect(page.get_by_text("Sample dates and people.")).to_be_in_viewport()
    assert page.evaluate("scrollY") == 0
    keep(page, name)


def test_a_session_shows_its_one_action_at_once_on_a_phone(open_demo: Open) -> None:
    page = open_demo("ana", "/?seats=1")
    page.locator(".listing h2 a").first.click()
    expect(page.locator("#join .button.main")).to_be_in_viewport(ratio=1)
    expect(page.locator("main .button.main")).to_have_count(1)
