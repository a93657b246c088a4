"""A table of past trainings, from bytes to rows that say how each was understood. No database, no clock."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from catalog.courses.forms.fields import on_one_line
from catalog.decoding import Undecodable, Why, decode
from catalog.records.importing import workbook
from catalog.records.importing.columns import EXAMPLE, HEAD_WITHIN, head
from catalog.records.importing.rows import Known, Row, row_of
from catalog.records.refusals import SheetRefused

MOST_BYTES = 5 * 1024 * 1024
MOST_ROWS = 1_000
MOST_COLUMNS = 200
DELIMITERS = (",", ";", "\t")

NO_HEAD = (
    "No headings were found. The first row has to name the columns: Title, Date and Hours are needed; Trainer, "
    "Provider, Areas, Topics and Ledger help."
)
SENTENCES = {
    Why.EMPTY: "This file is empty. Choose another one.",
    Why.OTHER: "This is {what}. Save the table as an Excel workbook (.xlsx) or as CSV and choose that.",
    Why.LETTERS: "The letters of this file cannot be read. Save it as “CSV UTF-8” or as .xlsx and choose that.",
    Why.DAMAGED: "Letters of this file were damaged when it was saved, as in “{what}”. Save the table as an Excel "
    "workbook (.xlsx) and choose that.",
}


@dataclass(frozen=True, slots=True)
class Sheet:
    rows: list[Row]
    used: list[str]
    """The headings that were understood."""
    unused: list[str]
    """Those that were not; what stands under them is left out."""

    def as_json(self) -> dict[str, Any]:
        return {"rows": [row.as_json() for row in self.rows], "used": self.used, "unused": self.unused}


def read(data: bytes, known: Known, today: date) -> Sheet:
    """Raises SheetRefused when it is no such table, or too much of one."""
    if not data:
        raise SheetRefused(SENTENCES[Why.EMPTY])
    if len(data) > MOST_BYTES:
        raise SheetRefused("This file is larger than 5 MB. A table of trainings is far smaller.")
    for grid in _grids(data):
        if found := head(grid):
            at, places = found
            return _sheet(grid, at, places, known, today)
    raise SheetRefused(NO_HEAD)


def _grids(data: bytes) -> Iterator[Sequence[Sequence[Any]]]:
    if workbook.is_workbook(data):
        yield from workbook.sheets(data)
        return
    try:
        said = decode(data)
    except Undecodable as error:
        raise SheetRefused(SENTENCES[error.why].format(what=error.what)) from error
    for delimiter in DELIMITERS:
        yield _lines(said, delimiter)


def _lines(said: str, delimiter: str) -> list[list[str]]:
    rows = []
    try:
        for number, row in enumerate(csv.reader(io.StringIO(said, newline=""), delimiter=delimiter)):
            if number > MOST_ROWS + HEAD_WITHIN + 4000:
                break
            rows.append(row[:MOST_COLUMNS])
    except csv.Error as error:
        raise SheetRefused(
            f"From row {len(rows) + 1} on this file cannot be read as a table: a quotation mark is opened and not "
            "closed."
        ) from error
    return rows


def _sheet(
    grid: Sequence[Sequence[Any]], at: int, places: Mapping[str, int], known: Known, today: date
) -> Sheet:
    filled = [
        (line, row)
        for line, row in enumerate(grid[at + 1 :], at + 2)
        if any(str(cell).strip() for cell in row if cell is not None)
    ]
    if not filled:
        raise SheetRefused("There is no row under the headings.")
    if len(filled) > MOST_ROWS:
        raise SheetRefused(f"This table has more than {MOST_ROWS:,} rows. Split it and import the parts.")
    heads = [on_one_line(str(cell or "")) for cell in grid[at]]
    used = set(places.values())
    rows = [
        row_of(line, {c: row[p] for c, p in places.items() if p < len(row)}, known, today)
        for line, row in filled
    ]
    return Sheet(
        rows,
        used=[head[:60] for place, head in enumerate(heads) if head and place in used],
        unused=[head[:60] for place, head in enumerate(heads) if head and place not in used][:20],
    )


__all__ = ["EXAMPLE", "MOST_BYTES", "MOST_ROWS", "Known", "Row", "Sheet", "read"]
