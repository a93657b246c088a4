"""Fill and no-shows: how many seats were taken, and how many of those who had one never came."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from catalog.accounts.models import Person
from catalog.attendance.models import Mark
from catalog.courses.models import Course, Format, Kind, Offering
from catalog.courses.wording import FORMATS, KINDS
from catalog.enrollment.models import Enrollment, State
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
    share,
)
from catalog.reports.models import SessionTally
from catalog.reports.period import month_key, month_name
from catalog.reports.queries import Session

COLUMNS = (
    Column("sessions", "Sessions"),
    Column("seats", "Seats"),
    Column("taken", "Seats taken", Unit.PEOPLE),
    Column("fill", "Filled", Unit.PERCENT, depends_on="taken"),
    Column("held", "Had a seat, roster closed", Unit.PEOPLE),
    Column("no-shows", "Of them never came", Unit.PEOPLE),
    Column("missed", "Never came", Unit.PERCENT, depends_on="no-shows"),
)


class _By(NamedTuple):
    """A way to sort the sessions into lines: what each belongs to, and how that is called."""

    key: str
    title: str
    head: str
    key_of: Callable[[Session], str]
    name: Callable[[str], str]


BY = (
    _By("months", "By month", "Month", lambda one: month_key(one.on.year, one.on.month), month_name),
    _By("kinds", "By kind", "Kind", lambda one: one.kind.value, lambda key: KINDS[Kind(key)]),
    _By(
        "counties",
        "By county of the session",
        "County",
        lambda one: regions.key_of(one.county),
        regions.name_of,
    ),
    _By("formats", "By format", "Format", lambda one: one.format.value, lambda key: FORMATS[Format(key)]),
)


def answer(asked: Asked) -> Report:
    return queries.tallied(lambda: _tables(asked))


def _tables(asked: Asked) -> tuple[Table, ...]:
    found = queries.sessions(asked)
    return tuple(_table(by, _keys(by, asked, found), found) for by in BY)


def _keys(by: _By, asked: Asked, found: Sequence[Session]) -> list[str]:
    """The lines in order: all months, kinds and formats; of the counties those where something takes place."""
    match by.key:
        case "months":
            return [month_key(*one) for one in asked.period.months()]
        case "counties":
            return regions.in_order({by.key_of(one) for one in found})
    return [one.value for one in (Kind if by.key == "kinds" else Format)]


def _table(by: _By, keys: Sequence[str], found: Sequence[Session]) -> Table:
    sorted_in: dict[str, list[Session]] = {key: [] for key in keys}
    for one in found:
        sorted_in[by.key_of(one)].append(one)
    return Table(
        by.key,
        by.title,
        by.head,
        COLUMNS,
        tuple(Line(key, by.name(key), _figures(of)) for key, of in sorted_in.items()),
        Line(TOTAL, "Total", _figures(found)),
        chart=Chart(
            Drawing.MONTHS if by.key == "months" else Drawing.BARS,
            f"Filled, and never came, {by.title[0].lower()}{by.title[1:]}",
            ("fill", "missed"),
            "percent of seats",
        ),
    )


def _figures(of: Sequence[Session]) -> tuple[Figure, ...]:
    limited = [one for one in of if one.capacity is not None]
    closed = [one for one in of if one.no_shows is not None]
    seats, taken = sum(one.capacity or 0 for one in limited), sum(one.seated for one in limited)
    held, missed = sum(one.seated for one in closed), sum(one.no_shows or 0 for one in closed)
    return len(of), seats, taken, share(taken, seats), held, missed, share(missed, held)


# The rows behind a figure.


def behind(asked: Asked, which: Which, page: int) -> Behind | None:
    wanted = _wanted(asked, which)
    if wanted is None or which.column not in {column.key for column in COLUMNS}:
        return None
    if which.column in ("held", "no-shows", "missed"):
        return _people(which.column != "held", wanted, page)
    limited = () if which.column == "sessions" else (Offering.capacity.is_not(None),)
    return _sessions((*wanted, *limited), page)


def _sessions(wanted: Sequence[sa.ColumnElement[bool]], page: int) -> Behind:
    rows = _from_sessions(
        Course.title, Offering.id, SessionTally.on, Offering.county, Offering.capacity, SessionTally.seated
    ).where(*wanted)
    found, count = queries.listed(rows, (SessionTally.on.desc(), Offering.id), page)
    return Behind(
        "Sessions",
        ("Session", "Begins on", "County", "Seats", "Seats taken"),
        tuple(
            (
                Cell(title, To.SESSION, number),
                Cell(on),
                Cell(regions.name_of(county) if county else None),
                Cell("No limit" if seats is None else seats),
                Cell(seated),
            )
            for title, number, on, county, seats, seated in found
        ),
        count,
    )


def _people(only_missed: bool, wanted: Sequence[sa.ColumnElement[bool]], page: int) -> Behind:
    came = sa.exists().where(Mark.enrollment_id == Enrollment.id, Mark.minutes > 0).correlate(Enrollment)
    rows = (
        _from_sessions(Person.name, Person.id, Course.title, Offering.id, SessionTally.on, came)
        .join(Enrollment, Enrollment.offering_id == Offering.id)
        .join(Person, Person.id == Enrollment.person_id)
        .where(Enrollment.state == State.SEATED, Offering.settled_at.is_not(None), *wanted)
    )
    if only_missed:
        rows = rows.where(~came)
    found, count = queries.listed(rows, (SessionTally.on.desc(), Offering.id, Enrollment.id), page)
    return Behind(
        "People who never came" if only_missed else "People who had a seat",
        ("Person", "Session", "Begins on", "Came"),
        tuple(
            (
                Cell(name, To.PERSON, person_id),
                Cell(title, To.SESSION, offering_id),
                Cell(on),
                Cell("Yes" if did_come else "No"),
            )
            for name, person_id, title, offering_id, on, did_come in found
        ),
        count,
    )


def _from_sessions(*columns: Any) -> sa.Select[Any]:
    return (
        sa.select(*columns)
        .select_from(SessionTally)
        .join(Offering, Offering.id == SessionTally.offering_id)
        .join(Course, Course.id == Offering.course_id)
    )


def _wanted(asked: Asked, which: Which) -> tuple[sa.ColumnElement[bool], ...] | None:
    narrowed = queries.of_line(which, SessionTally.on)
    return None if narrowed is None else (*queries.takes_place(asked), *narrowed)


QUESTION = Question(
    "fill",
    "Fill and no-shows",
    "How full sessions are, and how many of those who had a seat never came.",
    "Sessions that begin in these days by their own calendar and were not cancelled. Seats are of sessions with a "
    "limit; an offer that nobody has accepted yet is no seat taken. Who never came is counted where the roster is "
    "closed: somebody who had a seat and was at none of the meetings. Not counted: who withdrew before.",
    answer,
    behind,
)
