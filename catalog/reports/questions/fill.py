"""Fill and no-shows: how many seats were taken, and how many of those who had one never came."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
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

COLUMNS = (
    Column("sessions", "Sessions"),
    Column("seats", "Seats"),
    Column("taken", "Seats taken", Unit.PEOPLE),
    Column("fill", "Filled", Unit.PERCENT, depends_on="taken"),
    Column("held", "Had a seat, roster closed", Unit.PEOPLE),
    Column("no-shows", "Of them never came", Unit.PEOPLE),
    Column("missed", "Never came", Unit.PERCENT, depends_on="no-shows"),
)


class Sums(NamedTuple):
    """Of some sessions: how many, and the seats and who took them where there is a limit; and how many had a seat,
    and of them never came, where the roster is closed."""

    sessions: int = 0
    seats: int = 0
    taken: int = 0
    held: int = 0
    missed: int = 0


class _By(NamedTuple):
    """A way to sort the sessions into lines: the column by which they are added up, the key of the line to which a
    value of it belongs, and how that is called."""

    key: str
    title: str
    head: str
    column: Any
    key_of: Callable[[str], str]
    name: Callable[[str], str]


BY = (
    _By("months", "By month", "Month", SessionTally.on, lambda on: on[:7], month_name),
    _By("kinds", "By kind", "Kind", Course.kind, str, lambda key: KINDS[Kind(key)]),
    _By(
        "counties",
        "By county of the session",
        "County",
        Offering.county,
        regions.key_of,
        regions.name_of,
    ),
    _By("formats", "By format", "Format", Offering.format, str, lambda key: FORMATS[Format(key)]),
)
FIGURES = (
    sa.literal(1).label("sessions"),
    Offering.capacity.label("seats"),
    sa.case((Offering.capacity.is_not(None), SessionTally.seated)).label("taken"),
    sa.case((SessionTally.no_shows.is_not(None), SessionTally.seated)).label("held"),
    SessionTally.no_shows.label("missed"),
)


def answer(asked: Asked) -> Report:
    return queries.tallied(lambda: _tables(asked))


def _tables(asked: Asked) -> tuple[Table, ...]:
    sums = _sums(asked)
    return tuple(_table(by, asked, sums[by.key]) for by in BY)


def _sums(asked: Asked) -> dict[str, dict[str, Sums]]:
    """By table and line."""
    rows = _from_sessions(*(by.column.label(by.key) for by in BY), *FIGURES).where(
        *queries.takes_place(asked)
    )
    key_of = {by.key: by.key_of for by in BY}
    found: dict[str, dict[str, list[Sums]]] = {by.key: defaultdict(list) for by in BY}
    for key, value, *sums in queries.added(rows, list(key_of), Sums._fields):
        found[key][key_of[key](value)].append(Sums(*(int(one or 0) for one in sums)))
    return {key: {line: _added(of) for line, of in lines.items()} for key, lines in found.items()}


def _added(of: Iterable[Sums]) -> Sums:
    return Sums(*(sum(figures) for figures in zip(*of, strict=True)))


def _keys(by: _By, asked: Asked, found: Iterable[str]) -> list[str]:
    """The lines in order: all months, kinds and formats; of the counties those where something takes place."""
    match by.key:
        case "months":
            return [month_key(*one) for one in asked.period.months()]
        case "counties":
            return regions.in_order(set(found))
    return [one.value for one in (Kind if by.key == "kinds" else Format)]


def _table(by: _By, asked: Asked, sums: dict[str, Sums]) -> Table:
    return Table(
        by.key,
        by.title,
        by.head,
        COLUMNS,
        tuple(Line(key, by.name(key), _figures(sums.get(key, Sums()))) for key in _keys(by, asked, sums)),
        Line(TOTAL, "Total", _figures(_added(sums.values()))),
        chart=Chart(
            Drawing.MONTHS if by.key == "months" else Drawing.BARS,
            f"Filled, and never came, {by.title[0].lower()}{by.title[1:]}",
            ("fill", "missed"),
            "percent of seats",
        ),
    )


def _figures(of: Sums) -> tuple[Figure, ...]:
    fill, missed = share(of.taken, of.seats), share(of.missed, of.held)
    return of.sessions, of.seats, of.taken, fill, of.held, of.missed, missed


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
