"""A mark that is not right, from Ana's sentence to Mira's decision, with scripts and without."""

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE, Open
from tests.browser.steps import is_wider
from tests.disputes import threads
from tests.factories import Cast

pytestmark = pytest.mark.browser


def ana_says_it_is_not_right(page: Page) -> None:
    expect(page.get_by_text("1 h of 3 h")).to_be_visible()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    page.get_by_label("What is not right").fill("I stayed to the end.")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("It is sent.")).to_be_visible()
    expect(page.get_by_text("Next: Ivo Sample")).to_be_visible()


def ivo_corrects_it_in_part(page: Page) -> None:
    page.get_by_role("link", name="Ana Sample").click()
    expect(page.get_by_text("I stayed to the end.")).to_be_visible()
    page.get_by_label("Your answer").fill("You left at half past.")
    expect(page.get_by_label("Minutes")).to_be_hidden()
    page.get_by_label("In part").check()
    page.get_by_label("Minutes").fill("200")
    page.get_by_role("button", name="Send the answer").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    expect(page.get_by_label("Your answer")).to_have_value("You left at half past.")
    page.get_by_label("Minutes").fill("150")
    page.get_by_role("button", name="Send the answer").click()
    expect(page.get_by_text("Your answer is sent.")).to_be_visible()
    expect(page.get_by_text("Mark changed")).to_be_visible()


def ana_asks_a_coordinator(page: Page) -> None:
    page.get_by_role("link", name="Course").click()
    page.locator("summary", has_text="Ask a coordinator").click()
    page.get_by_label("What the coordinator should know").fill("The others saw me.")
    page.get_by_role("button", name="Ask a coordinator").click()
    expect(page.get_by_text("A coordinator is asked.")).to_be_visible()


def mira_decides(page: Page) -> None:
    page.get_by_role("link", name="Ana Sample").click()
    page.get_by_label("Your answer").fill("They did. It is the whole meeting.")
    page.get_by_label("Here, the whole 3 h").check()
    page.get_by_role("button", name="Decide").click()
    expect(page.get_by_text("It is decided.")).to_be_visible()
    expect(page.get_by_text("Settled").first).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_a_dispute_from_the_first_sentence_to_the_decision(
    app: Flask, cast: Cast, open_as: Open, complaints_of: Callable[..., list[str]], scripts: bool
) -> None:
    scene = threads.marked(app, cast)
    steps = (
        (cast.ana, threads.url(scene), PHONE, ana_says_it_is_not_right),
        (cast.ivo, "/disputes", PHONE, ivo_corrects_it_in_part),
        (cast.ana, "/disputes", PHONE, ana_asks_a_coordinator),
        (cast.mira, "/disputes", DESK, mira_decides),
    )
    for person, path, size, step in steps:
        page = open_as(person, path, scripts=scripts, size=size)
        if scripts:
            assert complaints_of(page) == []
        step(page)
        if scripts:
            assert complaints_of(page) == []
    assert scene.saved() == {"Ana": 180}


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_its_pages_and_the_overdue_list_have_no_barrier(
    app: Flask, cast: Cast, open_as: Open, complaints_of: Callable[..., list[str]], dark: bool
) -> None:
    scene = threads.marked(app, cast)
    for person, path in (
        (cast.ana, threads.url(scene)),
        (cast.mira, "/rosters/overdue"),
        (cast.ana, "/disputes"),
    ):
        page = open_as(person, path, dark=dark)
        assert complaints_of(page) == [], path
        assert not is_wider(page), path
