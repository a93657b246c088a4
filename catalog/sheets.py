"""Tables for spreadsheets, as CSV that opens rightly and does nothing.

A spreadsheet runs a cell that begins like a formula, and what people typed may begin so. Such a cell gets an
apostrophe in front, by which spreadsheets know text. The mark at the file's beginning tells them that it is UTF-8."""

import csv
import io
from collections.abc import Iterable, Sequence

# The full-width forms are read as formulas too, in some languages.
STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

Value = str | int | float | None


def safe_cell(value: Value) -> str:
    """The cell as text that no spreadsheet runs. Numbers stay numbers, also those below zero."""
    if value is None:
        return ""
    if not isinstance(value, str):
        return str(value)
    runs = value.startswith(STARTS_FORMULA) or value.lstrip(" ").startswith(STARTS_FORMULA)
    return "'" + value if runs else value


def csv_bytes(rows: Iterable[Sequence[Value]]) -> bytes:
    """The rows, the first of them the head, as a file."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows([safe_cell(value) for value in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")
