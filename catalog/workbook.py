"""Workbooks (XLSX): tables on tabs, with real days and numbers, ready to be printed; and nothing in them runs.

Every text is written as text, whatever it begins with. One that looks like a formula is marked as text besides, as
if somebody had typed an apostrophe before it, so that it stays one when its cell is edited."""

import io
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from catalog.sheets import Value, runs

LONGEST = 32_767
"""What a cell holds; the library would leave out a longer text without a word."""
FIRST_DAY = date(1900, 1, 1)
"""Spreadsheets know no day before it."""
LETTER = 1
NOTHING_RUNS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


class Tab(NamedTuple):
    """A table with its head as the first row. `widths` are in letters, one for each column."""

    name: str
    rows: Sequence[Sequence[Value]]
    widths: Sequence[int]


class Formats(NamedTuple):
    head: Format
    text: Format
    quoted: Format
    day: Format
    hours: Format
    number: Format


def xlsx_bytes(tabs: Sequence[Tab], *, title: str, made_at: datetime) -> bytes:
    """The tabs as a file. The same tabs made at the same time give the same cells."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, NOTHING_RUNS) as book:
        book.set_properties({"title": title[:255], "created": made_at.replace(tzinfo=None)})
        formats = _formats(book)
        for tab in tabs:
            _write(book.add_worksheet(tab.name), tab, formats)
    return out.getvalue()


def _formats(book: xlsxwriter.Workbook) -> Formats:
    cell = {"valign": "top", "text_wrap": True}
    wash = {"bold": True, "bg_color": "#E2EFE9", "bottom": 1, "bottom_color": "#1D6B5A"}
    return Formats(
        head=book.add_format({**cell, **wash}),
        text=book.add_format(cell),
        quoted=book.add_format({**cell, "quote_prefix": True}),
        day=book.add_format({**cell, "num_format": "d mmm yyyy", "align": "left"}),
        hours=book.add_format({**cell, "num_format": "0.00"}),
        number=book.add_format({**cell, "num_format": "0"}),
    )


def _write(sheet: Worksheet, tab: Tab, formats: Formats) -> None:
    for column, width in enumerate(tab.widths):
        sheet.set_column(column, column, width)
    for number, row in enumerate(tab.rows):
        for column, value in enumerate(row):
            _write_cell(
                sheet,
                number,
                column,
                value,
                formats._replace(text=formats.head if not number else formats.text),
            )
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.set_paper(LETTER)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.set_footer("&L&A&RPage &P of &N")


def _write_cell(sheet: Worksheet, row: int, column: int, value: Value, formats: Formats) -> None:
    """Each kind by its own verb; none of them looks into a text to guess what it may be."""
    match value:
        case None | "":
            sheet.write_blank(row, column, None, formats.text)
        case str():
            text = value if len(value) <= LONGEST else value[: LONGEST - 1] + "…"
            sheet.write_string(row, column, text, formats.quoted if runs(text) else formats.text)
        case date() if value >= FIRST_DAY:
            sheet.write_datetime(row, column, value, formats.day)
        case date():
            sheet.write_string(row, column, value.isoformat(), formats.text)
        case Decimal():
            sheet.write_number(row, column, value, formats.hours)
        case _:
            sheet.write_number(row, column, value, formats.number)
