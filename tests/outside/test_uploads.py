"""Files that are sent: known by content, held to a size and a number, and nobody fills the disk alone."""

import io
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from catalog import clock
from catalog.accounts.models import Person
from catalog.extensions import db
from catalog.records.evidence import Clean
from catalog.records.importing.grids import refuse_misnamed
from catalog.records.models import Education, Evidence
from catalog.records.refusals import FileRefused, SheetRefused
from catalog.records.services import files
from tests import factories as make
from tests.attendance.sheets import inside
from tests.coordinating.tables import workbook
from tests.factories import Cast

LoginAs = Callable[[Person], FlaskClient]
BROKEN = [b"", b"\x00\x01\x02\x03" * 500, b"<html>", b"Title,Date,Hours\nA,2026-01-01,3\n", b"P\x00K\x00" * 9]
PLACES = ("/learning/hours/import", "/imports/memberships", "/imports/attendance")


def sent(browser: FlaskClient, url: str, field: str, content: bytes, name: str, **more: str) -> TestResponse:
    boundary, body = encode_multipart({field: FileStorage(io.BytesIO(content), name), **more})
    return browser.post(url, data=body, content_type=f"multipart/form-data; boundary={boundary}")


@pytest.mark.parametrize("content", BROKEN[1:])
def test_a_broken_workbook_is_called_one(content: bytes) -> None:
    with pytest.raises(SheetRefused, match=r"called a workbook \(.xlsx\) and is none, or it was damaged"):
        refuse_misnamed("Trainings 2026.XLSX", content)


def test_a_sound_workbook_and_a_text_are_read() -> None:
    refuse_misnamed("members.xlsx", workbook(("Email",)))
    refuse_misnamed("members.csv", b"Email\n")
    refuse_misnamed("", b"Email\n")


@pytest.mark.parametrize("url", PLACES)
@pytest.mark.parametrize("content", [b"\x00\x01\x02\x03" * 500, b"PK\x03\x04 and nothing more"])
def test_wherever_tables_are_brought_in_it_is_said_so(
    cast: Cast, login_as: LoginAs, url: str, content: bytes
) -> None:
    answer = sent(login_as(cast.mira), url, "table", content, "members.xlsx")
    assert answer.status_code == 422
    assert "workbook" in answer.text
    assert "CSV UTF-8" not in answer.text


@pytest.mark.usefixtures("context")
class TestRoom:
    @pytest.fixture
    def education(self) -> Education:
        return self.another(make.person("Ana Sample"))

    def another(self, of: Person) -> Education:
        made = Education(
            person_id=of.id, programme="A degree", institution="A university", added_at=clock.now()
        )
        db.session.add(made)
        db.session.flush()
        return made

    def test_so_many_files_and_no_more(self, education: Education, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(files, "MOST_FILES", 3)
        for _ in "123":
            files.keep(education, Clean("a.pdf", "application/pdf", b"%PDF-1"))
        with pytest.raises(FileRefused, match="used up"):
            files.keep(education, Clean("a.pdf", "application/pdf", b"%PDF-1"))
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Evidence)) == 3

    def test_so_many_bytes_and_no_more(self, education: Education, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(files, "MOST_BYTES", 10)
        files.keep(education, Clean("a.pdf", "application/pdf", b"%PDF-1"))
        with pytest.raises(FileRefused, match="used up"):
            files.keep(education, Clean("a.pdf", "application/pdf", b"%PDF-1"))

    def test_each_person_has_room_of_their_own(
        self, education: Education, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(files, "MOST_FILES", 1)
        for one in (education, self.another(make.person("Otto Sample"))):
            files.keep(one, Clean("a.pdf", "application/pdf", b"%PDF-1"))


def test_where_no_room_is_left_the_form_says_so_and_keeps_what_was_typed(
    app: Flask, cast: Cast, login_as: LoginAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MOST_FILES", 0)
    typed = {"programme": "A degree of mine", "institution": "A university", "once": "a" * 32}
    answer = sent(login_as(cast.ana), "/learning/education/new", "evidence", b"%PDF-1.7\nx", "a.pdf", **typed)
    assert answer.status_code == 409, answer.text[:500]
    assert "used up" in answer.text
    assert "A degree of mine" in answer.text
    with inside(app):
        assert db.session.scalars(sa.select(Evidence)).all() == []


def test_only_views_that_say_so_take_a_file(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    takes = {name for name, view in app.view_functions.items() if getattr(view, "takes_bytes", 0)}
    assert len(takes) == 13, "each has its limit in tests of its own"
    assert sent(login_as(cast.ana), "/account", "name", b"%PDF-1", "a.pdf").status_code == 400


def test_a_form_larger_than_any_of_ours_is_refused(cast: Cast, login_as: LoginAs) -> None:
    body = b"name=" + b"x" * 2_200_000
    answer = login_as(cast.ana).post("/account", data=body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 413


def test_a_form_of_too_many_parts_is_refused(cast: Cast, login_as: LoginAs) -> None:
    boundary, body = encode_multipart({f"a{number}": "1" for number in range(1_100)})
    answer = login_as(cast.ana).post(
        "/account", data=body, content_type=f"multipart/form-data; boundary={boundary}"
    )
    assert answer.status_code == 413


def test_a_request_larger_than_any_form_is_not_read(cast: Cast, login_as: LoginAs) -> None:
    big = sent(
        login_as(cast.ana), "/learning/education/new", "evidence", b"%PDF-1" + b"x" * 30_000_000, "a.pdf"
    )
    assert big.status_code == 413
