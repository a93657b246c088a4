"""The sheet to print: a tagged PDF with a line for everybody, and nothing else about them."""

import io
from collections.abc import Callable
from datetime import timedelta

import pikepdf
import pypdfium2
import pytest
from flask import Flask
from flask.testing import FlaskClient

from catalog import clock
from catalog.accounts.models import Person
from catalog.courses.models import Meeting, MeetingKind
from catalog.extensions import db
from tests import factories as make
from tests.attendance import sheets
from tests.attendance.sheets import Scene
from tests.factories import Cast

LoginAs = Callable[[Person], FlaskClient]


@pytest.fixture
def scene(app: Flask, cast: Cast) -> Scene:
    return sheets.scene(app, cast)


def printed(browser: FlaskClient, meeting_id: int) -> bytes:
    answer = browser.get(f"/meetings/{meeting_id}/sign-in-sheet.pdf")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    return bytes(answer.data)


def pages(pdf: bytes) -> list[str]:
    return [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(pdf)]


def test_it_has_a_line_for_everybody_and_says_where_and_when(scene: Scene, login_as: LoginAs) -> None:
    [page] = pages(printed(login_as(scene.cast.ivo), scene.meeting_id))
    for words in (
        "Ana Sample",
        "Otto Sample",
        "Sample hall",
        "Ivo Sample",
        "Signature",
        "Time out",
        "page 1 of 1",
    ):
        assert words in page
    assert "Central time" in page
    assert "Not on the list?" in page
    assert scene.cast.ana.email not in page


def test_it_is_tagged_and_says_so(scene: Scene, login_as: LoginAs) -> None:
    with pikepdf.open(io.BytesIO(printed(login_as(scene.cast.ivo), scene.meeting_id))) as pdf:
        assert bool(pdf.Root.MarkInfo.Marked)
        assert pdf.Root.Lang == "en"
        assert "/StructTreeRoot" in pdf.Root
        with pdf.open_metadata() as about:
            assert about["pdfuaid:part"] == "1"
            assert about["dc:title"].startswith("Sign-in sheet: ")


def test_a_long_list_goes_on_with_its_heads_and_names_that_are_long_fit(
    scene: Scene, login_as: LoginAs
) -> None:
    long_name = "Wilhelmina Alexandrina Featherstonehaugh-Sample de la Something Very Long"
    with sheets.inside(scene.app):
        offering = sheets.held(seats=40, trainer_id=scene.cast.ivo.id)
        sheets.seat(offering, *(f"Guest{n:02} Sample" for n in range(39)), long_name, by=scene.ivo)
        meeting_id = offering.meetings[0].id
    first, second, *_ = pages(printed(login_as(scene.cast.ivo), meeting_id))
    assert "page 1 of" in first
    assert "page 2 of" in second
    assert "Signature" in second
    assert "Very Long" in second


def test_what_people_typed_is_never_read_as_markup(scene: Scene, login_as: LoginAs) -> None:
    with sheets.inside(scene.app):
        db.session.get_one(Person, scene.cast.ana.id).name = '#panic("x") *Ana* $1/0$ \\ "Sample"'
    [page] = pages(printed(login_as(scene.cast.ivo), scene.meeting_id))
    assert '#panic("x") *Ana* $1/0$ \\ "Sample"' in page


def test_a_sheet_with_nobody_on_it_has_empty_lines(scene: Scene, login_as: LoginAs) -> None:
    with sheets.inside(scene.app):
        meeting_id = make.offering(trainer_id=scene.cast.ivo.id).meetings[0].id
    [page] = pages(printed(login_as(scene.cast.ivo), meeting_id))
    assert "Not on the list?" in page


def test_the_sheet_of_a_session_to_come_leads_to_it(scene: Scene, login_as: LoginAs) -> None:
    with sheets.inside(scene.app):
        coming = make.offering(trainer_id=scene.cast.ivo.id, starts=clock.now() + timedelta(days=2))
        sheets.seat(coming, "Ben Sample", by=scene.ivo)
        url, meeting_id = f"/offerings/{coming.id}/attendance", coming.meetings[0].id
    page = login_as(scene.cast.ivo).get(url).text
    assert f'href="/meetings/{meeting_id}/sign-in-sheet.pdf"' in page
    assert f'href="/meetings/{meeting_id}/paper"' not in page


def test_only_those_who_keep_the_sheet_may_print_it(
    scene: Scene, login_as: LoginAs, client: FlaskClient
) -> None:
    url = f"/meetings/{scene.meeting_id}/sign-in-sheet.pdf"
    assert client.get(url).headers["Location"].startswith("/sign-in")
    assert login_as(scene.cast.ana).get(url).status_code == 403
    assert login_as(scene.cast.mira).get("/meetings/999999/sign-in-sheet.pdf").status_code == 404
    assert login_as(scene.cast.mira).post(url).status_code == 405


def test_nobody_signs_for_homework(scene: Scene, login_as: LoginAs) -> None:
    with sheets.inside(scene.app):
        db.session.get_one(Meeting, scene.meeting_id).kind = MeetingKind.HOMEWORK
    browser = login_as(scene.cast.ivo)
    assert browser.get(f"/meetings/{scene.meeting_id}/sign-in-sheet.pdf").status_code == 404
    assert "sign-in-sheet" not in browser.get(scene.url).text
