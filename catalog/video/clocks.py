"""Times of the wall clock into instants, in the zone that the report is in. Arithmetic only.

Reports say what a clock on the wall showed and not which zone it hung in. On the night when the clocks are set back
the same hour comes twice; which one is meant is told by how long the join lasted, and by what came before."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from catalog.attendance.presence import Span, union
from catalog.courses.models import Meeting
from catalog.video.reading.people import Join, Participant
from catalog.wording import ZONE_NAMES, day

MARKEDLY = 1.2
"""Another zone is proposed where people would have been in the meeting for a fifth longer than in this one."""
CLOSE = timedelta(minutes=2)
MANY, FEW = 300, 4


def spans(participant: Participant, zone: str, meeting: Meeting) -> list[Span]:
    """When the participant was there. Whoever has not left when the report was taken stays to the meeting's end.

    Joins whose times the clocks never showed are left out; `impossible` says which they are."""
    found: list[Span] = []
    for join in participant.joins:
        after = found[-1].left_at if found else None
        if span := _span(join, zone, meeting.ends_at, after):
            found.append(span)
    return found


def _span(join: Join, zone: str, ends_at: datetime, after: datetime | None) -> Span | None:
    """Of the instants that the two times may mean, those that lasted as long as the report says; then those that
    begin when the join before had ended; then the earlier ones."""
    comes = instants(join.came, zone)
    leaves = instants(join.left, zone) if join.left else [ends_at]
    may = [Span(came, left) for came in comes for left in leaves if left >= came or join.left is None]
    if len(may) == 1:
        return may[0]
    return min(may, key=lambda span: _doubt(span, join, after), default=None)


def _doubt(span: Span, join: Join, after: datetime | None) -> tuple[timedelta, bool, datetime]:
    off = timedelta()
    if join.lasted is not None:
        off = abs(span.left_at - span.came_at - join.lasted)
    follows = after is None or span.came_at >= after - CLOSE
    return off if off > CLOSE else timedelta(), not follows, span.came_at


def instants(at: datetime, zone: str) -> list[datetime]:
    """One, two where the clocks show this time twice, none where they jump over it."""
    if at.tzinfo is not None:
        return [at.astimezone(UTC)]
    place = ZoneInfo(zone)
    first, second = (at.replace(tzinfo=place, fold=fold).utcoffset() or timedelta() for fold in (0, 1))
    if first < second:
        return []
    return [(at - off).replace(tzinfo=UTC) for off in ((first,) if first == second else (first, second))]


def impossible(participants: Iterable[Participant], zone: str) -> list[str]:
    """A line for each time that the zone's clocks never showed."""
    return [
        f"Line {join.line}: there was no {_said(at)} in this zone, the clocks jumped over it."
        for participant in participants
        for join in participant.joins
        for at in (join.came, join.left)
        if at is not None and not instants(at, zone)
    ]


def _said(at: datetime) -> str:
    return f"{at:%I:%M} ".lstrip("0") + at.strftime("%p").lower() + f" on {day(at)}"


def comes_twice(participant: Participant, zone: str) -> bool:
    """Whether a time of theirs is of the hour that came twice."""
    return any(
        len(instants(at, zone)) == 2 for join in participant.joins for at in (join.came, join.left) if at
    )


def inside(participants: Sequence[Participant], meeting: Meeting, zone: str) -> timedelta:
    """How long all of them together were in the meeting, were the report in this zone."""
    there = (
        span.left_at - span.came_at
        for participant in participants
        for span in union(meeting, spans(participant, zone, meeting))
    )
    return sum(there, timedelta())


def better_zone(participants: Sequence[Participant], meeting: Meeting, zone: str) -> str | None:
    """The zone in which these times fit the meeting markedly better; None when they fit as they are.

    Everybody in a report has the same clock, wherever they joined from, so a few hundred of them tell."""
    timed = [replace(one, joins=one.joins[:FEW]) for one in participants if one.joins][:MANY]
    now = inside(timed, meeting, zone)
    best = max(ZONE_NAMES, key=lambda name: (inside(timed, meeting, name), name == meeting.offering.zone))
    fits = inside(timed, meeting, best)
    return best if fits > now * MARKEDLY and best != zone else None


def first_and_last(participants: Iterable[Participant]) -> tuple[datetime, datetime] | None:
    """From the first time to the last on the report's own clock, for saying which meeting it is of."""
    times = list(_walls(participants))
    return (min(times), max(times)) if times else None


def _walls(participants: Iterable[Participant]) -> Iterator[datetime]:
    for participant in participants:
        for join in participant.joins:
            yield from (at.replace(tzinfo=None) for at in (join.came, join.left) if at)
