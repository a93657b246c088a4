"""Google Meet: one row a person, with the first coming, the last leaving and the time in between that counted."""

from collections.abc import Iterator
from datetime import datetime

from catalog.video.models import Source
from catalog.video.reading.people import Parsed, Seen, emails, gather
from catalog.video.reading.rows import Rows
from catalog.video.reading.table import Layout, Row, Tables

COLUMNS = {
    "name": ("Name", "Participant", "Participant name"),
    "first": ("First name",),
    "last": ("Last name",),
    "email": ("Email", "Email address"),
    "total": ("Duration",),
    "came": ("Time joined", "Joined at"),
    "left": ("Time exited", "Left at"),
}
NAMED_IN_TWO = {"first": COLUMNS["first"], **COLUMNS}
LAYOUTS = (
    Layout("meet", "Google Meet", NAMED_IN_TWO, ("first", "last", "came", "left")),
    Layout("meet", "Google Meet", COLUMNS, ("name", "came", "left")),
    Layout("meet totals", "Google Meet", NAMED_IN_TWO, ("first", "last", "email", "total"), is_bare=True),
    Layout("meet totals", "Google Meet", COLUMNS, ("name", "email", "total"), is_bare=True),
)


def read(found: Tables, near: datetime) -> tuple[Parsed, list[str]]:
    people = found.of("meet", "meet totals")
    rows = Rows(people, ("came", "left"), near)
    return Parsed(Source.MEET, gather(list(_seen(people, rows)))), rows.problems


def _seen(people: list[Row], rows: Rows) -> Iterator[Seen]:
    for row in people:
        name, total = rows.name(row, "name", "first", "last"), rows.length(row, "total")
        is_timed = bool(row["came"] or row["left"])
        if not is_timed and total is None:
            rows.problems.append(f"Line {row.line} has neither times nor a duration.")
            continue
        yield Seen(name, emails(row["email"]), rows.join(row) if is_timed else None, total)
