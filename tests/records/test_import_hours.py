"""A person's past trainings from a table: looked at row by row, saved once, then waiting for a coordinator."""

import html
import io
import re
from collections.abc import Callable, Sequence
from datetime import timedelta
from threading import Thread

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from catalog import clock
from catalog.accounts.models import Person
from catalog.extensions import db
from catalog.notices.models import AuditEntry, Job
from catalog.records import services
from catalog.records.models import EntrySource, EntryState, HourEntry, HourImport
from tests import factories as make
from tests.attendance.sheets import inside
from tests.factories import Cast
from tests.records import sheets
from tests.records.entries import written_down
from tests.records.sheets import HEAD
from tests.statements import counted

LoginAs = Callable[[Person], FlaskClient]
MINE = "/learning/hours/import"
ROWS = (
    ("Sleep and soothing", "2025-01-14", "6", "A trainer", "An agency", "Topic TF.attachment"),
    ("Play", "2025-02-14", "3", "A trainer", "An agency", "TF.attachment"),
    ("No date", "", "3", "A trainer", "An agency", "TF.attachment"),
)


@pytest.fixture(autouse=True)
def _framework(app: Flask, cast: Cast) -> None:
    with inside(app):
        make.topic("TF.attachment")


def send(browser: FlaskClient, data: bytes | None, url: str = MINE, name: str = "mine.csv") -> TestResponse:
    fields = {} if data is None else {"table": FileStorage(io.BytesIO(data), name)}
    boundary, body = encode_multipart(fields)
    return browser.post(url, data=body, content_type=f"multipart/form-data; boundary={boundary}")


def uploaded(browser: FlaskClient, rows: Sequence[Sequence[object]] = ROWS, url: str = MINE) -> str:
    """The address of the preview."""
    return send(browser, sheets.csv(HEAD, *rows), url).headers["Location"]


def entries(app: Flask) -> list[HourEntry]:
    with inside(app):
        found = list(db.session.scalars(sa.select(HourEntry).order_by(HourEntry.id)))
        for one in found:
            _ = one.topics
        return found


def save(browser: FlaskClient, place: str, *rows: str, **how: bool) -> TestResponse:
    """Send the preview as the browser would, with these rows chosen."""
    page = browser.get(place).text
    seen = re.search(r'name="seen" value="([^"]+)"', page)
    return browser.post(
        place, data={"row": list(rows), "seen": html.unescape(seen[1]) if seen else ""}, **how
    )


def text(answer: TestResponse) -> str:
    return " ".join(answer.text.split())


def test_the_preview_says_how_each_row_is_understood_and_saves_nothing(
    app: Flask, cast: Cast, login_as: LoginAs
) -> None:
    browser = login_as(cast.ana)
    page = text(browser.get(uploaded(browser)))
    assert "<b>mine.csv</b>: 2 of 3 rows can be saved. Nothing is saved yet." in page
    assert "It has no date." in page
    assert "Tue 14 Jan 2025" in page
    assert "6 h training" in page
    assert entries(app) == []


