"""A table from bytes to rows of cells under the names that we give the columns. No database, no clock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from catalog.courses.forms.fields import on_one_line
from catalog.decoding import Why
from catalog.records.importing.cells import plain
from catalog.records.importing.columns import HEAD_WITHIN
from catalog.records.importing.grids import SENTENCES, grids, refuse_misnamed
from catalog.records.refusals import SheetRefused

MOST_BYTES = 5 * 1024 * 1024
MOST_ROWS = 5_000
Columns = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Needs:
    """Which columns a table has, and of which groups one has to be there; `said` is how that is asked for."""

    columns: Columns
    needed: Sequence[frozenset[str]]
    said: str


@dataclass(frozen=True, slots=True)
class Table:
    rows: list[tuple[int, dict[str, Any]]]
    """The number of each row as the file shows it, and its cells."""
    unused: list[str]
    """Headings that mean nothing here; what stands under them is left out."""


def read(data: bytes, needs: Needs, name: str = "") -> Table:
    """`name` is what the file is called. Raises SheetRefused when it is no table, has other columns, or is too
    long."""
    if not data:
        raise SheetRefused(SENTENCES[Why.EMPTY])
    if len(data) > MOST_BYTES:
        raise SheetRefused("This file is larger than 5 MB. A table of people is far smaller.")
    first: Sequence[Any] = ()
    refuse_misnamed(name, data)
    for grid in grids(data, MOST_ROWS):
        for at, row in enumerate(grid[:HEAD_WITHIN]):
            places = _places(row, needs.columns)
            if all(any(name in places for name in group) for group in needs.needed):
                return _table(grid, at, places)
            if sum(bool(str(cell or "").strip()) for cell in row) > len(first):
                first = [str(cell).strip() for cell in row if str(cell or "").strip()]
    found = ", ".join(f"“{cell[:40]}”" for cell in first[:12])
    raise SheetRefused(f"{needs.said}{f' Found were: {found}.' if found else ''}")


def _places(row: Sequence[Any], columns: Columns) -> dict[str, int]:
    titles = [plain(str(cell or ""))[:60] for cell in row]
    places: dict[str, int] = {}
    for column, headings in columns.items():
        fits = [titles.index(heading) for heading in headings if heading in titles]
        if free := [place for place in fits if place not in places.values()]:
            places[column] = free[0]
    return places


def _table(grid: Sequence[Sequence[Any]], at: int, places: Mapping[str, int]) -> Table:
    filled = [
        (line, {name: row[place] for name, place in places.items() if place < len(row)})
        for line, row in enumerate(grid[at + 1 :], at + 2)
        if any(str(cell).strip() for cell in row if cell is not None)
    ]
    if not filled:
        raise SheetRefused("There is no row under the headings.")
    if len(filled) > MOST_ROWS:
        raise SheetRefused(f"This table has more than {MOST_ROWS:,} rows. Split it and bring in the parts.")
    heads = [on_one_line(str(cell or ""))[:60] for cell in grid[at]]
    used = set(places.values())
    return Table(filled, [head for place, head in enumerate(heads) if head and place not in used][:20])
