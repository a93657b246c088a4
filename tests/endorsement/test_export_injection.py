"""Whatever people typed is text in every file: no spreadsheet runs it, and paper does not read it as markup."""

import io
import re
import zipfile
from collections.abc import Callable
from datetime import date

import pypdfium2
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
STARTS = ("=", "+", "-", "@", "\t=", "\r=", "＝", "＋", "－", "＠", " =")
TYPED = [f'{start}HYPERLINK("http://example.org","x")' for start in STARTS]


def scene(app: Flask, cast: Cast, *typed: str) -> str:
    """Where the export is; each text was typed into every field of a training and of RSC, the last as the name."""
    with inside(app):
        ana = db.session.get_one(Person, cast.ana.id)
        topic = make.topic("TF.attachment")
        for number, text in enumerate(typed):
            ana.name, on = text[:120], date(2026, 1, 1 + number)
            hours(ana, text, on, 60, trainer=text, provider=text, topics=[topic])
            rsc(ana, text, on, 60, provider=text)
        return f"/goal/{goal(ana, make.category('IFS', asks=(topic,))).id}/export"


def test_a_formula_is_text_in_the_csv(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    url, browser = scene(app, cast, *TYPED), login_as(cast.ana)
    trainings = table(browser, url + ".csv")
    for field in ("Title", "Trainer", "Provider"):
        assert [row[field] for row in trainings] == ["'" + text for text in TYPED]
    for field in ("Who provided it", "Organization"):
        assert [row[field] for row in table(browser, url + "-rsc.csv")] == ["'" + text for text in TYPED]


def test_a_formula_is_text_in_the_workbook_and_stays_so_when_edited(
    app: Flask, cast: Cast, login_as: LoginAs
) -> None:
    made = login_as(cast.ana).get(scene(app, cast, *TYPED) + ".xlsx").data
    sheets = workbook(made)
    assert [row["Title"].strip() for row in dicts(sheets["Trainings"])] == [text.strip() for text in TYPED]
    assert sheets["What this is"][1][1].strip() == TYPED[-1].strip()
    with zipfile.ZipFile(io.BytesIO(made)) as parts:
        xml = {name: parts.read(name).decode() for name in parts.namelist() if name.endswith(".xml")}
    assert not [name for name, text in xml.items() if "<f>" in text or "<f " in text or "<hyperlink" in text]
    quoted = styles_that_quote(xml["xl/styles.xml"])
    for column in "CDE":
        cells = re.findall(rf'<c r="{column}([2-9]|1[0-2])" s="(\d+)"', xml["xl/worksheets/sheet1.xml"])
        assert [int(style) in quoted for _, style in cells] == [True] * len(TYPED)


def styles_that_quote(styles: str) -> set[int]:
    """The numbers of the formats that mark a cell as text, as an apostrophe does."""
    formats = re.findall(r"<xf [^>]*>", styles.split("<cellXfs")[1])
    return {number for number, one in enumerate(formats) if 'quotePrefix="1"' in one}


def test_a_formula_is_text_on_paper(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    url = scene(app, cast, '#panic("no") $x$ *bold* =1+1')
    document = pypdfium2.PdfDocument(login_as(cast.ana).get(url + ".pdf").data)
    text = "".join(one.get_textpage().get_text_range() for one in document)
    assert '#panic("no") $x$ *bold* =1+1' in " ".join(text.split())


def test_a_text_longer_than_a_cell_holds_is_cut_and_not_lost(
    app: Flask, cast: Cast, login_as: LoginAs
) -> None:
    url = scene(app, cast, "x" * 40_000)
    title = dicts(workbook(login_as(cast.ana).get(url + ".xlsx").data)["Trainings"])[0]["Title"]
    assert (len(title), title[-1]) == (32_767, "…")


def test_days_before_spreadsheets_know_any_are_text(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    url = scene(app, cast, "")
    with inside(app):
        ana = db.session.get_one(Person, cast.ana.id)
        hours(ana, "Long ago", date(1899, 12, 31), 60, topics=[make.topic("TF.attachment")])
    assert dicts(workbook(login_as(cast.ana).get(url + ".xlsx").data)["Trainings"])[0]["Date"] == "1899-12-31"
