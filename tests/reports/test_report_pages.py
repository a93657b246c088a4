"""The pages of the reports: who may see them, what they are asked for, and the files they become."""

import csv
import io
import re
from collections.abc import Callable
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook

from catalog.accounts.models import Person
from catalog.extensions import db, writing
from catalog.reports import desk
from tests.factories import Cast
from tests.reports import world
from tests.statements import counted
from tests.test_every_page import Page

LoginAs = Callable[[Person], FlaskClient]
KEYS = [question.key for question in desk.ALL]
# The others are of people and their goals, who are not made here; test_map_pages.py looks at their pages.
TALLIED = [key for key in KEYS if key not in ("demand", "pipeline", "renewal")]


@pytest.mark.parametrize("key", KEYS)
def test_a_report_opens(cast: Cast, login_as: LoginAs, key: str) -> None:
    answer = login_as(cast.mira).get(f"/reports/{key}")
    assert answer.status_code == 200
    assert desk.question(key).title in answer.text  # type: ignore[union-attr]


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("ending", ["", ".csv", ".xlsx", "/rows"])
def test_only_coordinators_see_it(
    cast: Cast, login_as: LoginAs, client: FlaskClient, key: str, ending: str
) -> None:
    assert client.get(f"/reports/{key}{ending}").location.startswith("/sign-in")
    for person in (cast.ana, cast.ivo):
        assert login_as(person).get(f"/reports/{key}{ending}").status_code == 403


def test_only_coordinators_see_which_reports_there_are(
    cast: Cast, login_as: LoginAs, client: FlaskClient
) -> None:
    assert client.get("/reports").location.startswith("/sign-in")
    assert [login_as(person).get("/reports").status_code for person in (cast.ana, cast.ivo, cast.mira)] == [
        403,
        403,
        200,
    ]


def test_an_unknown_report_is_not_there(cast: Cast, login_as: LoginAs) -> None:
    for url in (
        "/reports/nothing",
        "/reports/nothing.csv",
        "/reports/hours/rows",
        "/reports/hours.csv?table=x",
    ):
        assert login_as(cast.mira).get(url).status_code == 404


def test_bad_days_are_refused_beside_their_field(cast: Cast, login_as: LoginAs) -> None:
    answer = login_as(cast.mira).get("/reports/hours?from=2026-13-01&to=2026-12-31&county=99999")
    assert answer.status_code == 422
    assert 'value="2026-13-01"' in answer.text
    assert "Not a valid date" in answer.text


def test_an_end_before_the_beginning_is_refused(cast: Cast, login_as: LoginAs) -> None:
    answer = login_as(cast.mira).get("/reports/hours?from=2026-12-31&to=2026-01-01")
    assert answer.status_code == 422
    assert "This is before the first day." in answer.text


def test_a_file_is_refused_where_the_address_cannot_be_read(cast: Cast, login_as: LoginAs) -> None:
    assert login_as(cast.mira).get("/reports/hours.csv?from=yesterday").status_code == 400


def test_nothing_is_posted(cast: Cast, login_as: LoginAs) -> None:
    assert login_as(cast.mira).post("/reports/hours").status_code == 405


DAYS = "from=2026-01-01&to=2026-12-31"


@pytest.fixture
def mira(app: Flask, cast: Cast, login_as: LoginAs) -> FlaskClient:
    """A coordinator in a catalog where much has happened."""
    with app.app_context():
        writing.set(True)
        world.made(1)
        db.session.commit()
    return login_as(cast.mira)


def figures_of(text: str) -> list[str]:
    return [unescape(url) for url in re.findall(r'href="(/reports/[a-z]+/rows\?[^"]+)"', text)]


