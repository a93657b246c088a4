"""What people thought of sessions: points by question, month, kind, county and provider. Never who said what."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

import sqlalchemy as sa

from catalog.courses.models import Course, Kind, Offering
from catalog.courses.wording import KINDS
from catalog.evaluation.wording import HIGH, LOW, OVERALL, POINTS, SCALES
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
from catalog.reports.models import AnswerTally, SessionTally
from catalog.reports.period import month_name

TIMES = tuple(
    Column(
        f"points-{point}",
        {POINTS[0]: f"{point}, {LOW}", POINTS[-1]: f"{point}, {HIGH}"}.get(point, str(point)),
    )
    for point in POINTS
)
ANSWERS, MEAN = Column("answers", "Answers"), Column("mean", "Mean", Unit.POINTS)


Counts = dict[int, int]
"""How often each point was given."""
COUNTS = (AnswerTally.ones, AnswerTally.twos, AnswerTally.threes, AnswerTally.fours, AnswerTally.fives)
SUMS = tuple(sa.func.sum(column) for column in COUNTS)


class _By(NamedTuple):
    key: str
    title: str
    head: str
    column: Any
    key_of: Callable[[str], str]
    name: Callable[[str], str]


BY = (
    _By("months", "By month", "Month", SessionTally.on, lambda on: on[:7], month_name),
    _By("kinds", "By kind", "Kind", Course.kind, str, lambda key: KINDS[Kind(key)]),
    _By("counties", "By county of the session", "County", Offering.county, regions.key_of, regions.name_of),
    _By(
        "providers", "By provider", "Provider", Course.provider, str, lambda key: key or "Provider not stated"
    ),
)


def answer(asked: Asked) -> Report:
    return queries.tallied(lambda: _tables(asked))


def _tables(asked: Asked) -> tuple[Table, ...]:
    found = _counted(asked)
    return (_questions(asked), *(_table(by, found[by.key]) for by in BY))


def _counted(asked: Asked) -> dict[str, dict[str, Counts]]:
    """By table and line, of the one question that stands for the whole."""
    key_of = {by.key: by.key_of for by in BY}
    rows = (
        _answers(*(by.column.label(by.key) for by in BY), *COUNTS)
        .join(Offering, Offering.id == AnswerTally.offering_id)
        .join(Course, Course.id == Offering.course_id)
        .where(*_within(asked), AnswerTally.question == OVERALL)
    )
    found: dict[str, dict[str, Counts]] = {
        key: defaultdict(lambda: dict.fromkeys(POINTS, 0)) for key in key_of
    }
    for by, key, *counts in queries.added(rows, list(key_of), [one.key for one in COUNTS]):
        _add(found[by][key_of[by](key)], counts)
    return found


def _answers(*columns: Any) -> sa.Select[Any]:
    return (
        sa.select(*columns)
        .select_from(AnswerTally)
        .join(SessionTally, SessionTally.offering_id == AnswerTally.offering_id)
    )


def _within(asked: Asked) -> tuple[sa.ColumnElement[bool], ...]:
    return (SessionTally.on.between(*asked.period), regions.within(asked.counties))


def _add(line: Counts, counts: Sequence[int]) -> None:
    for point, count in zip(POINTS, counts, strict=True):
        line[point] += int(count)


def _questions(asked: Asked) -> Table:
    rows = _answers(AnswerTally.question, *SUMS).where(*_within(asked)).group_by(AnswerTally.question)
    if asked.counties:
        rows = rows.join(Offering, Offering.id == AnswerTally.offering_id)
    found = {
        name: dict(zip(POINTS, map(int, counts), strict=True)) for name, *counts in db.session.execute(rows)
    }
    lines = [Line(name, words, _points(found[name])) for name, words in SCALES.items() if name in found]
    chart = Chart(
        Drawing.STACKED, "Points given to each question", tuple(one.key for one in TIMES), "answers"
    )
    return Table("questions", "By question", "Question", (*TIMES, ANSWERS, MEAN), tuple(lines), chart=chart)


def _points(of: Counts) -> tuple[Figure, ...]:
    return (*of.values(), sum(of.values()), _mean(of))


def _mean(of: Counts) -> Decimal | None:
    answers = sum(of.values())
    return tenth(Decimal(sum(point * count for point, count in of.items())) / answers) if answers else None


def _table(by: _By, lines: dict[str, Counts]) -> Table:
    whole = {point: sum(of[point] for of in lines.values()) for point in POINTS}
    keys = regions.in_order(set(lines)) if by.key == "counties" else sorted(lines)
    return Table(
        by.key,
        by.title,
        by.head,
        (ANSWERS, MEAN),
        tuple(Line(key, by.name(key), _points(lines[key])[-2:]) for key in keys),
        Line(TOTAL, "Together", _points(whole)[-2:]),
        chart=Chart(Drawing.BARS, f"{SCALES[OVERALL]} {by.title}", ("mean",), "points from 1 to 5, mean"),
        note=f"“{SCALES[OVERALL]}”",
    )


# The rows behind a figure: sessions, never answers.


def behind(asked: Asked, which: Which, page: int) -> Behind | None:
    wanted = _wanted(which)
    if wanted is None:
        return None
    rows = (
        sa.select(Course.title, Offering.id, SessionTally.on, *SUMS)
        .select_from(AnswerTally)
        .join(SessionTally, SessionTally.offering_id == AnswerTally.offering_id)
        .join(Offering, Offering.id == AnswerTally.offering_id)
        .join(Course, Course.id == Offering.course_id)
        .where(SessionTally.on.between(*asked.period), regions.within(asked.counties), *wanted)
        .group_by(Course.title, Offering.id, SessionTally.on)
    )
    found, count = queries.listed(rows, (SessionTally.on.desc(), Offering.id), page)
    return Behind(
        "Sessions that were answered about",
        ("Session", "Begins on", "Answers", "Mean"),
        tuple(_row(row) for row in found),
        count,
    )


def _row(row: Any) -> tuple[Cell, ...]:
    title, number, on, *counts = row
    *_, answers, mean = _points({point: int(count) for point, count in zip(POINTS, counts, strict=True)})
    return Cell(title, To.EVALUATION, number), Cell(on), Cell(answers), Cell(mean)


def _wanted(which: Which) -> tuple[sa.ColumnElement[bool], ...] | None:
    """All points of the sessions behind a line, whatever column was opened: who gave which is nobody's business."""
    columns = {column.key for column in (*TIMES, ANSWERS, MEAN)}
    if which.column not in columns:
        return None
    if which.table == "questions":
        return (AnswerTally.question == which.line,) if which.line in SCALES else None
    narrowed = queries.of_line(which, SessionTally.on)
    return (
        None if narrowed is None or which.table == "formats" else (AnswerTally.question == OVERALL, *narrowed)
    )


QUESTION = Question(
    "evaluations",
    "Evaluation results",
    "What people thought of sessions, without their names.",
    "Answers about sessions that begin in these days by their own calendar. They are counted in fives, as trainers "
    "see them: up to four of a session that came last are not in here yet, so that nobody’s can be told apart. Texts "
    "are not in this report; they stand with each session.",
    answer,
    behind,
)
