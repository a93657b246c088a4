"""What the desk says of each kind of work, and where each line leads."""

from datetime import datetime, timedelta
from typing import NamedTuple

from catalog.coordinating.queries.desk import DOUBLES, Heap
from catalog.coordinating.queries.lists import LISTED
from catalog.wording import day

SAID = {
    "rosters": ("roster is overdue", "rosters are overdue"),
    "offers": ("offer of a seat runs out within a day", "offers of a seat run out within a day"),
    "minimum": (
        "session has fewer people than it needs, and is to be decided on",
        "sessions have fewer people than they need, and are to be decided on",
    ),
    "queues": (
        "session has a free seat and people who wait",
        "sessions have a free seat and people who wait",
    ),
    "requests": (
        "person asked for a place on a session without a trainer",
        "people asked for a place on sessions without a trainer",
    ),
    "disputes": ("dispute is to be decided", "disputes are to be decided"),
    "hours": ("line of hours is to be verified", "lines of hours are to be verified"),
    "education": ("entry of education is to be looked at", "entries of education are to be looked at"),
    "reviews": ("course waits for review", "courses wait for review"),
    "letters": ("letter could not be sent", "letters could not be sent"),
    "bounces": ("person’s address takes no mail", "people’s addresses take no mail"),
    "qualifications": (
        "trainer’s qualification expires soon or has expired",
        "trainers’ qualifications expire soon or have expired",
    ),
    "memberships": (
        "membership ends before 31 December",
        "memberships end before 31 December",
    ),
    "mappings": (
        "published course has a mapping that nobody reviewed",
        "published courses have a mapping that nobody reviewed",
    ),
    DOUBLES: (
        "pair of accounts may be one person’s",
        "pairs of accounts may be one person’s",
    ),
}
TITLES = {
    "offers": "Offers that run out within a day",
    "minimum": "Sessions with too few people",
    "queues": "Free seats with people waiting",
    "requests": "Requests that no trainer answers",
    "disputes": "Disputes to decide",
    "bounces": "Addresses that take no mail",
}
EMPTY = {
    "offers": "No offered seat runs out within a day.",
    "minimum": "Every session that is decided on within a week has as many people as it needs.",
    "queues": "No seat is free while somebody waits for it.",
    "requests": "Nobody waits for an answer on a session without a trainer.",
    "disputes": "No dispute waits for a coordinator.",
    "bounces": "Every address takes mail, as far as is known.",
}
PAGES = {
    "rosters": "attendance.overdue",
    "hours": "records.review_hours",
    "education": "records.review_education",
    "reviews": "courses.review",
    "letters": "notices.outgoing",
    "qualifications": "coordinating.qualifications",
    "memberships": "coordinating.members",
    "mappings": "courses.review",
    DOUBLES: "coordinating.duplicates",
}
"""The pages of other features; the desk itself lists the rest."""
SOON = timedelta(days=7)


class Line(NamedTuple):
    """A plain sentence, since when it has waited, by when it is due, and how pressing that is."""

    kind: str
    sentence: str
    since: str
    due: str
    tone: str
    endpoint: str
    values: dict[str, str]


def line(heap: Heap, now: datetime, zone: str) -> Line:
    one, many = SAID[heap.kind]
    tone = "soft"
    if heap.due:
        tone = "clay" if heap.due <= now else "sun" if heap.due <= now + SOON else "soft"
    return Line(
        heap.kind,
        f"{'At least ' if heap.is_more else ''}{heap.count:,} {one if heap.count == 1 else many}",
        day(heap.since, zone) if heap.since else "",
        _due(heap, now, zone),
        tone,
        "coordinating.waiting" if heap.kind in LISTED else PAGES[heap.kind],
        _values(heap, now, zone),
    )


def _due(heap: Heap, now: datetime, zone: str) -> str:
    if heap.due is None:
        return ""
    return f"{'since' if heap.due <= now else 'by'} {day(heap.due, zone)}"


def _values(heap: Heap, now: datetime, zone: str) -> dict[str, str]:
    if heap.kind in LISTED:
        return {"kind": heap.kind}
    if heap.kind == "memberships":
        return {"before": f"{now:%Y}-12-31"}
    if heap.kind == "qualifications":
        return {"show": "due"}
    return {"_anchor": "mappings"} if heap.kind == "mappings" else {}
