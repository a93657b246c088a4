"""Endorsement pipeline: how many are how far, by category."""

from collections import Counter
from functools import partial

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
from catalog.reports.standings.models import GoalStanding, Step
from catalog.reports.standings.reading import Bunch
from catalog.reports.standings.reckoning import unlisted

STEPS = {
    Step.BEGUN: "Just begun",
    Step.UNDER_HALF: "Under half",
    Step.HALF: "Half and more",
    Step.RSC_OPEN: "Training and topics there, RSC open",
    Step.ALL_SEEN: "Nothing missing that the catalog sees",
    Step.NO_RULES: "No rule in force",
}
KEYS = {step: step.name.lower().replace("_", "-") for step in Step}
ALL = "all"


def answer(asked: Asked) -> Report:
    run = reading.last_run()
    if run is None:
        return Report((), None, is_tallied=True)
    found = reading.goals(run, asked.counties)
    steps = [step for step in Step if step != Step.NO_RULES or any(one.step == step for one in found)]
    categories = reading.category_names()
    by_category = _counted([(categories[one.category_id][0], one) for one in found])
    by_county = _counted([(one.county or lines.NO_COUNTY, one) for one in found])
    state = current_app.config["CATALOG"].state
    of_categories = Table(
        "categories",
        "How far, by category",
        "Category",
        _columns(steps),
        tuple(
            Line(code, name, _figures(by_category[code], steps))
            for code, name in categories.values()
            if code in by_category
        ),
        _total(found, steps),
        row_sum=ALL,
        chart=Chart(Drawing.STACKED, "Goals by how far they are", tuple(KEYS[one] for one in steps), "Goals"),
    )
    of_counties = Table(
        "counties",
        "How far, by county",
        "County",
        _columns(steps),
        tuple(
            Line(key, lines.said(key), _figures(by_county[key], steps))
            for key in lines.keys(asked.counties, {one.county for one in found})
        ),
        _total(found, steps),
        row_sum=ALL,
        note=f"A goal counts where its person works. {lines.REST}",
    )
    more = {
        "map": partial(maps.drawn, state, column=ALL, chosen=asked.counties),
        "map_title": "Goals by county",
    }
    return Report((of_categories, of_counties), run.at, is_tallied=True, more=more)


def _counted(found: list[tuple[str, Bunch]]) -> dict[str, Counter[Step]]:
    counted: dict[str, Counter[Step]] = {}
    for key, one in found:
        counted.setdefault(key, Counter())[one.step] += one.many
    return Counters(counted)


class Counters(dict[str, "Counter[Step]"]):
    """Nobody where there is no such line."""

    def __missing__(self, key: str) -> "Counter[Step]":
        return Counter()


def _columns(steps: list[Step]) -> tuple[Column, ...]:
    return (
        *(Column(KEYS[step], STEPS[step], Unit.PEOPLE) for step in steps),
        Column(ALL, "All together", Unit.PEOPLE),
    )


def _figures(counts: Counter[Step], steps: list[Step]) -> tuple[int, ...]:
    return (*(counts[step] for step in steps), counts.total())


def _total(found: list[Bunch], steps: list[Step]) -> Line:
    return Line(TOTAL, "All together", _figures(_counted([(TOTAL, one) for one in found])[TOTAL], steps))


def behind(asked: Asked, which: Which, page: int) -> Behind | None:
    run = reading.last_run()
    step = next((one for one, key in KEYS.items() if key == which.column), None)
    if run is None or (step is None and which.column != ALL) or which.table not in ("categories", "counties"):
        return None
    where = [
        *reading.within(GoalStanding.county, asked.counties),
        *([GoalStanding.step == step] if step else []),
    ]
    says = STEPS[step] if step else "All goals"
    if which.line != TOTAL and which.table == "categories":
        found = {code: (number, name) for number, (code, name) in reading.category_names().items()}
        if which.line not in found:
            return None
        where.append(GoalStanding.category_id == found[which.line][0])
        says = f"{says}, {found[which.line][1]}"
    elif which.line != TOTAL:
        where.append(GoalStanding.county == lines.place_of(which.line))
        says = f"{says}, {lines.said(which.line)}"
    rows, count = reading.goal_rows(run, where, page=page, size=PER_PAGE)
    return Behind(
        says,
        ("Person", "Works toward", "County", "How far", "Share of what is asked, percent", "Topics missing"),
        tuple(
            (
                Cell(row.name, To.PERSON, row.person_id),
                Cell(row.category),
                Cell(lines.said(row.county)),
                Cell(STEPS[row.step]),
                Cell(row.percent),
                Cell(len(unlisted(row.missing))),
            )
            for row in rows
        ),
        count,
    )


QUESTION = Question(
    "pipeline",
    "Endorsement pipeline",
    "How many people are how far toward each category.",
    "Every open goal as it stands now, whatever days are chosen; whoever works toward two categories is counted in "
    "both. How far is the mean of the share of each minimum of hours and of the topics, each ledger by itself, from "
    "what is verified; just begun is under 10 percent. Nothing here says that somebody will be endorsed: the "
    "association decides.",
    answer,
    behind,
    Preset.THIS_YEAR,
    "reports/mapped.html",
)
