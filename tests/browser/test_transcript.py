"""The transcript, a certificate course and education, as the person and a coordinator use them on a phone."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from catalog import clock
from catalog.accounts.models import Person
from catalog.courses.models import Course
from catalog.extensions import db
from tests import factories as make
from tests.browser.conftest import DESK, Open
from tests.browser.steps import inside, is_wider
from tests.factories import Cast
from tests.records import papers, parts

pytestmark = pytest.mark.browser
both = pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])


@pytest.fixture
def course(app: Flask, cast: Cast) -> int:
    """A certificate course of two parts: Ana has finished the first, and the second has a date."""
    with inside(app):
        ana, ivo = (db.session.get_one(Person, person.id) for person in (cast.ana, cast.ivo))
        one, two = (make.course(f"Part {word} (sample)", areas=("TF",)) for word in ("one", "two"))
        made = parts.certificate_course(one, two)
        parts.finish(ana, one, by=ivo)
        make.offering(two, starts=clock.now() + timedelta(days=30))
        return made.id


@both
def test_ana_saves_her_transcript(cast: Cast, open_as: Open, course: int, scripts: bool) -> None:
    page = open_as(cast.ana, "/learning", scripts=scripts)
    page.get_by_role("link", name="Transcript").click()
    training = page.get_by_role("region", name="Training hours")
    expect(training.get_by_role("row", name="Part one (sample)")).to_contain_text("3 h (180 minutes)")
    for link, begins in (("Save as PDF", b"%PDF-"), ("Save for a spreadsheet", b"\xef\xbb\xbfPart,")):
        with page.expect_download() as saved:
            page.get_by_role("link", name=link).click()
        assert Path(saved.value.path()).read_bytes().startswith(begins)


@both
def test_ana_sees_what_is_missing_and_where_it_can_be_had(
    cast: Cast, open_as: Open, course: int, scripts: bool
) -> None:
    page = open_as(cast.ana, "/learning", scripts=scripts)
    mine = page.get_by_role("region", name="Certificate courses")
    expect(mine).to_contain_text("1 of 2 done")
    mine.get_by_role("link", name="Foundations certificate (sample)").click()
    expect(page.get_by_role("listitem").filter(has_text="Part one (sample)")).to_contain_text("Done")
    missing = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name="Part two (sample)"))
    expect(missing).to_contain_text("Missing")
    missing.get_by_role("listitem").get_by_role("link").click()
    expect(
        page.get_by_role("link", name="Take a seat").or_(page.get_by_role("button", name="Take a seat")).first
    ).to_be_visible()


@both
def test_education_is_written_down_sent_back_mended_and_seen(
    cast: Cast, open_as: Open, tmp_path: Path, scripts: bool
) -> None:
    photo = tmp_path / "diploma.jpg"
    photo.write_bytes(papers.jpeg())
    page = open_as(cast.ana, "/learning/education", scripts=scripts)
    page.get_by_role("link", name="Add a programme").click()
    page.get_by_label("Programme", exact=True).fill("Graduate certificate (sample)")
    page.get_by_label("Credit hours").fill("15 semester hours")
    page.get_by_label("What shows it").set_input_files(photo)
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_text("Enter where.").first).to_be_visible()
    expect(page.get_by_text("Please choose the file again").first).to_be_visible()
    expect(page.get_by_label("Credit hours")).to_have_value("15 semester hours")
    page.get_by_label("University or college").fill("A sample university")
    page.get_by_label("What shows it").set_input_files(photo)
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_role("heading", name="Graduate certificate (sample)")).to_be_visible()
    expect(page.get_by_text("Not looked at yet")).to_be_visible()

    desk = open_as(cast.mira, "/education/review", scripts=scripts, size=DESK)
    desk.get_by_role("link", name="Graduate certificate (sample)").click()
    with desk.expect_download() as saved:
        desk.get_by_role("link", name="diploma.jpg").click()
    assert b"taken at home" not in Path(saved.value.path()).read_bytes()
    desk.get_by_text("Send it back", exact=True).first.click()
    desk.get_by_label("What is missing").fill("When did you finish?")
    desk.get_by_role("button", name="Send it back").click()
    expect(desk.get_by_text("Nothing waits.")).to_be_visible()

    page.reload()
    expect(page.get_by_text("When did you finish?")).to_be_visible()
    page.get_by_role("link", name="Change it").click()
    page.get_by_label("Finished on").fill("1999-05-08")
    page.get_by_role("button", name="Send it again").click()
    expect(page.get_by_text("Sat 8 May 1999")).to_be_visible()

    desk.reload()
    desk.get_by_role("link", name="Graduate certificate (sample)").click()
    desk.get_by_role("button", name="I have seen it").click()
    expect(desk.get_by_text("You have seen it.")).to_be_visible()
    page.reload()
    expect(page.get_by_text("by Mira Sample on")).to_be_visible()


def test_every_page_is_calm_on_a_phone(
    app: Flask, cast: Cast, open_as: Open, course: int, complaints_of: Callable[..., list[str]]
) -> None:
    with inside(app):
        title = db.session.get_one(Course, course).title
    page: Page = open_as(cast.ana, "/learning")
    expect(page.get_by_role("link", name=title)).to_be_visible()
    paths = ("/learning", "/learning/transcript", "/learning/education", "/learning/education/new")
    for path in (*paths, f"/learning/courses/{course}"):
        page.goto(path)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            assert complaints_of(page) == [], path
        assert not is_wider(page), path
