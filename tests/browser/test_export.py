"""The export and the link to a goal in a real browser: saved, shown to a supervisor, taken back."""

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.browser.steps import is_wider
from tests.endorsement import applications
from tests.factories import Cast

pytestmark = pytest.mark.browser
Complaints = Callable[..., list[str]]
UNFOLD = "document.querySelectorAll('main details').forEach(it => { it.open = true })"


@pytest.mark.parametrize("dark", [False, True])
def test_the_export_is_fit_for_a_phone_and_saves_a_workbook(
    app: Flask, cast: Cast, open_as: Open, complaints_of: Complaints, dark: bool
) -> None:
    page = open_as(cast.ana, applications.scene(app, cast).url(), dark=dark)
    page.evaluate(UNFOLD)
    assert not is_wider(page)
    assert complaints_of(page) == []
    with page.expect_download() as saved:
        page.get_by_role("link", name="Save as a workbook (XLSX)").click()
    assert saved.value.suggested_filename == "Application Ana Sample IFS.xlsx"


@pytest.mark.parametrize("scripts", [True, False])
def test_a_link_is_made_opened_by_a_supervisor_and_taken_back(
    app: Flask, cast: Cast, open_as: Open, complaints_of: Complaints, scripts: bool
) -> None:
    # Chromium logs that the last answer was 404, which is what it is meant to be.
    goal_id = applications.scene(app, cast).goal_id
    mine = open_as(cast.ana, f"/goal/{goal_id}/share", scripts=scripts)
    mine.get_by_label("For whom").fill("Rosa, my supervisor")
    mine.get_by_label("7 days").check()
    mine.get_by_role("button", name="Make a link").click()
    link = mine.get_by_label("The link", exact=True).input_value()
    assert not scripts or complaints_of(mine) == []

    path = "/shared/" + link.rpartition("/")[2]
    theirs = open_as(None, path, scripts=scripts, cdn=False)
    expect(theirs.get_by_role("heading", level=1, name="Ana Sample")).to_be_visible()
    expect(
        theirs.get_by_text("4 h 40 min verified, 1 h 30 min not looked at yet, the oldest first")
    ).to_be_visible()
    if scripts:
        assert not is_wider(theirs)
        assert complaints_of(theirs) == []

    mine.get_by_role("button", name="Take it back").click()
    expect(mine.get_by_text("The link is taken back. It opens nothing now.")).to_be_visible()
    theirs.goto(path)
    expect(theirs.get_by_role("heading", name="This link opens nothing")).to_be_visible()
