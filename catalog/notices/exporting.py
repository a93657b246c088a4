"""The audit trail as a table: one line for each entry, in words and with the numbers behind them."""

from collections.abc import Iterable, Sequence
from zoneinfo import ZoneInfo

from catalog.notices.phrases import Fact, facts
from catalog.notices.queries import Line
from catalog.sheets import Value

ABOUTS = {
    "person": "People",
    "offering": "Sessions",
    "course": "Courses",
    "framework": "The framework",
    "letter": "Letters",
}
"""The kinds of things that can be asked for on their own."""
HEAD = ("When", "Zone", "Who", "Number of who", "Action", "What", "Of whom", "Number of whom")
MORE = ("About", "Number", "Called", "Reason", "Details")
WIDTHS = (20, 18, 24, 10, 24, 48, 24, 10, 14, 10, 40, 40, 60)

Row = Sequence[Value]


def rows(lines: Iterable[Line], zone: str) -> list[Row]:
    """The head and the lines, newest first; what people wrote is made safe where the file is written."""
    return [(*HEAD, *MORE), *(_row(line, zone) for line in lines)]


def _row(line: Line, zone: str) -> Row:
    entry = line.entry
    by, whom = entry.by, entry.person
    sentence = line.sentence.replace("{person}", whom.name if whom else "somebody")
    return (
        f"{entry.at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M:%S}",
        zone,
        by.name if by else "The catalog",
        entry.by_id,
        entry.action,
        sentence.replace("{thing}", line.thing),
        whom.name if whom else "",
        entry.person_id,
        entry.about,
        entry.about_id,
        line.thing,
        entry.reason or "",
        "; ".join(_said(fact) for fact in facts(entry.details, zone)),
    )


def _said(fact: Fact) -> str:
    """As the page says it, where what is private is left out too."""
    name = f"{fact.name}: " if fact.name else ""
    return f"{name}{fact.before} → {fact.value}" if fact.before is not None else f"{name}{fact.value}"
