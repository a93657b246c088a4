"""SQL statements and bytes of an answer, counted inside this process and without any load."""

from typing import Any, NamedTuple

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.engine import Engine

from bench.asks import FORM, Ask, Row


class Counted(NamedTuple):
    statements: str
    """How many: "4", or "3 to 4" where the row's probes differ."""
    most: int
    page_bytes: int
    """Bytes of the row's own answer, before any compression."""
    answered: int
    """How many requests were made to find this out."""


def count(app: Flask, row: Row) -> Counted:
    """The row's own request and its probes. The second answer counts: the first fills what a process keeps."""
    _answer(app, row, row.page(1)[0])
    own, size = _answer(app, row, row.page(1)[0])
    numbers = [own, *(_answer(app, row, probe)[0] for probe in row.probes)]
    fewest, most = min(numbers), max(numbers)
    said = str(most) if fewest == most else f"{fewest} to {most}"
    return Counted(said, most, size, 1 + len(numbers))


def counting(app: Flask, ask: Ask) -> int:
    """How many statements a page takes, asked for the second time."""
    _answered(app, ask, 200)
    return _answered(app, ask, 200)[0]


def _answer(app: Flask, row: Row, ask: Ask) -> tuple[int, int]:
    return _answered(app, ask, row.status)


def _answered(app: Flask, ask: Ask, status: int) -> tuple[int, int]:
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        # Python's SQLite driver is told in words where a transaction begins; that is no question to the database.
        if not statement.startswith("BEGIN"):
            seen.append(statement)

    client = app.test_client(use_cookies=False)
    kind = None if ask.form is None else FORM
    sa.event.listen(Engine, "before_cursor_execute", note)
    try:
        answer = client.open(
            ask.path, method=ask.method, headers=ask.headers, data=ask.body, content_type=kind
        )
    finally:
        sa.event.remove(Engine, "before_cursor_execute", note)
    if answer.status_code != status:
        raise RuntimeError(f"{ask.method} {ask.path} was answered with {answer.status}")
    return len(seen), len(answer.data)
