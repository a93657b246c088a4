"""A CSV file as rows of plain text, or the reason why it is no such file."""

import csv
import io
from pathlib import Path
from typing import NamedTuple

from catalog.errors import DataRefused

LARGEST_FILE = 2 * 1024 * 1024
LONGEST_CELL = 4000
COLUMNS = (
    "title",
    "kind",
    "provider",
    "provider_state",
    "trainer",
    "format",
    "location_city",
    "hours",
    "meetings",
    "meeting_pattern",
    "capacity",
    "price_usd",
    "member_price_usd",
    "audience",
    "age_band",
    "ce_credits",
    "competency_areas",
    "competency_areas_inferred",
    "prerequisites",
    "year_or_date",
    "summary",
    "source_url",
)


class Line(NamedTuple):
    """One row as a spreadsheet counts it (the header is row 1), its cells by column, white space tidied."""

    row: int
    cells: dict[str, str]


def read_table(path: Path) -> list[Line]:
    """Raises DataRefused when the file as a whole, or its shape, cannot be used."""
    problems: list[str] = []
    records = _records(path)
    if not records:
        raise DataRefused(str(path), ["The file is empty."])
    _check_header(records[0], problems)
    if problems:
        raise DataRefused(str(path), problems)
    lines = []
    for row, record in enumerate(records[1:], 2):
        if not any(cell.strip() for cell in record):
            continue
        if len(record) != len(records[0]):
            problems.append(f"row {row}: it has {len(record)} cells, the header has {len(records[0])}.")
            continue
        header = [name.strip() for name in records[0]]
        cells = {name: " ".join(cell.split()) for name, cell in zip(header, record, strict=True)}
        problems += [f"row {row}, {name}: {reason}" for name, reason in _unstorable(cells)]
        lines.append(Line(row, cells))
    if problems:
        raise DataRefused(str(path), problems)
    return lines


def _records(path: Path) -> list[list[str]]:
    def refused(reason: str) -> DataRefused:
        return DataRefused(str(path), [reason])

    try:
        content = path.read_bytes()
    except OSError as error:
        raise refused(f"The file cannot be read: {error.strerror}.") from None
    if len(content) > LARGEST_FILE:
        raise refused("The file is larger than 2 MB.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = content[: error.start].count(b"\n") + 1
        raise refused(
            f"row {row}: the file is not UTF-8 text; save it as “CSV UTF-8” from the spreadsheet."
        ) from None
    try:
        return list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        raise refused(f"The file is not CSV: {error}.") from None


def _check_header(header: list[str], problems: list[str]) -> None:
    names = [name.strip() for name in header]
    problems += [f"row 1: the column {name} is missing." for name in COLUMNS if name not in names]
    problems += [f"row 1: the column “{name}” is not known." for name in names if name not in COLUMNS]
    problems += [f"row 1: the column {name} stands twice." for name in COLUMNS if names.count(name) > 1]


def _unstorable(cells: dict[str, str]) -> list[tuple[str, str]]:
    found = [
        (name, f"the text is longer than {LONGEST_CELL} characters.")
        for name, cell in cells.items()
        if len(cell) > LONGEST_CELL
    ]
    found += [
        (name, "the text holds a character that cannot be stored.")
        for name, cell in cells.items()
        if any(not letter.isprintable() and letter < " " for letter in cell)
    ]
    return found
