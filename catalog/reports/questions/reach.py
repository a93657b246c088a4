"""Reach: how many people were there, each counted once in every line, however often they came."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa

from catalog.accounts.models import Person
from catalog.attendance.models import Credit
from catalog.courses.models import Course, Kind, Offering
from catalog.courses.wording import KINDS
from catalog.extensions import db
from catalog.reports import queries, regions
from catalog.reports.frame import (
    PER_PAGE,
    TOTAL,
    Asked,
    Behind,
    Cell,
    Chart,
    Column,
    Drawing,
    Line,
    Question,
    Report,
    Table,
    To,
    Unit,
    Which,
)
from catalog.reports.models import PeopleTally, WorkplaceTally
from catalog.reports.people import unpack
from catalog.reports.period import month_key, month_name

PEOPLE = Column("people", "People", Unit.PEOPLE)
WORKPLACE_UNKNOWN = "County not said"
ONCE = "Who came in two of these lines is counted in both, and once in the total, so the lines do not add up."


class There(NamedTuple):
    """Those who were at a session on a day, and where that belongs."""

    on: date
    kind: Kind
    county: str | None
    packed: bytes


def answer(asked: Asked) -> Report:
    return queries.tallied(lambda: _tables(asked))


def _tables(asked: Asked) -> tuple[Table, ...]:
    found = _there(asked)
    whole = _everybody(found)
    return (
        _months(asked, found, len(whole)),
        _kinds(found, len(whole)),
        _counties(found, len(whole)),
        _workplaces(whole),
    )


def _there(asked: Asked) -> list[There]:
    rows = db.session.execute(
        sa.select(PeopleTally.on, Course.kind, Offering.county, PeopleTally.people)
        .join(Offering, Offering.id == PeopleTally.offering_id)
        .join(Course, Course.id == Offering.course_id)
        .where(PeopleTally.on.between(*asked.period), regions.within(asked.counties))
    )
    return [There(*row) for row in rows]


def _everybody(found: Iterable[There]) -> set[int]:
    return set(unpack(b"".join(one.packed for one in found)))


def _sorted_in(found: Iterable[There], key_of: Callable[[There], str]) -> dict[str, set[int]]:
    """The people of each line. What is packed is put together first and unpacked at once, a line at a time."""
    lines: dict[str, list[bytes]] = defaultdict(list)
    for one in found:
        lines[key_of(one)].append(one.packed)
    return {key: set(unpack(b"".join(packed))) for key, packed in lines.items()}


def _table(key: str, words: tuple[str, str], lines: Sequence[tuple[str, str, int]], whole: int) -> Table:
    title, head = words
    return Table(
        key,
        title,
        head,
        (PEOPLE,),
        tuple(Line(key, name, (people,)) for key, name, people in lines),
        Line(TOTAL, "Everybody, once", (whole,)),
        adds_up=key == "workplaces",
        chart=Chart(
            Drawing.MONTHS if key == "months" else Drawing.BARS,
            f"People {title[0].lower()}{title[1:]}",
            ("people",),
            "people",
        ),
        note="" if key == "workplaces" else ONCE,
    )


def _months(asked: Asked, found: Sequence[There], whole: int) -> Table:
    people = _sorted_in(found, KEYS["months"])
    keys = [month_key(*one) for one in asked.period.months()]
    lines = [(key, month_name(key), len(people.get(key, ()))) for key in keys]
    return _table("months", ("By month", "Month"), lines, whole)


def _kinds(found: Sequence[There], whole: int) -> Table:
    people = _sorted_in(found, KEYS["kinds"])
    lines = [(kind.value, KINDS[kind], len(people.get(kind, ()))) for kind in Kind]
    return _table("kinds", ("By kind", "Kind"), lines, whole)


def _counties(found: Sequence[There], whole: int) -> Table:
    people = _sorted_in(found, KEYS["counties"])
    lines = [(key, regions.name_of(key), len(people[key])) for key in regions.in_order(set(people))]
    return _table("counties", ("By county of the session", "County"), lines, whole)


def _workplaces(whole: set[int]) -> Table:
    """Of each person one county, so these lines do add up."""
    people = _by_workplace(whole)
    lines = [
        (key, WORKPLACE_UNKNOWN if key == regions.NOWHERE else regions.name_of(key), len(people[key]))
        for key in regions.in_order(set(people))
    ]
    return _table("workplaces", ("By county where people work", "County"), lines, len(whole))


def _by_workplace(whole: set[int]) -> dict[str, set[int]]:
    rows = db.session.execute(sa.select(WorkplaceTally.county, WorkplaceTally.people)).tuples()
    people = {county: found for county, packed in rows if (found := whole.intersection(unpack(packed)))}
    if rest := whole.difference(*people.values()):
        people[regions.NOWHERE] = rest
    return people


KEYS: dict[str, Callable[[There], str]] = {
    "months": lambda one: month_key(one.on.year, one.on.month),
    "kinds": lambda one: one.kind.value,
    "counties": lambda one: regions.key_of(one.county),
}


# The people behind a figure.


def behind(asked: Asked, which: Which, page: int) -> Behind | None:
    if which.column != PEOPLE.key or which.table not in (*KEYS, "workplaces"):
        return None
    found = _there(asked)
    if which.line == TOTAL:
        people = _everybody(found)
    elif which.table == "workplaces":
        people = _by_workplace(_everybody(found)).get(which.line, set())
    else:
        people = _sorted_in(found, KEYS[which.table]).get(which.line, set())
    numbers = sorted(people)[(page - 1) * PER_PAGE : page * PER_PAGE]
    return Behind(
        "People who were there",
        ("Person", "Works in", "Sessions in these days", "Last there on"),
        tuple(_row(row) for row in _people(asked, numbers)),
        len(people),
    )


def _people(asked: Asked, numbers: Sequence[int]) -> Sequence[sa.Row[Any]]:
    sessions = sa.func.count(sa.distinct(Credit.offering_id))
    return db.session.execute(
        sa.select(
            Person.id, Person.name, Person.county, sessions, sa.func.max(Credit.earned_on, type_=sa.Date())
        )
        .join(Credit, Credit.person_id == Person.id)
        .join(Offering, Offering.id == Credit.offering_id)
        .where(
            Person.id.in_(numbers),
            Credit.superseded_at.is_(None),
            Credit.attended_minutes > 0,
            Credit.earned_on.between(*asked.period),
            regions.within(asked.counties),
        )
        .group_by(Person.id, Person.name, Person.county)
        .order_by(Person.id)
    ).all()


def _row(row: Any) -> tuple[Cell, ...]:
    number, name, county, sessions, last = row
    works_in = Cell(regions.name_of(county) if county else None)
    return (Cell(name, To.PERSON, number), works_in, Cell(sessions), Cell(last))


QUESTION = Question(
    "reach",
    "Reach",
    "How many different people were there, by month, kind and county.",
    "People who attended at least a minute of a session that has given its hours, on the day it counts for by the "
    "session’s own calendar. Each person is counted once in every line and once in the total. Not counted: whoever "
    "had a seat and did not come, sessions that have given no hours yet, and hours from elsewhere.",
    answer,
    behind,
)
