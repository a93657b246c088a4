"""The cells of a table as rows, whatever file they come in; where its headings stand is not known here."""

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Any

from catalog.decoding import Undecodable, Why, decode
from catalog.records.importing import workbook
from catalog.records.importing.columns import HEAD_WITHIN
from catalog.records.refusals import SheetRefused

MOST_COLUMNS = 200
DELIMITERS = (",", ";", "\t")
SENTENCES = {
    Why.EMPTY: "This file is empty. Choose another one.",
    Why.OTHER: "This is {what}. Save the table as an Excel workbook (.xlsx) or as CSV and choose that.",
    Why.LETTERS: "The letters of this file cannot be read. Save it as “CSV UTF-8” or as .xlsx and choose that.",
    Why.DAMAGED: "Letters of this file were damaged when it was saved, as in “{what}”. Save the table as an Excel "
    "workbook (.xlsx) and choose that.",
}


WORKBOOKS = (".xlsx", ".xlsm", ".xltx")
NO_WORKBOOK = (
    "This file is called a workbook ({ending}) and is none, or it was damaged on its way. Open it in a spreadsheet "
    "program, save it again as .xlsx or as CSV, and choose that."
)


def refuse_misnamed(name: str, data: bytes) -> None:
    """What is called a workbook and is none would be read as text, and refused in words about letters and rows.
    Raises SheetRefused."""
    ending = next((ending for ending in WORKBOOKS if name.lower().endswith(ending)), None)
    if ending and data and not workbook.is_workbook(data):
        raise SheetRefused(NO_WORKBOOK.format(ending=ending))


def grids(data: bytes, most_rows: int) -> Iterator[Sequence[Sequence[Any]]]:
    """One after another until the right one is found: the sheets of a workbook, or a text parted in three ways. Not
    many more rows than `most_rows` are read of each. Raises SheetRefused."""
    if workbook.is_workbook(data):
        yield from workbook.sheets(data)
        return
    try:
        said = decode(data)
    except Undecodable as error:
        raise SheetRefused(SENTENCES[error.why].format(what=error.what)) from error
    for delimiter in DELIMITERS:
        yield _lines(said, delimiter, most_rows + HEAD_WITHIN + 4000)


def _lines(said: str, delimiter: str, most: int) -> list[list[str]]:
    rows = []
    try:
        for number, row in enumerate(csv.reader(io.StringIO(said, newline=""), delimiter=delimiter)):
            if number > most:
                break
            rows.append(row[:MOST_COLUMNS])
    except csv.Error as error:
        raise SheetRefused(
            f"From row {len(rows) + 1} on this file cannot be read as a table: a quotation mark is opened and not "
            "closed."
        ) from error
    return rows
