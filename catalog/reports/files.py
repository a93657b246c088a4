"""Reports as files: a table as CSV, a whole report as a workbook with a tab that says what is counted."""

from collections.abc import Sequence
from datetime import datetime

from catalog.places import county_name
from catalog.reports.frame import Asked, Line, Question, Report, Table
from catalog.reports.saying import heads, values
from catalog.sheets import Value, csv_bytes
from catalog.workbook import Tab, xlsx_bytes

LONGEST_NAME = 31
"""Of a tab; and some letters cannot be in it."""


def csv(table: Table) -> bytes:
    return csv_bytes(rows(table))


def xlsx(question: Question, report: Report, asked: Asked, made_at: datetime) -> bytes:
    tabs = [
        Tab(_name(table, number), rows(table), _widths(table))
        for number, table in enumerate(report.tables, 1)
    ]
    about = Tab("What this is", _about(question, report, asked), (24, 90))
    return xlsx_bytes([*tabs, about], title=question.title, made_at=made_at)


def rows(table: Table) -> list[Sequence[Value]]:
    head: list[Value] = [table.head, *(name for column in table.columns for name in heads(column))]
    lines = [*table.lines, *([table.total] if table.total else [])]
    return [head, *(_row(table, line) for line in lines)]


def _row(table: Table, line: Line) -> list[Value]:
    figures = zip(line.figures, table.columns, strict=True)
    return [line.label, *(value for figure, column in figures for value in values(figure, column))]


def _widths(table: Table) -> list[int]:
    return [36, *(14 for column in table.columns for _ in heads(column))]


def _name(table: Table, number: int) -> str:
    """Two tables may begin with the same words, so each has its number."""
    plain = "".join(letter for letter in table.title if letter not in "[]:*?/\\'")
    return f"{number} {plain}"[:LONGEST_NAME].strip()


def _about(question: Question, report: Report, asked: Asked) -> list[Sequence[Value]]:
    counties = ", ".join(county_name(fips) for fips in asked.counties) or "All, and sessions in none"
    notes = [("About " + table.title, table.note) for table in report.tables if table.note]
    return [
        ("Report", question.title),
        ("What is counted", question.counts),
        ("First day", asked.period.first),
        ("Last day", asked.period.last),
        ("Counties", counties),
        ("As of", f"{report.as_of:%Y-%m-%d %H:%M} UTC" if report.as_of else "Not counted yet"),
        ("Small counts", "Under 5 are not shown" if asked.masked else "All are shown"),
        *notes,
    ]
