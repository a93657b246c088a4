"""Hours delivered: by month, kind, area, county and provider."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import sqlalchemy as sa

from catalog.accounts.models import Person
from catalog.attendance.models import Credit, CreditArea
from catalog.competencies.models import Area
from catalog.courses.models import Course, Kind, Offering
from catalog.courses.wording import KINDS
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
)
from catalog.reports.models import AreaTally, HoursTally
from catalog.reports.period import month_key, month_name
from catalog.reports.tallies import AREA_MINUTES, IN_FORCE, MEASURE, Measure

NAMES = {
    Measure.TRAINING: "Training",
    Measure.RSC: "RSC",
    Measure.NEITHER: "Counts in neither",
}
PROVIDER_UNKNOWN = "Provider not stated"
WHERE = (HoursTally.on, Course.kind, Offering.county, Course.provider)
Sums = dict[str, dict[Measure, tuple[int, int]]]
"""By line: how many times hours of each measure were earned, and the minutes."""


class _By(NamedTuple):
    """What the lines of a table are: their keys in order, and how each is called."""

    key: str
    title: str
    head: str
    keys: Sequence[str]
    name: Callable[[str], str]


def answer(asked: Asked) -> Report:
    return queries.tallied(lambda: _tables(asked))


def _tables(asked: Asked) -> tuple[Table, ...]:
    sums = _sums(asked)
    months = _folded(sums["on"], lambda on: on[:7])
    whole = _added(months)
    measures = [one for one in Measure if one != Measure.NEITHER or one in whole]
    keys = [month_key(*one) for one in asked.period.months()]
    return (
        _table(_By("months", "By month", "Month", keys, month_name), months, measures),
        _kinds(sums["kind"], measures),
        _area_table(asked, measures),
        _counties(sums["county"], measures),
        _providers(sums["provider"], measures),
    )


def _sums(asked: Asked) -> dict[str, Sums]:
    """By each column of WHERE, and by its values."""
    found: dict[str, Sums] = {column.key: defaultdict(dict) for column in WHERE}
    rows = (
        sa.select(*WHERE, HoursTally.measure, HoursTally.times, HoursTally.minutes)
        .join(Offering, Offering.id == HoursTally.offering_id)
        .join(Course, Course.id == Offering.course_id)
        .where(HoursTally.on.between(*asked.period), regions.within(asked.counties))
    )
    for by, key, measure, times, minutes in queries.added(
        rows, list(found), ("times", "minutes"), ("measure",)
    ):
        found[by][key][Measure(measure)] = (int(times), int(minutes))
    return found


def _area_sums(asked: Asked) -> Sums:
    rows = sa.select(
        AreaTally.area_id, AreaTally.measure, sa.func.sum(AreaTally.times), sa.func.sum(AreaTally.minutes)
    ).where(AreaTally.on.between(*asked.period))
    if asked.counties:
        rows = rows.join(Offering, Offering.id == AreaTally.offering_id).where(regions.within(asked.counties))
    sums: Sums = defaultdict(dict)
    for area_id, measure, times, minutes in db.session.execute(
        rows.group_by(AreaTally.area_id, AreaTally.measure)
    ):
        sums[str(area_id)][Measure(measure)] = (int(times), int(minutes))
    return sums


def _folded(sums: Sums, key_of: Callable[[Any], str]) -> Sums:
    """The lines whose keys become the same, added."""
    folded: Sums = defaultdict(dict)
    for key, figures in sums.items():
        into = folded[key_of(key)]
        for measure, (times, minutes) in figures.items():
            before = into.get(measure, (0, 0))
            into[measure] = (before[0] + times, before[1] + minutes)
    return folded


def _added(sums: Sums) -> dict[Measure, tuple[int, int]]:
    return _folded(sums, lambda _: TOTAL).get(TOTAL, {})


def _columns(measures: Iterable[Measure]) -> tuple[Column, ...]:
    return tuple(
        column
        for one in measures
        for column in (
            Column(f"{one}-times", f"{NAMES[one]}: times", Unit.PEOPLE),
            Column(one, f"{NAMES[one]}: hours", Unit.HOURS, depends_on=f"{one}-times"),
        )
    )


def _figures(of: dict[Measure, tuple[int, int]], measures: Iterable[Measure]) -> tuple[Figure, ...]:
    return tuple(figure for one in measures for figure in of.get(one, (0, 0)))


def _table(by: _By, sums: Sums, measures: Sequence[Measure]) -> Table:
    return Table(
        by.key,
        by.title,
        by.head,
        _columns(measures),
        tuple(Line(key, by.name(key), _figures(sums.get(key, {}), measures)) for key in by.keys),
        Line(TOTAL, "Total", _figures(_added(sums), measures)),
        chart=Chart(
            Drawing.MONTHS if by.key == "months" else Drawing.BARS,
            f"Hours {by.title[0].lower()}{by.title[1:]}",
            tuple(measures),
            "hours",
        ),
    )


def _kinds(sums: Sums, measures: Sequence[Measure]) -> Table:
    by = _By("kinds", "By kind", "Kind", list(Kind), lambda key: KINDS[Kind(key)])
    return _table(by, sums, measures)


def _counties(found: Sums, measures: Sequence[Measure]) -> Table:
    sums = _folded(found, regions.key_of)
    by = _By("counties", "By county of the session", "County", regions.in_order(set(sums)), regions.name_of)
    return _table(by, sums, measures)


def _providers(sums: Sums, measures: Sequence[Measure]) -> Table:
    keys = sorted(sums, key=lambda one: (not one, one.casefold(), one))
    return _table(
        _By("providers", "By provider", "Provider", keys, lambda key: key or PROVIDER_UNKNOWN), sums, measures
    )


def _area_table(asked: Asked, measures: Sequence[Measure]) -> Table:
    """Without a total: a training that names three areas stands in three lines."""
    sums = _area_sums(asked)
    areas = db.session.execute(sa.select(Area.id, Area.name).order_by(Area.position, Area.id)).tuples()
    names = {str(number): name for number, name in areas if str(number) in sums}
    by = _By("areas", "By competency area", "Area", list(names), names.__getitem__)
    return replace(
        _table(by, sums, measures),
        total=None,
        note="A training touches each area it names, so these lines do not add up to the hours above. Where a course "
        "splits its minutes over its areas, each has its part; where it does not, each has all of them.",
    )


# The rows behind a figure.


def behind(asked: Asked, which: Which, page: int) -> Behind | None:
    wanted = _wanted(which)
    measure = which.column.removesuffix("-times")
    if wanted is None or measure not in list(Measure):
        return None
    minutes = AREA_MINUTES if which.table == "areas" else Credit.minutes
    rows = (
        sa.select(Credit, Course.title, Person.name, minutes)
        .join(Offering, Offering.id == Credit.offering_id)
        .join(Course, Course.id == Offering.course_id)
        .join(Person, Person.id == Credit.person_id)
        .where(*IN_FORCE, MEASURE.in_([measure]), Credit.earned_on.between(*asked.period))
        .where(regions.within(asked.counties), *wanted)
    )
    if which.table == "areas":
        rows = rows.join(CreditArea, CreditArea.credit_id == Credit.id)
    found, count = queries.listed(rows, (Credit.id.desc(),), page)
    head = ("Session", "Person", "Earned on", "Minutes", "How it is known")
    return Behind(
        f"{NAMES[Measure(measure)]}: what was earned",
        head,
        tuple(
            (
                Cell(title, To.SESSION, credit.offering_id),
                Cell(name, To.PERSON, credit.person_id),
                Cell(credit.earned_on),
                Cell(earned),
                Cell(credit.known_by.value),
            )
            for credit, title, name, earned in found
        ),
        count,
    )


def _wanted(which: Which) -> tuple[sa.ColumnElement[bool], ...] | None:
    """What a line asks for beside the days and counties; None where there is no such line."""
    if which.table == "areas":
        return (CreditArea.area_id == int(which.line),) if which.line.isdecimal() else None
    return queries.of_line(which, Credit.earned_on)


QUESTION = Question(
    "hours",
    "Hours delivered",
    "How many hours people earned, by month, kind, competency area, county and provider.",
    "Credit in force of sessions in this catalog, in clock hours of 60 minutes, on the day it was earned by the "
    "session’s own calendar. Training hours and RSC hours are two ledgers and are never added together. Not counted: "
    "hours from elsewhere, education, sessions that have given no hours yet, and whoever earned nothing.",
    answer,
    behind,
)
