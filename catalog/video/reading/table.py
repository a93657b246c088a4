"""Tables in a file of comma, semicolon or tab separated values: found by their headings, wherever they begin.

The products write summaries and section titles around their tables, and move columns from version to version. So a
table begins where a line has all the headings that one of the layouts needs, and ends at a section title."""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from catalog.video.refusals import ReportRefused

MOST_ROWS = 50_000
DELIMITERS = ("\t", ",", ";")
LOOKED_AT = 200
"""How far into the file the first headings may stand."""
SECTION = re.compile(
    r"\d{1,2}\. .+|(?:host|panelist|attendee|other)s? (?:details|attended|report),?|meeting (?:summary|activities)",
    re.IGNORECASE,
)

csv.field_size_limit(131_072)


class Layout(NamedTuple):
    """What a table of one product looks like: by our name of each column the headings that it may have.

    `is_bare` is for tables whose few headings others have too: beside those there is nothing else in them."""

    name: str
    product: str
    columns: Mapping[str, tuple[str, ...]]
    needs: tuple[str, ...]
    is_bare: bool = False


@dataclass(slots=True)
class Row:
    """Cells by our name of the column; what the table does not have is empty."""

    line: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


class Table(NamedTuple):
    layout: Layout
    rows: list[Row]


class Tables(NamedTuple):
    found: list[Table]
    problems: list[str]
    """Half rows, by line."""

    def of(self, *names: str) -> list[Row]:
        """The rows of every table of these layouts."""
        return [row for table in self.found if table.layout.name in names for row in table.rows]


class _Heading(NamedTuple):
    layout: Layout
    places: dict[str, int]

    @property
    def width(self) -> int:
        """How many cells a row must have to say what is needed."""
        return 1 + max(self.places[name] for name in self.layout.needs)


@lru_cache(maxsize=1024)
def plain(heading: str) -> str:
    """ "Name (Original Name)" and "name (original name):" are the same heading."""
    return " ".join(re.sub(r"[^\w\s]|_", " ", heading.casefold()).split())


def tables(text: str, layouts: Sequence[Layout]) -> Tables:
    """Raises ReportRefused when no table is there, or more rows than anybody's meeting has."""
    delimiter = _delimiter(text, layouts)
    found: list[Table] = []
    problems: list[str] = []
    heading: _Heading | None = None
    for line, cells in _lines(text, delimiter):
        if not any(cells):
            continue
        if may := _may_be_heading(cells) and _heading(cells, layouts):
            heading = may
            found.append(Table(heading.layout, []))
        elif _is_section(cells):
            heading = None
        elif heading:
            if len(found[-1].rows) >= MOST_ROWS:
                raise ReportRefused(
                    f"This report has more than {MOST_ROWS:,} rows. Export the report of this meeting alone."
                )
            if len(cells) < heading.width:
                problems.append(f"Line {line} is only half there: “{_start(cells)}”.")
                continue
            cells_by_name = {name: cells[at] for name, at in heading.places.items() if at < len(cells)}
            found[-1].rows.append(Row(line, cells_by_name))
    if not found:
        raise ReportRefused(*_what_is_missing(text, layouts))
    return Tables(found, problems)


def _lines(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Each row with the line of the file in which it begins; a quoted cell may run over several lines."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    line = 1
    try:
        for cells in reader:
            yield line, [cell.strip() for cell in cells]
            line = reader.line_num + 1
    except csv.Error as error:
        raise ReportRefused(
            f"From line {line} on this file cannot be read as a table: a quotation mark is opened and not closed. "
            "Export the report again."
        ) from error


def _start(cells: Sequence[str]) -> str:
    said = ", ".join(cell for cell in cells if cell)
    return said if len(said) <= 60 else said[:60] + "…"


def _delimiter(text: str, layouts: Sequence[Layout]) -> str:
    """The one by which the headings come out."""
    scores = {delimiter: _best(text, delimiter, layouts)[0] for delimiter in DELIMITERS}
    return max(scores, key=lambda delimiter: scores[delimiter])


def _best(
    text: str, delimiter: str, layouts: Sequence[Layout]
) -> tuple[float, int, Layout | None, list[str]]:
    """How well the best line fits the best layout, which these are, and the columns that are missing."""
    best: tuple[float, int, Layout | None, list[str]] = (0, 0, None, [])
    head = "".join(islice(io.StringIO(text, newline=""), LOOKED_AT))
    for line, cells in _lines(head, delimiter):
        have = {plain(cell) for cell in cells}
        for layout in layouts:
            if layout.is_bare and not _heading(cells, [layout]):
                continue
            missing = [name for name in layout.needs if have.isdisjoint(map(plain, layout.columns[name]))]
            score = (len(layout.needs) - len(missing)) / len(layout.needs) + (not missing)
            if score > best[0]:
                best = (score, line, layout, missing)
    return best


def _what_is_missing(text: str, layouts: Sequence[Layout]) -> tuple[str, list[str]]:
    score, line, layout, missing = max(
        (_best(text, delimiter, layouts) for delimiter in DELIMITERS), key=lambda best: best[0]
    )
    if layout is None or score <= 0.5:
        return (
            "No headings of a Zoom, Teams or Google Meet report were found in this file. Export the participants’ "
            "report with the product set to English, and upload it as it comes.",
            [],
        )
    titles = " and ".join(f"“{layout.columns[name][0]}”" for name in missing)
    noun = "column" if len(missing) == 1 else "columns"
    return (
        f"This looks like a {layout.product} report, but line {line} has no {noun} {titles}. Export the report "
        "again with the product set to English and all columns, and upload it as it comes.",
        [],
    )


def _may_be_heading(cells: Sequence[str]) -> bool:
    """A quick look, because every row is asked."""
    said = " ".join(cells).casefold()
    return ("name" in said or "topic" in said) and ("time" in said or "duration" in said)


def _heading(cells: Sequence[str], layouts: Sequence[Layout]) -> _Heading | None:
    titles = [plain(cell) for cell in cells]
    for layout in layouts:
        places = _places(titles, layout)
        if layout.is_bare and len(places) < len([title for title in titles if title]):
            continue
        if all(name in places for name in layout.needs):
            return _Heading(layout, places)
    return None


def _places(titles: Sequence[str], layout: Layout) -> dict[str, int]:
    """Where each column stands. Where a heading comes twice, as in reports that repeat the host's address in each
    line, the one after the participant's name is meant."""
    first = next(iter(layout.columns))
    name_at = max((at for at, title in enumerate(titles) if title in _plains(layout, first)[:1]), default=0)
    places: dict[str, int] = {}
    for column in layout.columns:
        wanted = _plains(layout, column)
        places_of = [at for at, title in enumerate(titles) if title in wanted]
        if places_of:
            places[column] = next((at for at in places_of if at >= name_at), places_of[0])
    return places


def _plains(layout: Layout, column: str) -> list[str]:
    return [plain(title) for title in layout.columns[column]]


def _is_section(cells: Sequence[str]) -> bool:
    said = [cell for cell in cells if cell]
    return len(said) == 1 and SECTION.fullmatch(said[0]) is not None
