"""What comes out of the printer."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open

pytestmark = pytest.mark.browser


def test_the_list_is_printed_without_the_filters_over_the_whole_width(open_demo: Open) -> None:
    page = open_demo("stranger", "/", size={"width": 800, "height": 1000}, dark=True)
    page.emulate_media(media="print")
    expect(page.locator(".filters")).to_be_hidden()
    expect(page.locator(".site-nav")).to_be_hidden()
    box = page.locator(".listing").first.bounding_box()
    assert box is not None
    assert box["width"] > 600
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(255, 255, 255)"


def test_paper_too_says_that_dates_and_people_are_samples(open_demo: Open) -> None:
    page = open_demo("mira", "/rosters", size={"width": 800, "height": 1000})
    page.emulate_media(media="print")
    expect(page.get_by_text("Sample dates and people.")).to_be_visible()
