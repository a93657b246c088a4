"""Waitlist pressure: who waits for what, how long already, and who was still waiting when it began."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import groupby
from typing import Any, NamedTuple

import sqlalchemy as sa

from catalog import clock
from catalog.accounts.models import Person
from catalog.courses.models import Course, Kind, Offering, OfferingState
from catalog.courses.wording import KINDS
from catalog.enrollment.models import IS_WAITING, Enrollment
from catalog.extensions import db
from catalog.reports import queries, regions
from catalog.reports.frame import (
    TOTAL,
    Asked,
    Behind,
    Cell,
    Chart,
    Column,
    Drawing,
    Figure,
    Line,
    Question,
    Report,
    Table,
    To,
    Unit,
    Which,
    tenth,
)
from catalog.reports.period import Preset, month_key, month_name
from catalog.wording import day, local

DAY_SECONDS = 24 * 60 * 60
MOST_SESSIONS = 50
MOST_ASKED = 10_000
"""Of so many sessions at most the rows are listed; a statement holds no more."""

COLUMNS = (
    Column("waiting", "Waiting now", Unit.PEOPLE),
    Column("median", "Days waiting, median", Unit.DAYS, depends_on="waiting"),
    Column("longest", "Days waiting, longest", Unit.DAYS, depends_on="waiting"),
    Column("left", "Still waiting when it began", Unit.PEOPLE),
)


class Session(NamedTuple):
    """A session that takes place, with those in its queue. `waits` is how many seconds each of them waits for a seat
    that may still come; of a session that has begun there is only `left`, how many were waiting when it did."""

    number: int
    on: date
    kind: Kind
    county: str | None
    course_id: int
    title: str
    waits: tuple[int, ...] = ()
    left: int = 0


class _By(NamedTuple):
    key: str
    title: str
    head: str
    key_of: Callable[[Session], str]
    name: Callable[[Session], str]


BY = (
    _By(
        "months",
        "By month in which the session begins",
        "Month",
        lambda one: month_key(one.on.year, one.on.month),
        lambda one: month_name(month_key(one.on.year, one.on.month)),
    ),
    _By("kinds", "By kind", "Kind", lambda one: one.kind.value, lambda one: KINDS[one.kind]),
    _By(
        "counties",
        "By county of the session",
        "County",
        lambda one: regions.key_of(one.county),
        lambda one: regions.name_of(regions.key_of(one.county)),
    ),
    _By("courses", "By course", "Course", lambda one: str(one.course_id), lambda one: one.title),
    _By(
        "sessions",
        "Sessions to come with the longest queues",
        "Session",
        lambda one: str(one.number),
        lambda one: f"{one.title}, {day(one.on)}",
    ),
)


def answer(asked: Asked) -> Report:
    now = clock.now()
    found = [*_to_come(asked, now), *_begun(asked, now)]
    whole = Line(TOTAL, "Total", _figures(found))
    return Report(tuple(_table(by, found, whole) for by in BY), now)


def _to_come(asked: Asked, now: datetime) -> list[Session]:
    rows = db.session.execute(
        sa.select(*SESSION, Enrollment.queued_at)
        .select_from(Enrollment)
        .join(Offering, Offering.id == Enrollment.offering_id)
        .join(Course, Course.id == Offering.course_id)
        .where(IS_WAITING, Offering.starts_at > now, *_near(asked))
        .order_by(Offering.id)
    )
    found = (
        _session(key, waits=tuple(_seconds(row[-1], now) for row in group))
        for key, group in groupby(rows, key=lambda row: tuple(row[:-1]))
    )
    return [one for one in found if asked.period.holds(one.on)]


def _begun(asked: Asked, now: datetime) -> list[Session]:
    left = (
        sa.select(Enrollment.offering_id, sa.func.count().label("left"))
        .where(IS_WAITING)
        .group_by(Enrollment.offering_id)
        .subquery()
    )
    rows = db.session.execute(
        sa.select(*SESSION, left.c.left)
        .select_from(left)
        .join(Offering, Offering.id == left.c.offering_id)
        .join(Course, Course.id == Offering.course_id)
        .where(Offering.starts_at <= now, *_near(asked))
    )
    found = (_session(row[:-1], left=row[-1]) for row in rows)
    return [one for one in found if asked.period.holds(one.on)]


SESSION = (
    Offering.id,
    Course.kind,
    Offering.county,
    Offering.course_id,
    Course.title,
    Offering.starts_at,
    Offering.zone,
)


def _near(asked: Asked) -> tuple[sa.ColumnElement[bool], ...]:
    """Sessions that take place, with a day to spare at both ends: the calendar of each decides."""
    first, last = (datetime.combine(one, time(), UTC) for one in asked.period)
    return (
        Offering.starts_at.between(first - timedelta(days=1), last + timedelta(days=2)),
        Offering.state == OfferingState.SCHEDULED,
        regions.within(asked.counties),
    )


def _session(row: Sequence[Any], *, waits: tuple[int, ...] = (), left: int = 0) -> Session:
    number, kind, county, course_id, title, starts, zone = row
    return Session(number, local(starts, zone).date(), kind, county, course_id, title, waits, left)


def _seconds(queued: datetime, now: datetime) -> int:
    return max(0, int((now - queued).total_seconds()))


def _table(by: _By, found: Sequence[Session], whole: Line) -> Table:
    lines: dict[str, list[Session]] = defaultdict(list)
    for one in found:
        if by.key != "sessions" or one.waits:
            lines[by.key_of(one)].append(one)
    made = [Line(key, by.name(of[0]), _figures(of)) for key, of in lines.items()]
    is_short = by.key == "sessions"
    return Table(
        by.key,
        by.title,
        by.head,
        COLUMNS[:3] if is_short else COLUMNS,
        tuple(_in_order(by, made)),
        None if is_short else whole,
        chart=Chart(
            Drawing.BARS,
            f"Waiting now{'' if is_short else ', and left without a seat'}: {by.title[0].lower()}{by.title[1:]}",
            ("waiting",) if is_short else ("waiting", "left"),
            "people",
        ),
        note=f"At most {MOST_SESSIONS} are listed." if is_short else "",
    )


def _in_order(by: _By, lines: list[Line]) -> list[Line]:
    """Months by time and counties by name; courses and sessions by how many wait."""
    if by.key == "counties":
        place = {key: number for number, key in enumerate(regions.in_order({line.key for line in lines}))}
        return sorted(lines, key=lambda line: place[line.key])
    if by.key in ("months", "kinds"):
        return sorted(lines, key=lambda line: line.key)
    lines = sorted(
        lines, key=lambda line: (*(-int(line.figures[at] or 0) for at in (0, -1)), line.label, line.key)
    )
    if by.key == "sessions":
        return [
            Line(line.key, line.label, line.figures[:3])
            for line in sorted(lines, key=lambda line: -int(line.figures[0] or 0))[:MOST_SESSIONS]
        ]
    return lines


def _figures(of: Sequence[Session]) -> tuple[Figure, ...]:
    waits = sorted(one for session in of for one in session.waits)
    left = sum(one.left for one in of)
    if not waits:
        return 0, None, None, left
    # The one in the middle, or of an even number the mean of the two there.
    middle = waits[(len(waits) - 1) // 2] + waits[len(waits) // 2]
    return len(waits), _days(middle, 2), _days(waits[-1], 1), left


def _days(seconds: int, parts: int) -> Decimal:
    return tenth(Decimal(seconds) / (parts * DAY_SECONDS))


# The rows behind a figure.


def behind(asked: Asked, which: Which, page: int) -> Behind | None:
    now = clock.now()
    if which.column not in {column.key for column in COLUMNS}:
        return None
    has_begun = which.column == "left"
    sessions = _begun(asked, now) if has_begun else _to_come(asked, now)
    by = next((by for by in BY if by.key == which.table), None)
    if by is None:
        return None
    wanted = [one.number for one in sessions if which.line in (TOTAL, by.key_of(one))]
    rows = (
        sa.select(
            Person.name,
            Person.id,
            Course.title,
            Offering.id,
            Offering.starts_at,
            Offering.zone,
            Enrollment.queued_at,
        )
        .select_from(Enrollment)
        .join(Offering, Offering.id == Enrollment.offering_id)
        .join(Course, Course.id == Offering.course_id)
        .join(Person, Person.id == Enrollment.person_id)
        .where(IS_WAITING, Offering.id.in_(wanted[:MOST_ASKED]))
    )
    found, count = queries.listed(rows, (Enrollment.queued_at, Enrollment.id), page)
    return Behind(
        "Still waiting when it began" if has_begun else "Waiting now",
        ("Person", "Session", "Begins on", "In the queue since"),
        tuple(
            (
                Cell(name, To.PERSON, person_id),
                Cell(title, To.SESSION, offering_id),
                Cell(local(starts, zone).date()),
                Cell(local(queued, zone).date()),
            )
            for name, person_id, title, offering_id, starts, zone, queued in found
        ),
        count,
    )


QUESTION = Question(
    "waiting",
    "Waitlist pressure",
    "Who waits for what, how long already, and how many were still waiting when a session began.",
    "Sessions that begin in these days by their own calendar and were not cancelled, as they are at this moment. How "
    "long is counted from joining the queue until now. Not counted: who left the queue, offers not answered yet, "
    "requests not decided, and sessions without dates.",
    answer,
    behind,
    preset=Preset.AROUND,
)
