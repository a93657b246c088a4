"""A table of past trainings as people keep it: read whatever it looks like, refused when it is none or too much."""

import time
from contextlib import suppress
from datetime import date, timedelta
from datetime import time as clock_time
from typing import Any

import pytest

from catalog.records import importing
from catalog.records.importing import Known, Row, cells
from catalog.records.importing.cells import plain
from catalog.records.refusals import SheetRefused
from tests.records import sheets
from tests.records.sheets import HEAD

TODAY = date(2026, 11, 28)
KNOWN = Known(
    areas={"tf": 1, "theoretical foundations": 1, plain("Law, Regulation & Agency Policy"): 2},
    topics={
        plain("TF.attachment"): 11,
        plain("Attachment, separation & loss"): 11,
        plain("TF.pregnancy"): 12,
    },
    tags={"rsc provision": 21},
)
ROW = ("Sleep and soothing", "2025-01-14", "6", "A trainer", "An agency", "TF.attachment")


def read(data: bytes) -> list[Row]:
    return importing.read(data, KNOWN, TODAY).rows


def one(**said: Any) -> Row:
    """One row with these columns, and what is needed besides."""
    columns = {"Title": "A training", "Date": "2025-01-14", "Hours": "6", "Topics": "TF.attachment", **said}
    [row] = read(sheets.csv(list(columns), list(columns.values())))
    return row


def test_a_row_is_read_whole() -> None:
    [row] = read(sheets.csv(HEAD, ROW))
    assert (row.line, row.title, row.began, row.ended, row.minutes) == (
        *(2, "Sleep and soothing", "2025-01-14", "2025-01-14"),
        360,
    )
    assert (row.trainer, row.provider, row.ledger) == ("A trainer", "An agency", "training")
    assert (row.topics, row.problems, row.notes) == ([11], [], [])


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_text_is_read_in_the_letters_that_programs_save(delimiter: str, encoding: str) -> None:
    [row] = read(sheets.csv(HEAD, ("Niñez “sample”", *ROW[1:]), delimiter=delimiter, encoding=encoding))
    assert (row.title, row.minutes, row.problems) == ("Niñez “sample”", 360, [])


def test_a_workbook_is_read_with_its_dates_numbers_and_formulas() -> None:
    data = sheets.workbook(
        ("Trainings of a sample person",),
        HEAD,
        ("Sleep", ("date", 45671), 1.5, "A trainer", "An agency", "TF.attachment"),
        (
            ("formula", 'HYPERLINK("https://example.org","x")', "Shown"),
            45672,
            ("formula", "1+1", 2),
            "",
            "",
            "",
        ),
    )
    first, second = read(data)
    assert (first.line, first.began, first.minutes, first.problems) == (3, "2025-01-14", 90, [])
    assert (second.title, second.began, second.minutes) == ("Shown", "2025-01-15", 120)


@pytest.mark.parametrize(
    ("head", "name"),
    [
        ("Training", "title"),
        ("NAME OF TRAINING:", "title"),
        ("Course title", "title"),
        ("Date(s)", "began"),
        ("Start date", "began"),
        ("# of hours", "minutes"),
        ("Contact Hours", "minutes"),
        ("Presenter(s)", "trainer"),
        ("Sponsoring agency", "provider"),
    ],
)
def test_headings_are_understood_as_people_write_them(head: str, name: str) -> None:
    swapped = {"title": 0, "began": 1, "minutes": 2, "trainer": 3, "provider": 4}[name]
    heads = [head if at == swapped else one for at, one in enumerate(HEAD)]
    [row] = read(sheets.csv(heads, ROW))
    assert row == read(sheets.csv(HEAD, ROW))[0]


def test_columns_that_are_not_understood_are_said() -> None:
    found = importing.read(sheets.csv((*HEAD, "Room", "Lunch"), (*ROW, "12", "yes")), KNOWN, TODAY)
    assert found.unused == ["Room", "Lunch"]
    assert found.used == list(HEAD)


@pytest.mark.parametrize(
    ("said", "days"),
    [
        ("2025-01-14", ("2025-01-14", "2025-01-14")),
        ("1/14/2025", ("2025-01-14", "2025-01-14")),
        ("1/14/25", ("2025-01-14", "2025-01-14")),
        ("14 Jan 2025", ("2025-01-14", "2025-01-14")),
        ("Tuesday, January 14, 2025", ("2025-01-14", "2025-01-14")),
        ("Jan. 14 2025", ("2025-01-14", "2025-01-14")),
        ("45671", ("2025-01-14", "2025-01-14")),
        ("1/14/2025 - 1/16/2025", ("2025-01-14", "2025-01-16")),
        ("2025-01-14 to 2025-01-16", ("2025-01-14", "2025-01-16")),
    ],
)
def test_dates_are_read_as_people_write_them(said: str, days: tuple[str, str]) -> None:
    row = one(Date=said)
    assert (row.began, row.ended, row.problems) == (*days, [])


