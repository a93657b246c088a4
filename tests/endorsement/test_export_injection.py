"""Whatever people typed is text in every file: no spreadsheet runs it, and paper does not read it as markup."""

import io
import zipfile
from collections.abc import Callable
from datetime import date

import pypdfium2
import pytest
from flask import Flask
from flask.testing import FlaskClient

from catalog.accounts.models import Person
from catalog.extensions import db
from tests import factories as make
from tests.attendance.sheets import inside
from tests.endorsement.applications import dicts, hours, rsc, table, workbook
from tests.endorsement.goals import goal
from tests.factories import Cast

LoginAs = Callable[[Person], FlaskClient]
STARTS = ["=", "+", "-", "@", "\t=", "\r=", "＝", "＋", "－", "＠", " ="]


def scene(app: Flask, cast: Cast, start: str) -> tuple[str, str]:
    """Where the export is, and what was typed into every field."""
    typed = f'{start}HYPERLINK("http://example.org","x")'
    with inside(app):
        ana = db.session.get_one(Person, cast.ana.id)
        ana.name = typed
        topic = make.topic("TF.attachment")
        hours(ana, typed, date(2026, 1, 1), 60, trainer=typed, provider=typed, topics=[topic])
        rsc(ana, typed, date(2026, 1, 1), 60, provider=typed)
        return f"/goal/{goal(ana, make.category('IFS', asks=(topic,))).id}/export", typed


@pytest.mark.parametrize("start", STARTS)
def test_a_formula_is_text_in_the_csv(app: Flask, cast: Cast, login_as: LoginAs, start: str) -> None:
    url, typed = scene(app, cast, start)
    (row,) = table(login_as(cast.ana), url + ".csv")
    assert (row["Title"], row["Trainer"], row["Provider"]) == ("'" + typed,) * 3
    (row,) = table(login_as(cast.ana), url + "-rsc.csv")
    assert (row["Who provided it"], row["Organization"]) == ("'" + typed,) * 2


@pytest.mark.parametrize("start", STARTS)
def test_a_formula_is_text_in_the_workbook_and_stays_so_when_edited(
    app: Flask, cast: Cast, login_as: LoginAs, start: str
) -> None:
    url, typed = scene(app, cast, start)
    made = login_as(cast.ana).get(url + ".xlsx").data
    sheets = workbook(made)
    assert dicts(sheets["Trainings"])[0]["Title"].strip() == typed.strip()
    assert [row[1].strip() for row in sheets["What this is"] if row[0] == "Person"] == [typed.strip()]
    with zipfile.ZipFile(io.BytesIO(made)) as parts:
        xml = {name: parts.read(name).decode() for name in parts.namelist() if name.endswith(".xml")}
    assert not [name for name, text in xml.items() if "<f>" in text or "<f " in text or "<hyperlink" in text]
    assert 'quotePrefix="1"' in xml["xl/styles.xml"]


def test_a_formula_is_text_on_paper(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    url, _ = scene(app, cast, '#panic("no") $x$ *bold* =')
    document = pypdfium2.PdfDocument(login_as(cast.ana).get(url + ".pdf").data)
    text = "".join(one.get_textpage().get_text_range() for one in document)
    assert '#panic("no") $x$ *bold* =HYPERLINK' in " ".join(text.split())


def test_a_text_longer_than_a_cell_holds_is_cut_and_not_lost(
    app: Flask, cast: Cast, login_as: LoginAs
) -> None:
    url, _ = scene(app, cast, "x" * 40_000)
    title = dicts(workbook(login_as(cast.ana).get(url + ".xlsx").data)["Trainings"])[0]["Title"]
    assert (len(title), title[-1]) == (32_767, "…")


def test_days_before_spreadsheets_know_any_are_text(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    url, _ = scene(app, cast, "")
    with inside(app):
        ana = db.session.get_one(Person, cast.ana.id)
        hours(ana, "Long ago", date(1899, 12, 31), 60, topics=[make.topic("TF.attachment")])
    assert dicts(workbook(login_as(cast.ana).get(url + ".xlsx").data)["Trainings"])[0]["Date"] == "1899-12-31"
