"""A table of past trainings, from bytes to rows that say how each was understood. No database, no clock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from catalog.courses.forms.fields import on_one_line
from catalog.decoding import Why
from catalog.records.importing.columns import EXAMPLE, head
from catalog.records.importing.grids import SENTENCES, grids, refuse_misnamed
from catalog.records.importing.rows import Known, Row, row_of
from catalog.records.refusals import SheetRefused

MOST_BYTES = 5 * 1024 * 1024
MOST_ROWS = 1_000

NO_HEAD = (
    "No headings were found. The first row has to name the columns: Title, Date and Hours are needed; Trainer, "
    "Provider, Areas, Topics and Ledger help."
)


@dataclass(frozen=True, slots=True)
class Sheet:
    rows: list[Row]
    used: list[str]
    """The headings that were understood."""
    unused: list[str]
    """Those that were not; what stands under them is left out."""

    def as_json(self) -> dict[str, Any]:
        return {"rows": [row.as_json() for row in self.rows], "used": self.used, "unused": self.unused}


def read(data: bytes, known: Known, today: date, name: str = "") -> Sheet:
    """`name` is what the file is called. Raises SheetRefused when it is no such table, or too much of one."""
    if not data:
        raise SheetRefused(SENTENCES[Why.EMPTY])
    if len(data) > MOST_BYTES:
        raise SheetRefused("This file is larger than 5 MB. A table of trainings is far smaller.")
    refuse_misnamed(name, data)
    for grid in grids(data, MOST_ROWS):
        if found := head(grid):
            at, places = found
            return _sheet(grid, at, places, known, today)
    raise SheetRefused(NO_HEAD)


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