def test_a_second_column_is_the_last_day() -> None:
    assert one(**{"End date": "1/16/2025"}).ended == "2025-01-16"


@pytest.mark.parametrize(
    ("column", "said", "minutes"),
    [
        ("Hours", "6", 360),
        ("Hours", "1.5", 90),
        ("Hours", "1 h 30 min", 90),
        ("Hours", "6 contact hours", 360),
        ("Hours", "1.3333333333333333", 80),
        ("Hours", "90 minutes", 90),
        ("Hours", "1:30", 90),
    ],
)
def test_lengths_are_clock_minutes(column: str, said: str, minutes: int) -> None:
    row = one(**{column: said})
    assert (row.minutes, row.problems, row.notes) == (minutes, [], [])


def test_a_column_of_minutes_is_one_of_minutes() -> None:
    [row] = read(sheets.csv(("Title", "Date", "Minutes", "Areas"), ("A", "2025-01-14", "90", "TF")))
    assert (row.minutes, row.areas) == (90, [1])


def test_a_part_of_a_minute_is_left_out_and_said() -> None:
    row = one(Hours="1.33")
    assert (row.minutes, row.notes) == (79, ["Read as 1 h 19 min; parts of a minute are left out."])


def test_a_workbooks_own_times_are_lengths() -> None:
    assert cells.minutes(clock_time(1, 30)) == (90, True)
    assert cells.minutes(timedelta(hours=26)) == (1560, True)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"Title": ""}, "It has no title."),
        ({"Title": "x" * 201}, "is longer than 200 characters."),
        ({"Date": ""}, "It has no date."),
        ({"Date": "last spring"}, "is no date that can be read."),
        ({"Date": "14/1/2025"}, "Days are read as month/day/year."),
        ({"Date": "2/30/2025"}, "is no date that can be read."),
        ({"Date": "2999-01-01"}, "This day is still to come."),
        ({"Date": "1901-01-01"}, "Choose a day after 1930."),
        ({"End date": "2025-01-13"}, "The last day is before the first day."),
        ({"Hours": ""}, "It has no hours."),
        ({"Hours": "many"}, "Write a length, such as 6"),
        ({"Hours": "0"}, "The hours have to be more than 0."),
        ({"Hours": "-3"}, "Write a length, such as 6"),
        ({"Hours": "40"}, "more than 16 hours a day"),
        ({"Type": "seminar"}, "is neither training nor RSC."),
        ({"Type": "RSC", "Format": "crowd"}, "is neither individual nor group."),
    ],
)
def test_what_is_wrong_is_said_beside_its_row(said: dict[str, str], sentence: str) -> None:
    [problem] = one(**said).problems
    assert sentence in problem


@pytest.mark.parametrize(
    "said", ["RSC", "rsc hours", "Reflective supervision/consultation", "Reflective Supervision"]
)
def test_rsc_is_told_apart_by_its_column(said: str) -> None:
    row = one(Ledger=said, Topics="", **{"Individual or group": "Group"})
    assert (row.ledger, row.is_group, row.problems, row.notes) == ("rsc", True, [], [])


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ({"Topics": "tf.ATTACHMENT; TF.pregnancy"}, ([], [11, 12])),
        ({"Topics": "Attachment, separation and loss, TF.pregnancy"}, ([], [12])),
        ({"Topics": "Attachment, separation & loss"}, ([], [11])),
        ({"Topics": "Theoretical-Foundations"}, ([1], [])),
        ({"Areas": "TF, Law", "Topics": ""}, ([1], [])),
        ({"Areas": "law regulation and agency policy", "Topics": ""}, ([2], [])),
    ],
)
def test_areas_and_topics_are_found_by_code_or_name(
    said: dict[str, str], found: tuple[list[int], list[int]]
) -> None:
    row = one(**said)
    assert (row.areas, row.topics) == found
    assert row.problems == []


def test_what_the_framework_does_not_have_is_said_and_left_out() -> None:
    row = one(Topics="TF.attachment; Basket weaving", Tags="nonsense; RSC provision")
    assert (row.topics, row.tags) == ([11], [21])
    assert row.notes == [
        "Not in the framework, so left out: Basket weaving.",
        "No such tag, so left out: nonsense.",
    ]


