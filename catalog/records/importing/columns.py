"""The headings of a table of trainings, as people write them."""

from collections.abc import Mapping, Sequence
from typing import Any

from catalog.records.importing.cells import plain

HEAD_WITHIN = 30
"""How many rows of titles and notes may stand above the headings."""
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "title": (
        *(
            "title",
            "training",
            "training title",
            "title of training",
            "name",
            "name of training",
            "course",
            "topic",
        ),
        *("course title", "training name", "event", "workshop", "session", "activity", "description"),
    ),
    "began": (
        *(
            "date",
            "dates",
            "start",
            "start date",
            "first date",
            "first day",
            "from",
            "began",
            "date s",
            "begin",
        ),
        *("training date", "date of training", "date attended", "dates attended", "begin date", "date from"),
    ),
    "ended": (
        "end",
        "end date",
        "last date",
        "last day",
        "to",
        "until",
        "ended",
        "date completed",
        "completed",
        "completion date",
        "date to",
        "finish",
        "finished",
    ),
    "hours": (
        *(
            "hours",
            "contact hours",
            "clock hours",
            "training hours",
            "number of hours",
            "length",
            "duration",
            "hrs",
        ),
        *("total hours", "hour", "credit hours", "hours attended", "rsc hours", "of hours"),
    ),
    "minutes": ("minutes", "min", "mins", "number of minutes", "clock minutes"),
    "trainer": (
        *(
            "trainer",
            "trainers",
            "presenter",
            "presenters",
            "instructor",
            "speaker",
            "facilitator",
            "trainer name",
        ),
        *(
            "trainer s",
            "presenter s",
            "taught by",
            "supervisor",
            "consultant",
            "rsc provider",
            "name of trainer",
        ),
    ),
    "provider": (
        *(
            "provider",
            "agency",
            "sponsor",
            "organization",
            "organisation",
            "sponsoring agency",
            "provided by",
        ),
        *("training provider", "sponsored by", "host", "offered by", "sponsor agency", "company"),
    ),
    "topics": (
        *(
            "topics",
            "topics covered",
            "knowledge skill areas",
            "knowledge skill area",
            "competency",
            "competencies",
        ),
        *("topic", "topic covered", "skills", "topic s", "knowledge and skill areas"),
    ),
    "areas": ("areas", "area", "competency area", "competency areas", "area s", "domain", "domains"),
    "ledger": ("ledger", "type", "kind", "training or rsc", "type of hours", "hours type", "category"),
    "group": ("individual or group", "group or individual", "format", "individual group", "setting"),
    "tags": ("tag", "tags", "counts as", "hours also count as"),
}
"""Our name of each column, and the headings that people give it. An earlier one is meant where two could be."""
EXAMPLE: tuple[tuple[str, ...], ...] = (
    ("Title", "Ledger", "First date", "Last date", "Hours", "Trainer", "Provider", "Areas", "Topics", "Tags"),
    (
        *("Sleep and soothing (sample)", "training", "2025-01-14", "2025-01-15", "6", "Sample Trainer"),
        *("Sample agency", "Theoretical Foundations", "", ""),
    ),
    (
        "Monthly consultation (sample)",
        "rsc",
        "2025-02-03",
        "",
        "1.5",
        "Sample Supervisor",
        "Sample agency",
        "",
        "",
        "",
    ),
)


def head(grid: Sequence[Sequence[Any]]) -> tuple[int, dict[str, int]] | None:
    """Where the headings stand, and under which place each of our columns is."""
    for at, row in enumerate(grid[:HEAD_WITHIN]):
        titles = [plain(str(cell or ""))[:60] for cell in row]
        places: dict[str, int] = {}
        for column, headings in COLUMNS.items():
            fits = [titles.index(heading) for heading in headings if heading in titles]
            if free := [place for place in fits if place not in places.values()]:
                places[column] = free[0]
        if {"title", "began"} <= places.keys() and ("hours" in places or "minutes" in places):
            return at, places
        if {"title", "ended"} <= places.keys() and ("hours" in places or "minutes" in places):
            return at, {**places, "began": places["ended"]}
    return None
