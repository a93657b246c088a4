"""Tables for spreadsheets, as CSV that opens rightly and does nothing.

A spreadsheet runs a cell that begins like a formula, and what people typed may begin so. Such a cell gets an
apostrophe in front, by which spreadsheets know text. The mark at the file's beginning tells them that it is UTF-8."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

# The full-width forms are read as formulas too, in some languages.
STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

Value = str | int | float | Decimal | date | None


def safe_cell(value: Value) -> str:
    """The cell as text that no spreadsheet runs. Numbers stay numbers, also those below zero; days are 2026-11-28."""
    if value is None:
        return ""
    if not isinstance(value, str):
        return str(value)
    return "'" + value if runs(value) else value


def runs(text: str) -> bool:
    """Whether a spreadsheet would run it."""
    return text.lstrip(" ").startswith(STARTS_FORMULA)


def csv_bytes(rows: Iterable[Sequence[Value]]) -> bytes:
    """The rows, the first of them the head, as a file."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows([safe_cell(value) for value in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")