@pytest.mark.parametrize("key", TALLIED)
def test_a_full_report_is_well_made(mira: FlaskClient, key: str) -> None:
    text = mira.get(f"/reports/{key}?{DAYS}").text
    page = Page(text)
    assert [name for name, count in page.ids.items() if count > 1] == []
    assert page.inline == []
    assert page.tags["caption"] == page.tags["table"] > 1
    assert text.count('role="img"') == text.count("</desc>") > 1
    assert not re.findall(r"<th(?! scope)[^e]", text)


@pytest.mark.parametrize("key", TALLIED)
def test_every_figure_opens_a_page_of_rows(mira: FlaskClient, key: str) -> None:
    urls = figures_of(mira.get(f"/reports/{key}?{DAYS}").text)
    assert urls
    for url in [urls[0], urls[len(urls) // 2], urls[-1]]:
        answer = mira.get(url)
        page = Page(answer.text)
        assert (answer.status_code, page.tags["h1"], page.tags["table"]) == (200, 1, 1), url
        assert "/offerings/" in answer.text or "/people/" in answer.text


@pytest.mark.parametrize("key", TALLIED)
def test_a_report_asks_the_same_statements_however_much_there_is(
    app: Flask, mira: FlaskClient, key: str
) -> None:
    with counted() as few:
        mira.get(f"/reports/{key}?{DAYS}")
    with app.app_context():
        writing.set(True)
        world.made(2, sessions=20)
        db.session.commit()
    with counted() as many:
        mira.get(f"/reports/{key}?{DAYS}")
    assert len(many) == len(few) <= 12, many


@pytest.mark.parametrize("key", TALLIED)
def test_every_table_is_a_csv_with_the_figures_of_the_page(mira: FlaskClient, key: str) -> None:
    page = mira.get(f"/reports/{key}?{DAYS}").text
    urls = [unescape(url) for url in re.findall(r'href="(/reports/[a-z]+\.csv\?[^"]+)"', page)]
    assert len(urls) == page.count("<caption")
    for url in urls:
        answer = mira.get(url)
        assert answer.mimetype == "text/csv"
        head, *rows = csv.reader(io.StringIO(answer.data.decode("utf-8-sig")))
        assert all(len(row) == len(head) for row in rows)
        assert all(row[0].lstrip("'") in unescape(page) for row in rows)


@pytest.mark.parametrize("key", TALLIED)
def test_the_workbook_has_every_table_and_what_is_counted(mira: FlaskClient, key: str) -> None:
    book = CalamineWorkbook.from_filelike(io.BytesIO(mira.get(f"/reports/{key}.xlsx?{DAYS}").data))
    page = mira.get(f"/reports/{key}?{DAYS}").text
    assert len(book.sheet_names) == len(re.findall(r'<section class="section"', page)) + 1
    about = {str(row[0]): row[1] for row in book.get_sheet_by_name("What this is").to_python()}
    assert about["What is counted"] == desk.question(key).counts  # type: ignore[union-attr]


def test_days_and_counties_stay_in_every_link(mira: FlaskClient) -> None:
    text = mira.get(f"/reports/hours?{DAYS}&county=01101&county=01003").text
    for url in figures_of(text):
        assert "from=2026-01-01" in url
        assert "county=01101&county=01003" in url
    assert text.count("<input checked") == 2


def test_a_provider_that_looks_like_a_formula_stays_text(app: Flask, mira: FlaskClient) -> None:
    with app.app_context():
        writing.set(True)
        for credit in world.credits_in_force():
            credit.offering.course.provider = "=1+1"
        db.session.commit()
    answer = mira.get(f"/reports/hours.csv?{DAYS}&table=providers")
    assert "'=1+1" in answer.text


def test_an_htmx_request_gets_the_page_too(mira: FlaskClient, htmx: dict[str, str]) -> None:
    assert "<h1>" in mira.get("/reports/hours", headers=htmx).text


def test_a_masked_report_opens_no_rows(mira: FlaskClient) -> None:
    text = mira.get(f"/reports/reach?{DAYS}&masked=1").text
    assert "&lt;5" in text
    assert figures_of(text) == []
