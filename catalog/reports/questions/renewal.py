"""Renewal risk: whose renewal is due, and what it still lacks."""

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import current_app

from catalog.reports.counties import lines
from catalog.reports.counties import map as maps
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
from catalog.reports.period import Preset
from catalog.reports.standings import reading
from catalog.reports.standings.models import RenewalStanding
from catalog.reports.standings.reading import LACKS_NOTHING, Lacking

DUE = (
    Column("complete", "Nothing missing", Unit.PEOPLE),
    Column("at-risk", "Something missing", Unit.PEOPLE),
    Column("due", "All together", Unit.PEOPLE),
)
LACKS = (
    Column("training", "Short of training hours", Unit.PEOPLE),
    Column("rsc", "Short of RSC hours", Unit.PEOPLE),
    Column("membership", "No membership", Unit.PEOPLE),
)
IS: dict[str, Callable[[Lacking], bool]] = {
    "due": lambda _: True,
    "complete": lambda one: one.is_complete,
    "at-risk": lambda one: not one.is_complete,
    "training": lambda one: one.training,
    "rsc": lambda one: one.rsc,
    "membership": lambda one: one.membership,
}
WHERE: dict[str, list[Any]] = {
    "due": [],
    "complete": [LACKS_NOTHING],
    "at-risk": [~LACKS_NOTHING],
    "training": [RenewalStanding.lacks_training],
    "rsc": [RenewalStanding.lacks_rsc],
    "membership": [RenewalStanding.lacks_membership],
}


def answer(asked: Asked) -> Report:
    run = reading.last_run()
    if run is None:
        return Report((), None, is_tallied=True)
    found = reading.renewals(run, asked.period, asked.counties)
    state = current_app.config["CATALOG"].state
    keys = lines.keys(asked.counties, {one.county for one in found})
    by_county = [
        (key, lines.said(key), [one for one in found if one.county == lines.place_of(key)]) for key in keys
    ]
    by_category = [
        (code, name, of)
        for number, (code, name) in reading.category_names().items()
        if (of := [one for one in found if one.category_id == number])
    ]
    chart = Chart(Drawing.STACKED, "Renewals due, by category", ("complete", "at-risk"), "Renewals")
    tables = (
        _table(
            "categories",
            "Renewals due, by category",
            "Category",
            DUE,
            by_category,
            chart=chart,
            row_sum="due",
        ),
        _table(
            "lacks",
            "What is missing, by category",
            "Category",
            LACKS,
            by_category,
            note="One renewal may lack several things, so the columns are not added.",
        ),
        _table(
            "counties",
            "Renewals due, by county",
            "County",
            DUE,
            by_county,
            row_sum="due",
            note=f"A renewal counts where its person works. {lines.REST}",
        ),
    )
    more = {
        "map": partial(maps.drawn, state, column="at-risk", chosen=asked.counties),
        "map_title": "Renewals with something missing, by county",
    }
    return Report(tables, run.at, is_tallied=True, more=more)


def _table(
    key: str,
    title: str,
    head: str,
    columns: tuple[Column, ...],
    rows: list[tuple[str, str, list[Lacking]]],
    **more: Any,
) -> Table:
    every = [one for _, _, of in rows for one in of]
    return Table(
        key,
        title,
        head,
        columns,
        tuple(Line(of_line, label, _figures(of, columns)) for of_line, label, of in rows),
        Line(TOTAL, "All together", _figures(every, columns)),
        **more,
    )


def _figures(found: list[Lacking], columns: tuple[Column, ...]) -> tuple[int, ...]:
    return tuple(sum(one.many for one in found if IS[column.key](one)) for column in columns)


def behind(asked: Asked, which: Which, page: int) -> Behind | None:
    run = reading.last_run()
    column = next((one for one in (*DUE, *LACKS) if one.key == which.column), None)
    line = _line(which) if which.table in ("categories", "lacks", "counties") else None
    if run is None or column is None or line is None:
        return None
    says, of_line = line
    where = [*reading.due(run, asked.period, asked.counties), *WHERE[column.key], *of_line]
    rows, count = reading.renewal_rows(where, page=page, size=PER_PAGE)
    return Behind(
        f"{'All renewals' if column.key == 'due' else column.name}{says}",
        ("Person", "Category", "County", "Renews by", "What is missing"),
        tuple(
            (
                Cell(row.name, To.PERSON, row.person_id),
                Cell(row.category),
                Cell(lines.said(row.county)),
                Cell(row.valid_until),
                Cell(row.lacking or "Nothing that the catalog sees"),
            )
            for row in rows
        ),
        count,
    )


def _line(which: Which) -> tuple[str, list[Any]] | None:
    """The words for a line and what it asks for."""
    if which.line == TOTAL:
        return "", []
    if which.table == "counties":
        return f", {lines.said(which.line)}", [RenewalStanding.county == lines.place_of(which.line)]
    for number, (code, name) in reading.category_names().items():
        if code == which.line:
            return f", {name}", [RenewalStanding.category_id == number]
    return None


QUESTION = Question(
    "renewal",
    "Renewal risk",
    "Whose renewal falls due in these days, and what it still lacks: training hours, RSC hours, membership.",
    "Each category that somebody holds and whose period ends in these days, on 31 December unless the rules say "
    "otherwise; whoever holds two is counted twice. Only verified hours of the period count as there. Nothing "
    "missing means nothing that the catalog can see: the association decides.",
    answer,
    behind,
    Preset.THIS_YEAR,
    "reports/mapped.html",
)
