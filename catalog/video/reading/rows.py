"""Rows into joins, with a line for each row that cannot be one."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from catalog.video.names import clean
from catalog.video.reading.people import Join
from catalog.video.reading.table import Row
from catalog.video.reading.times import Times, length

CLOCKS_BACK = timedelta(hours=1)
"""On the night when the clocks are set back, somebody may leave at an earlier time than they came."""


class Rows:
    """Reads the rows of one file and keeps what is wrong with them."""

    def __init__(self, rows: Sequence[Row], columns: Sequence[str], near: datetime) -> None:
        self.times = Times((row[column] for row in rows for column in columns), near)
        self.problems: list[str] = []

    def at(self, row: Row, column: str, said: str) -> datetime | None:
        text = row[column]
        found = self.times.read(text) if text else None
        if found is None:
            what = f"“{clean(text)[:40]}” is no time" if text else "there is nothing"
            self.problems.append(f"Line {row.line}: {what} where {said} should be.")
        return found

    def join(self, row: Row, lasted: timedelta | None = None) -> Join | None:
        came, left = self.at(row, "came", "the time of joining"), self.at(row, "left", "the time of leaving")
        if came is None or left is None:
            return None
        if (came.tzinfo is None) != (left.tzinfo is None):
            self.problems.append(f"Line {row.line}: only one of the two times says its zone.")
            return None
        if left < came - CLOCKS_BACK and _is_without_date(row["left"]):
            left += timedelta(days=1)
        if left < came - CLOCKS_BACK:
            self.problems.append(f"Line {row.line}: leaves before joining.")
            return None
        return Join(row.line, came, left, lasted)

    def length(self, row: Row, column: str) -> timedelta | None:
        text = row[column]
        found = length(text)
        if found is None and text:
            self.problems.append(f"Line {row.line}: “{clean(text)[:40]}” is no length of time.")
        return found

    def name(self, row: Row, *columns: str) -> str:
        name = clean(" ".join(row[column] for column in columns))
        if not name and not row["email"]:
            self.problems.append(f"Line {row.line} names nobody.")
        return name


def _is_without_date(text: str) -> bool:
    """Then leaving at 12:10 am after coming at 11 pm is the next day."""
    return not any(sign in text for sign in "/-.,") and sum(letter.isdigit() for letter in text) <= 6
