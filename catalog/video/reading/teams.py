"""Teams: the report of 2022 and later in sections, and the older list of who joined and left when."""

from collections.abc import Iterator
from datetime import datetime

from catalog.video.models import Source
from catalog.video.names import fold
from catalog.video.reading.people import Join, Parsed, Seen, emails, gather
from catalog.video.reading.rows import Rows
from catalog.video.reading.table import Layout, Row, Tables

WHO = {
    "name": ("Name", "Full Name"),
    "email": ("Email",),
    "account": ("Participant ID (UPN)", "UPN"),
}
LAYOUTS = (
    Layout(
        "teams activities",
        "Teams",
        {**WHO, "came": ("Join Time",), "left": ("Leave Time",), "lasted": ("Duration",)},
        ("name", "came", "left", "lasted"),
    ),
    Layout(
        "teams participants",
        "Teams",
        {
            **WHO,
            "came": ("First Join", "First Join Time"),
            "left": ("Last Leave", "Last Leave Time"),
            "total": ("In-Meeting Duration",),
        },
        ("name", "came", "left", "total"),
    ),
    Layout(
        "teams list",
        "Teams",
        {"name": ("Full Name", "Name"), "action": ("User Action",), "at": ("Timestamp",)},
        ("name", "action", "at"),
    ),
)


def read(found: Tables, near: datetime) -> tuple[Parsed, list[str]]:
    activities, participants = found.of("teams activities"), found.of("teams participants")
    listed = found.of("teams list")
    rows = Rows([*activities, *participants, *listed], ("came", "left", "at"), near)
    accounts = {fold(row["name"]): emails(row["email"], row["account"]) for row in participants}
    if activities:
        seen = list(_joined(activities, accounts, rows))
    elif participants:
        seen = list(_first_and_last(participants, rows))
    else:
        seen = list(_in_and_out(listed, rows))
    return Parsed(Source.TEAMS, gather(seen)), rows.problems


def _joined(activities: list[Row], accounts: dict[str, tuple[str, ...]], rows: Rows) -> Iterator[Seen]:
    for row in activities:
        name, lasted = rows.name(row, "name"), rows.length(row, "lasted")
        own = emails(row["email"], row["account"])
        known = accounts.get(fold(name), ())
        # The section before has the account beside the address; two people of one name keep their own.
        yield Seen(name, known if own and own[0] in known else own or known, rows.join(row, lasted))


def _first_and_last(participants: list[Row], rows: Rows) -> Iterator[Seen]:
    for row in participants:
        own = emails(row["email"], row["account"])
        yield Seen(rows.name(row, "name"), own, rows.join(row), rows.length(row, "total"))


def _in_and_out(listed: list[Row], rows: Rows) -> Iterator[Seen]:
    """Joined and Left in turn. Whoever joins twice before they leave has two devices there, and is gone when both
    are; whoever never left was still there when the list was taken."""
    by_name: dict[str, list[tuple[Row, bool, datetime]]] = {}
    for row in listed:
        action, at = row["action"].casefold(), rows.at(row, "at", "the time")
        if not action.startswith(("joined", "left")):
            rows.problems.append(f"Line {row.line}: neither joined nor left.")
        elif at is not None:
            by_name.setdefault(rows.name(row, "name"), []).append((row, action.startswith("joined"), at))
    for name, steps in by_name.items():
        for join in _joins(sorted(steps, key=lambda step: step[2].replace(tzinfo=None))):
            yield Seen(name, (), join)


def _joins(steps: list[tuple[Row, bool, datetime]]) -> Iterator[Join]:
    devices, line, came = 0, 0, None
    for row, is_in, at in steps:
        if is_in:
            devices += 1
            if came is None:
                line, came = row.line, at
        elif came is not None:
            devices -= 1
            if devices == 0:
                yield Join(line, came, at)
                came = None
    if came is not None:
        yield Join(line, came, None)
