"""Zoom: the participants of a meeting with every join, or its unique users with a total; a webinar's attendees."""

from collections.abc import Iterator
from datetime import datetime

from catalog.video.models import Source
from catalog.video.reading.people import Parsed, Seen, emails, gather
from catalog.video.reading.rows import Rows
from catalog.video.reading.table import Layout, Row, Tables

ORIGINAL = ("Name (Original Name)", "User Name (Original Name)")
EMAIL = ("User Email", "Email", "Email address")
WAITING = ("In Waiting Room",)
COLUMNS = {
    "name": (*ORIGINAL, "User Name", "Name"),
    "email": EMAIL,
    "came": ("Join Time",),
    "left": ("Leave Time",),
    "lasted": ("Duration (Minutes)", "Time in Session (minutes)"),
    "waiting": WAITING,
    "attended": ("Attended",),
}
LAYOUTS = (
    Layout("zoom joins", "Zoom", COLUMNS, ("name", "came", "left", "lasted")),
    # The column of minutes may have been taken out; the name's heading is Zoom's alone.
    Layout("zoom joins", "Zoom", {**COLUMNS, "name": ORIGINAL}, ("name", "came", "left")),
    Layout(
        "zoom summary",
        "Zoom",
        {"topic": ("Topic",), "start": ("Start Time", "Actual Start Time"), "end": ("End Time",)},
        ("topic", "start", "end"),
    ),
    Layout(
        "zoom users",
        "Zoom",
        {
            "name": COLUMNS["name"],
            "email": EMAIL,
            "total": ("Total Duration (Minutes)",),
            "waiting": WAITING,
        },
        ("name", "total"),
    ),
)


def read(found: Tables, near: datetime) -> tuple[Parsed, list[str]]:
    joins = [row for row in found.of("zoom joins") if _is_inside(row)]
    users = [row for row in found.of("zoom users") if _is_inside(row)]
    summary = found.of("zoom summary")
    rows = Rows([*joins, *summary], ("came", "left", "start", "end"), near)
    # Where both are there the times say more.
    seen = list(_joined(joins, rows) if joins else _added_up(users, rows))
    return Parsed(Source.ZOOM, gather(seen), _held(summary, rows)), rows.problems


def _held(summary: list[Row], rows: Rows) -> tuple[datetime, datetime] | None:
    for row in summary:
        start, end = rows.times.read(row["start"]), rows.times.read(row["end"])
        if start and end:
            return start.replace(tzinfo=None), end.replace(tzinfo=None)
    return None


def _is_inside(row: Row) -> bool:
    """Not in the waiting room, and not one who registered and never came."""
    return row["waiting"].casefold() not in ("yes", "y") and row["attended"].casefold() != "no"


def _joined(joins: list[Row], rows: Rows) -> Iterator[Seen]:
    for row in joins:
        name, lasted = rows.name(row, "name"), rows.length(row, "lasted")
        yield Seen(name, emails(row["email"]), rows.join(row, lasted))


def _added_up(users: list[Row], rows: Rows) -> Iterator[Seen]:
    for row in users:
        total = rows.length(row, "total")
        if not row["total"]:
            rows.problems.append(f"Line {row.line} has no minutes.")
        yield Seen(rows.name(row, "name"), emails(row["email"]), total=total)
