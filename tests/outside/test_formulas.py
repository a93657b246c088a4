"""Whatever people typed is text in every table that is downloaded: no spreadsheet runs it."""

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from catalog.accounts.models import Person
from catalog.extensions import Base, db, writing
from catalog.sheets import STARTS_FORMULA
from tests.factories import Cast

LoginAs = Callable[[Person], FlaskClient]
Numbers = dict[str, int | str]
FORMULA = '=HYPERLINK("http://evil.example.org","x")'
TABLES = ("person", "course", "offering", "hour_entry", "education", "area", "topic", "category")
TYPED = ("title", "name", "place", "provider", "trainer", "programme", "institution", "summary", "agency")


@pytest.fixture
def typed(app: Flask, numbers: Numbers) -> None:
    """A formula in everything that people name."""
    with app.app_context():
        writing.set(True)
        for name in TABLES:
            table = Base.metadata.tables[name]
            typed = {
                column.name: FORMULA for column in table.columns if column.name in TYPED and not column.unique
            }
            db.session.execute(table.update().values(typed))
        db.session.commit()


@pytest.mark.usefixtures("typed")
@pytest.mark.parametrize("role", ["ana", "ada"])
def test_in_every_download(app: Flask, cast: Cast, login_as: LoginAs, numbers: Numbers, role: str) -> None:
    browser, seen = login_as(getattr(cast, role)), set()
    for endpoint, url in _downloads(app, numbers):
        answer = browser.get(url)
        if answer.status_code != 200:
            continue
        seen.add(endpoint)
        assert answer.headers["Content-Disposition"].startswith("attachment"), url
        for cell in _cells(answer.data):
            assert not cell.lstrip(" ").startswith(STARTS_FORMULA), (url, cell)
    assert len(seen) >= {"ana": 5, "ada": 5}[role], seen
    assert role != "ada" or {"coordinating.members_csv", "reports.csv", "reports.xlsx"} <= seen


def _downloads(app: Flask, numbers: Numbers) -> Iterator[tuple[str, str]]:
    """Every address of a CSV or XLSX file; of the reports, each."""
    for rule in app.url_map.iter_rules():
        if not re.search(r"\.(csv|xlsx|zip)$", rule.rule):
            continue
        names = ("hours", "reach", "fill", "waiting", "pipeline", "renewal", "demand", "evaluations")
        for name in names if rule.endpoint.startswith("reports.") else ("",):
            values = {key: numbers.get(key, 1) for key in rule.arguments}
            values |= {"name": name} if name else {}
            yield rule.endpoint, str(app.url_map.bind("").build(rule.endpoint, values))


def _cells(data: bytes) -> Iterator[str]:
    if not data.startswith(b"PK"):
        yield from (cell for row in csv.reader(io.StringIO(data.decode("utf-8-sig"))) for cell in row)
        return
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        for name in parts.namelist():
            if name.endswith(".csv"):
                yield from _cells(parts.read(name))
            elif name.endswith(".xml"):
                xml = parts.read(name).decode()
                assert not re.search(r"<f[ >]|<hyperlink|DDE", xml), name
