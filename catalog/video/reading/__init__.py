"""Participants' reports as the products export them, from bytes to people with times. No database, no clock."""

from datetime import datetime

from catalog.video.reading import meet, teams, zoom
from catalog.video.reading.people import Join, Parsed, Participant
from catalog.video.reading.table import tables
from catalog.video.reading.text import MOST_BYTES, decode
from catalog.video.refusals import ReportRefused

MOST_PEOPLE = 1_000
LAYOUTS = (*zoom.LAYOUTS, *teams.LAYOUTS, *meet.LAYOUTS)
READERS = {"Zoom": zoom.read, "Teams": teams.read, "Google Meet": meet.read}

__all__ = ["MOST_BYTES", "Join", "Parsed", "Participant", "read"]


def read(data: bytes, near: datetime) -> Parsed:
    """Everybody in the report. `near` is when the meeting began, on the wall clock: times without a date are of
    that day, and days that could be months are told by it.

    Raises ReportRefused, with the lines that are wrong; then nothing of the file is taken."""
    found = tables(decode(data), LAYOUTS)
    parsed, problems = READERS[found.found[0].layout.product](found, near)
    if problems := [*found.problems, *problems]:
        raise ReportRefused(
            "Some lines of this report cannot be read, so none of it was taken. Export it again once the meeting "
            "is over, and upload it as it comes.",
            sorted(problems, key=_line),
        )
    if not parsed.participants:
        raise ReportRefused("Nobody is in this report.")
    if len(parsed.participants) > MOST_PEOPLE:
        raise ReportRefused(
            f"This report names {len(parsed.participants):,} different people; {MOST_PEOPLE:,} is the most for one "
            "meeting. Export the report of this meeting alone."
        )
    return parsed


def _line(problem: str) -> int:
    digits = "".join(letter for letter in problem.partition(":")[0] if letter.isdigit())
    return int(digits or 0)