def test_the_chosen_rows_become_entries_that_wait(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    browser = login_as(cast.ana)
    place = uploaded(browser)
    answer = save(browser, place, "2", "4")
    assert answer.headers["Location"] == "/learning/hours"
    [made] = entries(app)
    assert (made.title, made.minutes, made.source, made.state) == (
        *("Sleep and soothing", 360),
        EntrySource.IMPORTED,
        EntryState.PENDING,
    )
    assert [topic.code for topic in made.topics] == ["TF.attachment"]
    page = text(browser.get("/learning/hours"))
    assert "1 entry is written down" in page
    assert "imported from a table" in page
    with inside(app):
        [noted] = db.session.scalars(sa.select(AuditEntry))
        assert (noted.action, noted.details) == ("hours.imported", {"rows": 1, "left_out": 2})
        assert "Sleep" not in str(
            [job.payload for job in db.session.scalars(sa.select(Job).order_by(Job.id))]
        )


def test_a_second_save_does_nothing_more(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    browser = login_as(cast.ana)
    place = uploaded(browser)
    with inside(app):
        seen = db.session.scalars(sa.select(HourImport)).one().read_at.isoformat()
    save(browser, place, "2")
    answer = browser.post(place, data={"row": ["2", "3"], "seen": seen}, follow_redirects=True)
    assert "This table was saved already, so nothing changed." in answer.text
    assert len(entries(app)) == 1
    page = browser.get(place).text
    assert "saved on" in page
    assert "Save the chosen rows" not in page


def test_of_two_saves_at_once_one_makes_the_entries(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    number = int(uploaded(login_as(cast.ana)).rpartition("/")[2])
    made: list[int] = []

    def save() -> None:
        found = db.session.get_one(HourImport, number)
        made.append(
            services.save_import(
                found, {2, 3}, found.read_at.isoformat(), by=db.session.get_one(Person, cast.ana.id)
            )
        )

    def other() -> None:
        with inside(app):
            save()

    with inside(app):
        save()
        thread = Thread(target=other)
        thread.start()
        thread.join(0.5)
        db.session.commit()
    thread.join(20)
    assert sorted(made) == [0, 2]
    assert len(entries(app)) == 2


def test_nothing_chosen_is_said(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    browser = login_as(cast.ana)
    for chosen in ((), ("4",), ("x", "99")):
        answer = save(browser, uploaded(browser), *chosen)
        assert answer.status_code == 422
        assert "Choose at least one row." in answer.text
    assert entries(app) == []


def test_what_is_there_already_is_marked_and_not_chosen(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    with inside(app):
        written_down(db.session.get_one(Person, cast.ana.id), title="The same training")
    browser = login_as(cast.ana)
    page = browser.get(uploaded(browser)).text
    assert "There already" in page
    assert "The same training" in page
    assert 'name="row" value="2">' in page
    assert 'name="row" value="3" checked>' in page


def test_a_file_that_is_no_table_is_refused_beside_its_field(
    app: Flask, cast: Cast, login_as: LoginAs
) -> None:
    browser = login_as(cast.ana)
    for data, sentence in (
        (b"%PDF-1.7 x", "This is a PDF."),
        (None, "Choose a file."),
        (b"a,b", "No headings"),
    ):
        answer = send(browser, data)
        assert answer.status_code == 422
        assert sentence in answer.text
    with inside(app):
        assert db.session.scalar(sa.select(sa.func.count()).select_from(HourImport)) == 0


def test_a_file_far_too_large_is_refused_before_it_is_read(cast: Cast, login_as: LoginAs) -> None:
    assert send(login_as(cast.ana), b"x" * (6 * 1024 * 1024)).status_code == 422
    assert send(login_as(cast.ana), b"x" * (30 * 1024 * 1024)).status_code == 413


def test_what_looks_like_markup_or_a_formula_stays_text(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    browser = login_as(cast.ana)
    place = uploaded(browser, [('=HYPERLINK("x")<script>', *ROWS[0][1:])])
    assert "<script>" not in browser.get(place).text.split("<main")[1]
    save(browser, place, "2")
    assert entries(app)[0].title == '=HYPERLINK("x")<script>'
    assert "'=HYPERLINK" in browser.get("/learning/transcript.csv").data.decode("utf-8-sig")


def test_the_example_can_be_imported_as_it_is(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    browser = login_as(cast.ana)
    example = browser.get(MINE + "/example.csv")
    assert example.headers["Content-Disposition"].startswith("attachment")
    place = send(browser, example.data).headers["Location"]
    assert "2 of 2 rows can be saved." in text(browser.get(place))


@pytest.mark.parametrize("who", ["otto", "ivo"])
def test_nobody_else_can_tell_that_it_is_there(app: Flask, cast: Cast, login_as: LoginAs, who: str) -> None:
    place = uploaded(login_as(cast.ana))
    other = login_as(getattr(cast, who))
    assert other.get(place).status_code == 404
    assert other.post(place, data={"row": "2"}).status_code == 404
    assert entries(app) == []


def test_a_coordinator_imports_for_a_person_who_is_told(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    browser = login_as(cast.mira)
    place = uploaded(browser, url=f"/people/{cast.ana.id}/hours/import")
    assert "for Ana Sample" in text(browser.get(place))
    answer = save(browser, place, "2", "3")
    assert answer.headers["Location"] == f"/people/{cast.ana.id}/hours"
    assert {(one.person_id, one.added_by_id, one.state.value) for one in entries(app)} == {
        (cast.ana.id, cast.mira.id, "pending")
    }
    with inside(app):
        letters = [job.payload for job in db.session.scalars(sa.select(Job).order_by(Job.id))]
    assert [one["text"] for one in letters if one["name"] == "Ana Sample"] != []


@pytest.mark.parametrize("who", ["ana", "ivo"])
def test_only_coordinators_import_for_others(cast: Cast, login_as: LoginAs, who: str) -> None:
    url, browser = f"/people/{cast.otto.id}/hours/import", login_as(getattr(cast, who))
    assert browser.get(url).status_code == 403
    assert send(browser, sheets.csv(HEAD, *ROWS), url).status_code == 403


def test_a_coordinators_own_table_goes_the_way_of_everybodys(cast: Cast, login_as: LoginAs) -> None:
    browser, url = login_as(cast.mira), f"/people/{cast.mira.id}/hours/import"
    assert browser.get(url).status_code == 403
    assert send(browser, sheets.csv(HEAD, *ROWS), url).status_code == 403


def test_importing_asks_for_a_sign_in_and_saves_nothing_by_a_link(
    app: Flask, cast: Cast, client: FlaskClient, login_as: LoginAs
) -> None:
    for url in (MINE, MINE + "/1", MINE + "/example.csv"):
        assert client.get(url).headers["Location"].startswith("/sign-in")
    browser = login_as(cast.ana)
    browser.get(uploaded(browser) + "?row=2")
    assert entries(app) == []


def test_a_table_that_was_left_for_a_day_is_forgotten_with_the_next(
    app: Flask, cast: Cast, login_as: LoginAs
) -> None:
    browser = login_as(cast.ana)
    with clock.at(clock.now() - timedelta(hours=25)):
        uploaded(browser)
    uploaded(browser)
    uploaded(browser)
    with inside(app):
        assert db.session.scalar(sa.select(sa.func.count()).select_from(HourImport)) == 2


def test_a_page_of_another_table_saves_nothing(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    browser = login_as(cast.ana)
    answer = browser.post(uploaded(browser), data={"row": "2", "seen": "2020-01-01T00:00:00+00:00"})
    assert answer.status_code == 409
    assert "This was changed while you read it." in answer.text
    assert entries(app) == []


def test_two_hundred_rows_are_looked_at_and_saved_in_few_statements(
    app: Flask, cast: Cast, login_as: LoginAs
) -> None:
    browser = login_as(cast.ana)
    counts = []
    for many in (2, 200):
        place = uploaded(browser, [(f"Training {number}", *ROWS[0][1:]) for number in range(many)])
        with counted() as statements:
            browser.get(place)
        looked = len(statements)
        with counted() as statements:
            save(browser, place, *(str(line) for line in range(2, many + 2)))
        counts.append((looked, len(statements)))
    assert counts[0][0] == counts[1][0] <= 7
    assert counts[1][1] <= counts[0][1] + 3, "rows are inserted many at a time"


@pytest.mark.parametrize("row", ["9" * 5000, "-1", "²", "x", ""])
def test_a_row_that_is_no_number_of_one_is_left_out(
    app: Flask, cast: Cast, login_as: LoginAs, row: str
) -> None:
    ana = login_as(cast.ana)
    assert save(ana, uploaded(ana), row).status_code == 422
    assert not entries(app)