def test_a_training_without_an_area_can_be_saved_and_says_that_it_does_not_count_yet() -> None:
    row = one(Topics="")
    assert row.problems == []
    assert row.notes == ["It names no area and no topic. It counts once you add one after saving."]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "This file is empty."),
        (b"%PDF-1.7 something", "This is a PDF."),
        (b"\x89PNG\r\n\x1a\n", "This is a picture."),
        (b"<!doctype html><title>x", "This is a web page."),
        (b"\xd0\xcf\x11\xe0 old", "This is an old Excel workbook."),
        (b"PK\x03\x04 broken", "This workbook cannot be read."),
        (b"Title;Hours\r\nA;6", "No headings were found."),
        (sheets.csv(HEAD), "There is no row under the headings."),
        (sheets.csv(HEAD, *[ROW] * 1001), "more than 1,000 rows"),
        (b'Title,Date,Hours\r\n"A,2025-01-14,6\r\n' + b"x" * 140_000, "cannot be read as a table"),
        (b"x" * (5 * 1024 * 1024 + 1), "larger than 5 MB"),
        (sheets.packed({"xl/workbook.xml": "<broken"}), "This workbook cannot be read."),
    ],
)
def test_what_is_no_table_is_refused_with_a_sentence(data: bytes, sentence: str) -> None:
    with pytest.raises(SheetRefused, match=sentence):
        read(data)


def test_a_zip_that_is_no_workbook_is_refused() -> None:
    data = sheets.packed({}).replace(b"xl/workbook.xml", b"xl/otherbook.xm")
    with pytest.raises(SheetRefused):
        read(data)


def test_a_thousand_rows_are_read_quickly() -> None:
    began = time.process_time()
    assert len(read(sheets.csv(HEAD, *[ROW] * 1000))) == 1000
    assert time.process_time() - began < 5


def test_a_workbook_that_unfolds_into_gigabytes_is_refused() -> None:
    bomb = sheets.packed({"xl/worksheets/sheet1.xml": "<x>" + " " * (60 * 1024 * 1024) + "</x>"})
    assert len(bomb) < 100_000
    with pytest.raises(SheetRefused, match="far too large"):
        read(bomb)


@pytest.mark.parametrize("place", ["XFD1048576", "A20001", "GT1"])
def test_a_cell_far_out_is_refused(place: str) -> None:
    far = sheets.rows_xml(HEAD) + f'<row r="1048576">{sheets.cell(place, "x")}</row>'
    with pytest.raises(SheetRefused, match="Something stands in row"):
        read(sheets.packed({"xl/worksheets/sheet1.xml": sheets.sheet(far)}))


def test_a_cell_far_out_is_found_whatever_its_part_is_called() -> None:
    rels = f'<Relationships xmlns="{sheets.RELS}"><Relationship Id="rId1" Type="{sheets.OFFICE}/worksheet" '
    with pytest.raises(SheetRefused, match="Something stands in row"):
        read(
            sheets.packed(
                {
                    "xl/_rels/workbook.xml.rels": rels + 'Target="hidden.xml"/></Relationships>',
                    "xl/hidden.xml": sheets.sheet(f'<row r="1">{sheets.cell("XFD1048576", "x")}</row>'),
                }
            )
        )


def test_a_long_text_shown_in_many_cells_is_refused() -> None:
    many = "".join(
        f'<row r="{row}">'
        + "".join(f'<c r="{chr(65 + n)}{row}" t="s"><v>0</v></c>' for n in range(20))
        + "</row>"
        for row in range(1, 1001)
    )
    shared = f'<sst xmlns="{sheets.MAIN}"><si><t>{"x" * 32_000}</t></si></sst>'
    with pytest.raises(SheetRefused, match="far too large"):
        read(sheets.packed({"xl/worksheets/sheet1.xml": sheets.sheet(many), "xl/sharedStrings.xml": shared}))


def test_a_workbook_with_entities_is_refused() -> None:
    evil = '<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet>&a;</worksheet>'
    with pytest.raises(SheetRefused, match="cannot be read"):
        read(sheets.packed({"xl/worksheets/sheet1.xml": evil}))


@pytest.mark.parametrize("number", ["1e10", "1e300", "-1e300", "inf", "-inf", "NaN", "9" * 40])
@pytest.mark.parametrize("style", [14, 46])
def test_a_day_or_a_length_that_no_clock_shows_is_refused_or_said(number: str, style: int) -> None:
    """46 is a length. The reader gives up on some of them in ways of its own."""
    kinds = f'<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="{style}"/></cellXfs>'
    book = sheets.workbook(
        HEAD,
        ("Play", ("date", number), ("date", number)),
        **{"xl/styles.xml": f'<styleSheet xmlns="{sheets.MAIN}">{kinds}</styleSheet>'},
    )
    with suppress(SheetRefused):
        assert all(row.problems for row in read(book))


@pytest.mark.parametrize("letters", ["UTF-0", "shift_jis", "x" * 200])
def test_a_workbook_in_letters_that_nobody_knows_is_refused(letters: str) -> None:
    part = f'<?xml version="1.0" encoding="{letters}"?><a/>'
    with pytest.raises(SheetRefused, match="cannot be read"):
        read(sheets.workbook(HEAD, **{"xl/theme/theme1.xml": part}))
