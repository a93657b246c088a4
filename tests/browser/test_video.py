"""A report from the upload to the marks, on a phone, with scripts and without."""

import pytest
from flask import Flask
from playwright.sync_api import FilePayload, Page, expect

from tests.browser.conftest import DESK, PHONE, Open
from tests.browser.steps import is_wider
from tests.factories import Cast
from tests.video import scenes
from tests.video.scenes import Scene

pytestmark = pytest.mark.browser


@pytest.fixture
def scene(app: Flask, cast: Cast) -> Scene:
    return scenes.scene(app, cast)


def uploads(page: Page, data: bytes, name: str = "report.csv") -> None:
    page.get_by_label("The report, a CSV file").set_input_files(
        FilePayload(name=name, mimeType="text/csv", buffer=data)
    )
    page.get_by_role("button", name="Read the report").click()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_ivo_settles_a_report_on_his_phone(scene: Scene, open_as: Open, scripts: bool) -> None:
    scene.mark("Ana", 180)
    page = open_as(scene.cast.ivo, scene.url, scripts=scripts, size=PHONE)
    uploads(page, scene.report())
    expect(page.get_by_role("heading", name="Who was there: Attachment at home")).to_be_visible()
    assert not scripts or not is_wider(page)
    expect(page.get_by_label("Who Otto Sample is")).to_have_value(str(scene.ids["Otto"]))
    page.get_by_role("button", name="Save the marks").click()
    expect(page.get_by_text("1 question is still open. Nothing was saved.")).to_be_visible()
    address = page.get_by_label("Email address of Nina New")
    expect(address).to_be_hidden()
    page.get_by_label("Who Nina New is").select_option("new")
    expect(address).to_have_value("nina@example.org")
    page.get_by_label("Keep what the roster says: 3 h").check()
    page.get_by_role("button", name="Save the marks").click()
    expect(page.get_by_text("Saved: 2 marks from the report.")).to_be_visible()
    assert scene.saved() == {"Ana": 180, "Otto": 120, "Nina": 180}
    page.goto(scene.url)
    uploads(page, scene.report())
    expect(page.get_by_role("heading", name="This report is saved")).to_be_visible()
    assert scene.recordings() == 3


def test_a_workbook_is_refused_with_the_way_to_a_csv(scene: Scene, open_as: Open) -> None:
    page = open_as(scene.cast.ivo, scene.url)
    uploads(page, b"PK\x03\x04 a workbook", "report.xlsx")
    problem = page.get_by_role("group", name="There is a problem")
    expect(problem).to_contain_text("This is an Excel workbook or a ZIP file. Upload the CSV file")
    expect(problem).to_be_focused()


def test_axe_finds_nothing(scene: Scene, open_as: Open, complaints_of: object) -> None:
    assert callable(complaints_of)
    for dark in (False, True):
        page = open_as(scene.cast.ivo, scene.url, size=DESK, dark=dark)
        assert complaints_of(page) == []
        uploads(page, scene.report())
        page.get_by_role("button", name="Save the marks").click()
        expect(page.get_by_text("still open")).to_be_visible()
        for fold in page.locator("details.section > summary").all():
            fold.click()
        page.get_by_label("Who Nina New is").select_option("new")
        assert complaints_of(page) == []
