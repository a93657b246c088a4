"""How long each kind of data is kept, and why. RETENTION in the environment sets another number of days for a kind:
`RETENTION="letters=365 audit=3650"`."""

from collections.abc import Mapping
from typing import NamedTuple


class Kind(NamedTuple):
    """`days` after what `since` says, unless the association chose otherwise, but never fewer than `least`."""

    days: int
    since: str
    what: str
    why: str
    least: int = 1


KINDS: dict[str, Kind] = {
    "letter_words": Kind(
        90, "it was sent", "the words of letters", "Long enough to answer “I never got it”."
    ),
    "letters": Kind(
        730,
        "it was sent",
        "that a letter was sent",
        "A reminder that was sent must not be sent again while it could still be due.",
        least=400,
    ),
    "jobs": Kind(
        400, "it was done", "work that the worker has done", "The same work is not done twice.", least=400
    ),
    "sign_ins": Kind(
        30,
        "it ended",
        "sign-ins that ended",
        "Somebody may ask which devices were signed in, and is told of a device that is new.",
    ),
    "attempts": Kind(
        1, "it counted last", "counts of failed attempts", "They limit guessing, and nothing else."
    ),
    "feeds": Kind(
        90, "it was taken back", "calendar addresses that were taken back", "To see that it was taken back."
    ),
    "links": Kind(90, "it ended", "links to goals that ended", "To see that it was taken back."),
    "calendar": Kind(
        400, "the session was over", "what calendars were told", "A correction needs its number.", least=30
    ),
    "doors": Kind(
        30, "the meeting was over", "check-in codes", "A code that was seen late can still be explained."
    ),
    "answers": Kind(
        180,
        "the session was over",
        "what people said when they joined, and what they need to take part",
        "It was for that session alone.",
        least=30,
    ),
    "evidence": Kind(
        365,
        "it was sent back, replaced or taken back",
        "files that show hours that do not count",
        "Somebody may hand the hours in again.",
        least=30,
    ),
    "imports": Kind(
        90, "it was read", "tables that were brought in, once their rows are saved", "To undo a mistake."
    ),
    "reports": Kind(
        365,
        "it was saved",
        "names in reports of video meetings",
        "A dispute may ask who was there.",
        least=30,
    ),
    "materials": Kind(30, "it was taken back", "materials that were taken back", "To undo a mistake."),
    "hits": Kind(30, "the session was over", "what saved searches found", "A session is told of once."),
    "bounces": Kind(365, "it came", "addresses that took no mail and were cleared", "It may come back."),
    "exports": Kind(
        1, "it expired", "files of everything about somebody", "They are made to be fetched at once."
    ),
    "accounts": Kind(1, "the grace was over", "accounts whose people left", "The worker does it on the day."),
    "checks": Kind(365, "it ran", "what the nightly check found", "To see since when something is so."),
    "audit": Kind(
        2555, "it was written", "the audit trail", "Seven years, as public agencies keep records.", least=365
    ),
}


class Unknown(ValueError):
    """A sentence about what was chosen."""


def read(text: str) -> dict[str, int]:
    """Days by kind, those that were chosen over those there are. Raises Unknown."""
    chosen = {name: kind.days for name, kind in KINDS.items()}
    for part in text.replace(",", " ").split():
        name, _, days = part.partition("=")
        if name not in KINDS:
            raise Unknown(f"“{name}” is no kind of data; use {', '.join(KINDS)}")
        least = KINDS[name].least
        if not days.isascii() or not days.isdigit() or not least <= int(days) <= 36_500:
            raise Unknown(f"“{part}” is no number of days; use {name}= and a number from {least} to 36500")
        chosen[name] = int(days)
    return chosen


DEFAULT: Mapping[str, int] = read("")
