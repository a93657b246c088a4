"""Reach: how many people were there, each counted once in every line, however often they came."""

from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa

from catalog import clock
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
from catalog.reports.period import month_key, month_name

PEOPLE = Column("people", "People", Unit.PEOPLE)
WORKPLACE_UNKNOWN = "County not said"
ONCE = "Who came in two of these lines is counted in both, and once in the total, so the lines do not add up."
MONTH = sa.extract("year", Credit.earned_on) * 12 + sa.extract("month", Credit.earned_on) - 1


def answer(asked: Asked) -> Report:
    whole = db.session.scalar(sa.select(sa.func.count()).select_from(_there(asked).subquery())) or 0
    return Report(
        tuple(table(asked, whole) for table in (_months, _kinds, _counties, _workplaces)), clock.now()
    )


def _there(asked: Asked, *by: Any) -> sa.Select[Any]:
    """Each person once, or once for each value of `by`."""
    return (
        sa.select(*by, Credit.person_id)
        .join(Offering, Offering.id == Credit.offering_id)
        .join(Course, Course.id == Offering.course_id)
        .where(*_was_there(asked))
        .distinct()
    )


def _was_there(asked: Asked) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        Credit.superseded_at.is_(None),
        Credit.attended_minutes > 0,
        Credit.earned_on.between(*asked.period),
        regions.within(asked.counties),
    )


def _counted(asked: Asked, by: Any, key_of: Callable[[Any], str]) -> dict[str, int]:
    each = _there(asked, by.label("by")).subquery()
    found = db.session.execute(sa.select(each.c.by, sa.func.count()).group_by(each.c.by)).tuples()
    return {key_of(value): people for value, people in found}


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


def _months(asked: Asked, whole: int) -> Table:
    people = _counted(asked, MONTH, lambda number: month_key(int(number) // 12, int(number) % 12 + 1))
    keys = [month_key(*one) for one in asked.period.months()]
    lines = [(key, month_name(key), people.get(key, 0)) for key in keys]
    return _table("months", ("By month", "Month"), lines, whole)


def _kinds(asked: Asked, whole: int) -> Table:
    people = _counted(asked, Course.kind, str)
    lines = [(str(kind), KINDS[kind], people.get(kind, 0)) for kind in Kind]
    return _table("kinds", ("By kind", "Kind"), lines, whole)


def _counties(asked: Asked, whole: int) -> Table:
    people = _counted(asked, Offering.county, regions.key_of)
    lines = [(key, regions.name_of(key), people[key]) for key in regions.in_order(set(people))]
    return _table("counties", ("By county of the session", "County"), lines, whole)


def _workplaces(asked: Asked, whole: int) -> Table:
    """Of each person one county, so these lines do add up."""
    each = _there(asked).subquery()
    found = db.session.execute(
        sa.select(Person.county, sa.func.count())
        .join(each, each.c.person_id == Person.id)
        .group_by(Person.county)
    ).tuples()
    people = {regions.key_of(county): count for county, count in found}
    lines = [
        (key, WORKPLACE_UNKNOWN if key == regions.NOWHERE else regions.name_of(key), people[key])
        for key in regions.in_order(set(people))
    ]
    return _table("workplaces", ("By county where people work", "County"), lines, whole)


# The people behind a figure.


def behind(asked: Asked, which: Which, page: int) -> Behind | None:
    wanted = _wanted(which)
    if wanted is None or which.column != PEOPLE.key:
        return None
    there = (
        sa.select(
            Person.id,
            Person.name,
            Person.county,
            sa.func.count(sa.distinct(Credit.offering_id)),
            sa.func.max(Credit.earned_on, type_=sa.Date()),
        )
        .join(Credit, Credit.person_id == Person.id)
        .join(Offering, Offering.id == Credit.offering_id)
        .join(Course, Course.id == Offering.course_id)
        .where(*_was_there(asked), *wanted)
    )
    count = db.session.scalar(there.with_only_columns(sa.func.count(sa.distinct(Person.id)))) or 0
    found = db.session.execute(
        there.group_by(Person.id, Person.name, Person.county)
        .order_by(Person.name, Person.id)
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    )
    return Behind(
        "People who were there",
        ("Person", "Works in", "Sessions", "Last there on"),
        tuple(
            (
                Cell(name, To.PERSON, number),
                Cell(regions.name_of(county) if county else None),
                Cell(sessions),
                Cell(last),
            )
            for number, name, county, sessions, last in found
        ),
        count,
    )


def _wanted(which: Which) -> tuple[sa.ColumnElement[bool], ...] | None:
    if which.table == "workplaces":
        return () if which.line == TOTAL else (regions.is_in(Person.county, which.line),)
    return queries.of_line(which, Credit.earned_on)


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
