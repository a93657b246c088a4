"""Saying what one thinks of a session: by thumb, by keyboard, without scripts; and reading the results."""

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from catalog.courses.models import Asking
from catalog.evaluation.services import Answers
from tests.browser.conftest import DESK, Open
from tests.browser.test_access import wrongs
from tests.evaluation.pages import Scene
from tests.evaluation.pages import scene as make_scene
from tests.factories import Cast

pytestmark = pytest.mark.browser
Complaints = Callable[..., list[str]]


@pytest.fixture
def scene(app: Flask, cast: Cast) -> Scene:
    return make_scene(app, cast, Asking.BEFORE_CERTIFICATE)


def send(page: Page) -> None:
    page.get_by_role("button", name="Send my answers").click()


@pytest.mark.parametrize("scripts", [True, False])
def test_ana_answers_by_thumb(scene: Scene, open_as: Open, scripts: bool) -> None:
    page = open_as(scene.cast.ana, scene.url, scripts=scripts)
    use = page.get_by_role("group", name="I can use what I learned in my work.")
    use.locator("label", has_text="5").click()
    pace = page.get_by_role("group", name="The pace and the way it was taught suited me.")
    pace.locator("label", has_text="1").click()
    pace.locator("label", has_text="Skip").click()
    page.get_by_role("group", name="name one person to call").locator("label", has_text="3").click()
    page.get_by_label("What helped you most?").fill("The films.")
    send(page)
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    (saved,) = scene.saved()
    assert (saved.scales, saved.objectives) == ({"use": 5}, {"name one person to call": 3})
    assert saved.helped == "The films."


def test_ana_answers_by_keyboard(scene: Scene, open_as: Open) -> None:
    page = open_as(scene.cast.ana, scene.url, size=DESK)
    first = page.get_by_role("radio", name="1, not at all").first
    first.focus()
    expect(first.locator("xpath=..")).to_have_css("outline-style", "solid")
    for key in ("Space", "ArrowRight", "ArrowRight", "Tab", "ArrowLeft", "ArrowLeft"):
        page.keyboard.press(key)
    # From the first of a group that nothing is chosen in, left leads round to the last.
    expect(page.locator("#scale_trainer-4")).to_be_checked()
    page.get_by_role("button", name="Send my answers").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    assert [one.scales for one in scene.saved()] == [{"use": 3, "trainer": 5}]


@pytest.mark.parametrize("scripts", [True, False])
def test_an_empty_form_comes_back_with_a_reason(scene: Scene, open_as: Open, scripts: bool) -> None:
    page = open_as(scene.cast.ana, scene.url, scripts=scripts)
    send(page)
    expect(page.get_by_text("Answer at least one question, whichever you like.")).to_be_visible()
    assert scene.saved() == []


def test_every_page_of_it_is_fit_for_everyone(scene: Scene, open_as: Open, complaints_of: Complaints) -> None:
    scene.answer(5, Answers({"use": 5, "pace": 1}, {"name one person to call": 2}, "w" * 300, "The\nbreak."))
    cast = scene.cast
    for person, path in (
        (cast.ana, scene.url),
        (cast.ivo, scene.url),
        (cast.ivo, f"{scene.url}/results"),
        (cast.mira, f"{scene.url}/results"),
        (cast.mira, "/evaluations"),
    ):
        assert list(wrongs(open_as(person, path), complaints_of)) == [], path


def test_the_bars_are_as_long_as_their_figures(scene: Scene, open_as: Open) -> None:
    scene.answer(3, Answers({"use": 5}))
    page = open_as(scene.cast.mira, f"{scene.url}/results")
    chart = page.get_by_role("table", name="I can use what I learned in my work.")
    expect(chart.get_by_role("row", name="5, fully")).to_contain_text("3")
    bare, bar = (
        chart.locator(f"tbody tr:first-child {name}").bounding_box() for name in (".bare", ".verified")
    )
    assert bare
    assert bar
    assert abs(bare["width"] - bar["width"]) < 1
    expect(chart.locator(".verified")).to_have_count(1)
