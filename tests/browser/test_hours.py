"""Hours from elsewhere, as Ana on a phone and Mira at a desk use them: written, sent back, sent again, imported."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import expect

from catalog.accounts.models import Person
from catalog.extensions import db
from tests import factories as make
from tests.browser.conftest import DESK, Open
from tests.browser.steps import inside, is_wider
from tests.factories import Cast
from tests.records import papers, sheets
from tests.records.entries import rsc, verified, written_down

pytestmark = pytest.mark.browser
both = pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])


@pytest.fixture(autouse=True)
def _framework(app: Flask, cast: Cast) -> None:
    with inside(app):
        make.topic("TF.attachment", name="Attachment")


@both
def test_ana_writes_hours_down_and_mira_verifies_them(
    cast: Cast, open_as: Open, tmp_path: Path, scripts: bool
) -> None:
    photo = tmp_path / "IMG_1.HEIC"
    photo.write_bytes(papers.heic())
    page = open_as(cast.ana, "/learning", scripts=scripts)
    page.get_by_role("link", name="My hours").click()
    page.get_by_role("link", name="Add hours").click()
    page.get_by_label("Title of the training").fill("Sleep and soothing (sample)")
    page.get_by_label("First day").fill("2025-01-14")
    page.get_by_label("Hours", exact=True).fill("1 h 30 min")
    page.get_by_text("Area TF").click()
    page.get_by_label("Attachment").check()
    page.get_by_label("What shows it").set_input_files(photo)
    page.get_by_role("button", name="Add these hours").click()
    expect(page.get_by_text("It is written down.")).to_be_visible()
    desk = open_as(cast.mira, "/hours/review", size=DESK, scripts=scripts)
    desk.get_by_role("link", name="Sleep and soothing (sample)").click()
    expect(desk.get_by_role("link", name="IMG_1.jpg")).to_be_visible()
    desk.get_by_role("button", name="Verify these hours").click()
    expect(desk.get_by_text("The hours are verified.")).to_be_visible()
    page.goto(page.url.rpartition("/")[0])
    expect(page.get_by_text("1 h 30 min verified", exact=True)).to_be_visible()


@both
def test_ana_imports_her_table(cast: Cast, open_as: Open, tmp_path: Path, scripts: bool) -> None:
    table = tmp_path / "mine.xlsx"
    rows = [
        (f"Training {number} (sample)", ("date", 45671 + number), 3, "", "", "Attachment")
        for number in range(12)
    ]
    table.write_bytes(sheets.workbook(sheets.HEAD, *rows))
    page = open_as(cast.ana, "/learning/hours", scripts=scripts)
    page.get_by_role("link", name="Import a table").click()
    page.get_by_label("Your table").set_input_files(table)
    page.get_by_role("button", name="See how it is read").click()
    expect(page.get_by_text("12 of 12 rows can be saved.")).to_be_visible()
    page.get_by_label("Row 13: Training 11 (sample)").uncheck()
    page.get_by_role("button", name="Save the chosen rows").click()
    expect(page.get_by_text("11 entries are written down.")).to_be_visible()
    expect(page.get_by_text("33 h not looked at yet")).to_be_visible()


def test_every_page_of_hours_is_calm_on_a_phone(
    app: Flask, cast: Cast, open_as: Open, complaints_of: Callable[..., list[str]]
) -> None:
    with inside(app):
        ana, mira = (db.session.get_one(Person, one.id) for one in (cast.ana, cast.mira))
        make.category("IMHM-C")
        make.tag("rsc_about_rsc_provided")
        entry = verified(ana, mira).id
        written_down(ana, what=rsc())
    page = open_as(cast.ana, "/learning/hours")
    paths = ("", "/new", "/new?ledger=rsc", "/import", f"/{entry}", f"/{entry}/edit")
    for path in paths:
        page.goto(page.url.partition("/learning")[0] + "/learning/hours" + path)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            assert complaints_of(page) == [], path
        assert not is_wider(page), path


def test_what_is_wrong_is_said_and_takes_the_focus(
    cast: Cast, open_as: Open, complaints_of: Callable[..., list[str]]
) -> None:
    page = open_as(cast.ana, "/learning/hours/new")
    page.get_by_role("button", name="Add these hours").click()
    expect(page.get_by_role("group", name="There is a problem")).to_be_focused()
    assert complaints_of(page) == []
    assert not is_wider(page)
