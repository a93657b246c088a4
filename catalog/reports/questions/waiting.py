"""Waitlist pressure: who waits for what, how long already, and who was still waiting when it began."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import groupby
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from catalog import clock
from catalog.accounts.models import Person
from catalog.courses.models import Course, Kind, Offering, OfferingState
from catalog.courses.wording import KINDS
from catalog.enrollment.models import IS_WAITING, Enrollment
from catalog.extensions import db
from catalog.reports import period, queries, regions
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
from catalog.reports.period import Period, Preset, month_key, month_name
from catalog.wording import day, local

DAY_SECONDS = 24 * 60 * 60
MOST_SESSIONS = 50

COLUMNS = (
    Column("waiting", "Waiting now", Unit.PEOPLE),
    Column("median", "Days waiting, median", Unit.DAYS, depends_on="waiting"),
    Column("longest", "Days waiting, longest", Unit.DAYS, depends_on="waiting"),
    Column("left", "Still waiting when it began", Unit.PEOPLE),
)


class Session(NamedTuple):
    """A session to come that takes place. `waits` is how many seconds each in its queue waits for a seat."""

    number: int
    on: date
    kind: Kind
    county: str | None
    course_id: int
    title: str
    waits: tuple[int, ...]


class Lines(NamedTuple):
    """The lines of a table by their keys: how many seconds each person waits, and how many were still waiting when
    their session began."""

    waits: dict[str, list[int]]
    left: dict[str, int]


class _By(NamedTuple):
    key: str
    title: str
    head: str
    key_of: Callable[[Session], str]
    name: Callable[[str], str] | None = None
    """None where its lines are called as what they are about: a course or a session."""


BY = (
    _By(
        "months",
        "By month in which the session begins",
        "Month",
        lambda one: month_key(one.on.year, one.on.month),
        month_name,
    ),
    _By("kinds", "By kind", "Kind", lambda one: one.kind.value, lambda key: KINDS[Kind(key)]),
    _By(
        "counties",
        "By county of the session",
        "County",
        lambda one: regions.key_of(one.county),
        regions.name_of,
    ),
    _By("courses", "By course", "Course", lambda one: str(one.course_id)),
    _By("sessions", "Sessions to come with the longest queues", "Session", lambda one: str(one.number)),
)


def answer(asked: Asked) -> Report:
    now = clock.now()
    where = _takes_place(asked)
    found, left = _to_come(where, now), _left(where, now)
    whole = Line(
        TOTAL,
        "Total",
        _figures(
            [seconds for one in found for seconds in one.waits],
            sum(left["kinds"].values()),
        ),
    )
    names = _names(found)
    return Report(tuple(_table(by, _lines(by, found, left), names, whole) for by in BY), now)


SESSION = (
    Offering.id,
    Course.kind,
    Offering.county,
    Offering.course_id,
    Course.title,
    Offering.starts_at,
    Offering.zone,
)
Where = tuple[sa.ColumnElement[bool], ...]


def _takes_place(asked: Asked, within: Period | None = None) -> Where:
    """Sessions that take place and begin in these days, each by the calendar of its own zone."""
    days = within or asked.period
    zones = db.session.scalars(sa.select(Offering.zone).distinct())
    begins = (
        sa.and_(
            Offering.zone == zone,
            Offering.starts_at >= _midnight(days.first, zone),
            Offering.starts_at < _midnight(days.last + timedelta(days=1), zone),
        )
        for zone in zones
    )
    return (
        sa.or_(sa.false(), *begins),
        Offering.state == OfferingState.SCHEDULED,
        regions.within(asked.counties),
    )


def _midnight(on: date, zone: str) -> datetime:
    """The first moment of a day there."""
    return datetime.combine(on, time(), ZoneInfo(zone)).astimezone(UTC)


def _to_come(where: Where, now: datetime) -> list[Session]:
    rows = db.session.execute(
        sa.select(*SESSION, Enrollment.queued_at)
        .select_from(Enrollment)
        .join(Offering, Offering.id == Enrollment.offering_id)
        .join(Course, Course.id == Offering.course_id)
        .where(IS_WAITING, Offering.starts_at > now, *where)
        .order_by(Offering.id)
    )
    return [
        _session(key, tuple(_seconds(row[-1], now) for row in group))
        for key, group in groupby(rows, key=lambda row: tuple(row[:-1]))
    ]


def _session(row: Sequence[Any], waits: tuple[int, ...]) -> Session:
    number, kind, county, course_id, title, starts, zone = row
    return Session(number, local(starts, zone).date(), kind, county, course_id, title, waits)


def _left(where: Where, now: datetime) -> dict[str, dict[str, int]]:
    """By table and line, how many were waiting when their session began."""
    queues = (
        sa.select(Enrollment.offering_id, sa.func.count().label("left"))
        .where(IS_WAITING)
        .group_by(Enrollment.offering_id)
        .subquery()
    )
    begun = (
        sa.select(Course.kind.label("kinds"), Offering.county.label("counties"), Course.id.label("courses"))
        .add_columns(queues.c.left)
        .select_from(queues)
        .join(Offering, Offering.id == queues.c.offering_id)
        .join(Course, Course.id == Offering.course_id)
        .where(Offering.starts_at <= now, *where)
    )
    left: dict[str, dict[str, int]] = {by.key: defaultdict(int) for by in BY}
    for by, key, many in queries.added(begun, ("kinds", "counties", "courses"), ("left",)):
        left[by][regions.key_of(key)] += int(many)
    moments = begun.with_only_columns(
        Offering.starts_at, Offering.zone, sa.func.sum(queues.c.left), maintain_column_froms=True
    ).group_by(Offering.starts_at, Offering.zone)
    for starts, zone, many in db.session.execute(moments):
        on = local(starts, zone)
        left["months"][month_key(on.year, on.month)] += int(many)
    return left


def _lines(by: _By, found: Sequence[Session], left: dict[str, dict[str, int]]) -> Lines:
    waits: dict[str, list[int]] = defaultdict(list)
    for one in found:
        waits[by.key_of(one)].extend(one.waits)
    return Lines(waits, left[by.key])


def _names(found: Sequence[Session]) -> dict[tuple[str, str], str]:
    """How courses and sessions are called, by table and line."""
    names = {("sessions", str(one.number)): f"{one.title}, {day(one.on)}" for one in found}
    titles = sa.select(Course.id, Course.title)
    return names | {("courses", str(number)): title for number, title in db.session.execute(titles)}


def _seconds(queued: datetime, now: datetime) -> int:
    return max(0, int((now - queued).total_seconds()))


def _table(by: _By, lines: Lines, names: dict[tuple[str, str], str], whole: Line) -> Table:
    made = [
        Line(
            key,
            by.name(key) if by.name else names[by.key, key],
            _figures(lines.waits.get(key, []), lines.left.get(key, 0)),
        )
        for key in {**lines.waits, **lines.left}
    ]
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


def _figures(waits: Iterable[int], left: int) -> tuple[Figure, ...]:
    seconds = sorted(waits)
    if not seconds:
        return 0, None, None, left
    # The one in the middle, or of an even number the mean of the two there.
    middle = seconds[(len(seconds) - 1) // 2] + seconds[len(seconds) // 2]
    return len(seconds), _days(middle, 2), _days(seconds[-1], 1), left


def _days(seconds: int, parts: int) -> Decimal:
    return tenth(Decimal(seconds) / (parts * DAY_SECONDS))


# The rows behind a figure.


def behind(asked: Asked, which: Which, page: int) -> Behind | None:
    wanted = _wanted(asked, which)
    if wanted is None or which.column not in {column.key for column in COLUMNS}:
        return None
    now = clock.now()
    has_begun = which.column == "left"
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
        .where(IS_WAITING, Offering.starts_at <= now if has_begun else Offering.starts_at > now, *wanted)
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


def _wanted(asked: Asked, which: Which) -> Where | None:
    """The sessions of a line; None where there is no such line."""
    if which.line != TOTAL and which.table == "months":
        month = period.of_month(which.line)
        within = month and Period(max(month.first, asked.period.first), min(month.last, asked.period.last))
        return _takes_place(asked, within) if within else None
    if which.table in ("courses", "sessions"):
        number = Offering.course_id if which.table == "courses" else Offering.id
        if which.line == TOTAL:
            return _takes_place(asked)
        return (*_takes_place(asked), number == int(which.line)) if _NUMBER.fullmatch(which.line) else None
    narrowed = queries.of_line(which, None) if which.table in {by.key for by in BY} else None
    return None if narrowed is None else (*_takes_place(asked), *narrowed)


_NUMBER = re.compile("[0-9]{1,9}")

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
