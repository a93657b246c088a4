"""The trail as a file: what the page with the same filters lists, and nothing in it runs or is private."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook

from catalog import clock
from catalog.accounts.models import Person
from catalog.extensions import db
from catalog.notices import audit
from catalog.notices.models import AuditEntry
from tests.attendance.sheets import inside
from tests.factories import Cast

LoginAs = Callable[[Person], FlaskClient]
WHEN, ACTION, SAID, REASON, DETAILS = 0, 4, 5, 11, 12


@pytest.fixture
def _entries(app: Flask, cast: Cast) -> None:
    with inside(app):
        ana = db.session.get_one(Person, cast.ana.id)
        audit.note(
            "person.licence", "person", ana.id, by=ana, person_id=ana.id, reason="=cmd()", token="s3cret"
        )
        db.session.add(
            AuditEntry(
                at=clock.now() - timedelta(days=40),
                action="course.edited",
                about="course",
                about_id=9,
                details={},
            )
        )


def lines(browser: FlaskClient, query: str = "") -> list[list[str]]:
    answer = browser.get(f"/audit.csv{query}")
    assert answer.mimetype == "text/csv"
    return list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig"))))[1:]


def day(ago: int) -> str:
    return str(clock.today("America/Chicago") - timedelta(days=ago))


@pytest.mark.usefixtures("_entries")
def test_the_file_has_every_entry(cast: Cast, login_as: LoginAs) -> None:
    assert [line[ACTION] for line in lines(login_as(cast.mira))] == ["course.edited", "person.licence"]


@pytest.mark.usefixtures("_entries")
def test_nothing_in_it_runs(cast: Cast, login_as: LoginAs) -> None:
    assert lines(login_as(cast.ada), "?action=person.")[0][REASON] == "'=cmd()"


@pytest.mark.usefixtures("_entries")
def test_what_is_private_is_left_out(cast: Cast, login_as: LoginAs) -> None:
    assert "s3cret" not in login_as(cast.ada).get("/audit.csv").text


@pytest.mark.usefixtures("_entries")
@pytest.mark.parametrize(
    ("query", "actions"),
    [
        (f"?from={day(3)}", ["person.licence"]),
        (f"?until={day(3)}", ["course.edited"]),
        (f"?from={day(41)}&until={day(39)}", ["course.edited"]),
        ("?about=person", ["person.licence"]),
        ("?action=course.", ["course.edited"]),
        ("?from=never", ["course.edited", "person.licence"]),
    ],
)
def test_the_filters_of_the_page_are_those_of_the_file(
    cast: Cast, login_as: LoginAs, query: str, actions: list[str]
) -> None:
    browser = login_as(cast.mira)
    assert [line[ACTION] for line in lines(browser, query)] == actions
    assert browser.get(f"/audit{query}").text.count("<time ") == len(actions)


@pytest.mark.usefixtures("_entries")
def test_one_persons_entries(cast: Cast, login_as: LoginAs) -> None:
    browser = login_as(cast.mira)
    assert [line[ACTION] for line in lines(browser, f"?person={cast.ana.id}")] == ["person.licence"]


@pytest.mark.usefixtures("_entries")
def test_the_workbook_says_the_same(cast: Cast, login_as: LoginAs) -> None:
    answer = login_as(cast.mira).get("/audit.xlsx?about=person")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.get_data())).get_sheet_by_index(0).to_python()
    assert (rows[1][ACTION], rows[1][REASON]) == ("person.licence", "=cmd()")


@pytest.mark.usefixtures("_entries")
def test_the_page_leads_to_the_file_with_its_filters(cast: Cast, login_as: LoginAs) -> None:
    assert "/audit.csv?about=person" in login_as(cast.mira).get("/audit?about=person").text


@pytest.mark.parametrize("path", ["/audit.csv", "/audit.xlsx"])
def test_it_is_for_coordinators(cast: Cast, login_as: LoginAs, client: FlaskClient, path: str) -> None:
    assert login_as(cast.ivo).get(path).status_code == 403
    assert client.get(path).headers["Location"].startswith("/sign-in")
