"""The tables: one row for each training in the order one types them, RSC by itself; as CSV and as a workbook."""

import io
import re
import zipfile
from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from catalog.accounts.models import Person
from tests.endorsement import applications
from tests.endorsement.applications import Scene, dicts, table, workbook
from tests.factories import Cast

LoginAs = Callable[[Person], FlaskClient]


@pytest.fixture
def scene(app: Flask, cast: Cast) -> Scene:
    return applications.scene(app, cast)


def test_the_csv_has_one_row_for_each_training(cast: Cast, login_as: LoginAs, scene: Scene) -> None:
    rows = table(login_as(cast.ana), scene.url(".csv"))
    assert [(row["Date"], row["Title"], row["Hours"], row["Minutes"]) for row in rows] == [
        ("2024-05-08", "Watching", "1.66", "100"),
        ("2025-03-01", "Attachment", "3.00", "180"),
        ("2026-02-03", "Systems", "1.50", "90"),
    ]
    assert rows[0] == {
        "Date": "2024-05-08",
        "First day, if another": "2024-05-07",
        "Title": "Watching",
        "Trainer": "Tess Trainer",
        "Provider": "A provider",
        "Hours": "1.66",
        "Minutes": "100",
        "Areas": "Area TF",
        "Topics this category asks for": "Topic TF.attachment",
        "Other topics": "Topic TF.pregnancy",
        "Ledger": "Training",
        "Verification": "Coordinator verified",
        "Tags": "",
        "Mapping": "Reviewed",
        "Certificate": "",
    }
    assert (rows[1]["Verification"], rows[1]["Certificate"]) == ("Attendance verified", scene.number)
    assert (rows[2]["Verification"], rows[2]["Mapping"]) == (
        "Self-reported, not looked at yet",
        "Not reviewed",
    )


def test_rsc_has_a_table_of_its_own(cast: Cast, login_as: LoginAs, scene: Scene) -> None:
    rosa, uma, peers = table(login_as(cast.ana), scene.url("-rsc.csv"))
    assert rosa["Their category on that day"] == "Mentor - Clinical"
    assert rosa["Their standing on that day"] == "Endorsed"
    assert (rosa["Hours"], rosa["Minutes"], rosa["Individual or group"]) == ("2.00", "120", "Individual")
    assert (rosa["About RSC one gives"], rosa["Counts for this category"]) == ("Yes", "Counts")
    assert uma["Counts for this category"] == "Cannot tell"
    assert uma["Why not, or why not surely"].endswith("Check with First 5 Alabama.")
    assert (peers["Counts for this category"], peers["Individual or group"]) == ("Does not count", "Group")


def test_the_workbook_says_the_same_with_real_days_and_numbers(
    cast: Cast, login_as: LoginAs, scene: Scene
) -> None:
    sheets = workbook(login_as(cast.ana).get(scene.url(".xlsx")).data)
    assert list(sheets) == ["Trainings", "RSC", "What this is", "Not counted"]
    first = dicts(sheets["Trainings"])[0]
    assert (first["Date"], first["First day, if another"]) == (date(2024, 5, 8), date(2024, 5, 7))
    assert (first["Hours"], first["Minutes"]) == (1.66, 100)
    assert [row["Title"] for row in dicts(sheets["Trainings"])] == ["Watching", "Attachment", "Systems"]
    assert [row["Who provided it"] for row in dicts(sheets["RSC"])] == ["Rosa", "Uma", "Peers"]


def test_what_does_not_count_is_on_a_sheet_of_its_own_with_the_reason(
    cast: Cast, login_as: LoginAs, scene: Scene
) -> None:
    sheets = workbook(login_as(cast.ana).get(scene.url(".xlsx")).data)
    assert [(row["Title"], row["Why it does not count"]) for row in dicts(sheets["Not counted"])] == [
        ("Returned", "A coordinator sent it back: No proof of it"),
        ("Booked", "Booked: a seat is held, and nothing is earned yet."),
    ]


def test_one_sheet_says_what_it_is_and_claims_nothing(cast: Cast, login_as: LoginAs, scene: Scene) -> None:
    rows = workbook(login_as(cast.ana).get(scene.url(".xlsx")).data)["What this is"]
    said = {row[0]: (row[1], row[2]) for row in rows}
    assert said["Person"][0] == "Ana Sample"
    assert said["Category"][0] == "Category IFS, IMH-E®"
    assert said["Training hours, minimum"] == (
        "4 h 40 min verified, 1 h 30 min not looked at yet, 3 h booked; 30 h asked. Not yet.",
        "Edition 2026-test; check with First 5 Alabama",
    )
    assert "First 5 Alabama decides what counts" in said["What it is not"][0]
    assert not re.search("eligib|approved", str(rows).lower())


def test_the_sheets_can_be_printed_with_the_head_on_every_page(
    cast: Cast, login_as: LoginAs, scene: Scene
) -> None:
    with zipfile.ZipFile(io.BytesIO(login_as(cast.ana).get(scene.url(".xlsx")).data)) as parts:
        sheet, book = parts.read("xl/worksheets/sheet1.xml").decode(), parts.read("xl/workbook.xml").decode()
    assert 'orientation="landscape"' in sheet
    assert 'fitToHeight="0"' in sheet
    assert 'state="frozen"' in sheet
    assert "Trainings!$1:$1" in book
