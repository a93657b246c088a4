"""Evaluation results equal what one finds by going through the answers that are shown; the others are in none."""

from collections import defaultdict
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from catalog.courses.models import Offering
from catalog.evaluation.models import Evaluation
from catalog.evaluation.wording import OVERALL
from catalog.extensions import db
from catalog.reports import services
from catalog.reports.frame import TOTAL, Asked, Which
from catalog.reports.questions import evaluations
from tests.reports import world
from tests.reports.test_hours_delivered import ASKED, SEEDS

pytestmark = pytest.mark.usefixtures("context")


def shown(asked: Asked) -> list[tuple[Offering, dict[str, int]]]:
    found = []
    for one in db.session.scalars(sa.select(Evaluation)):
        on = world.first_day(one.offering)
        if one.is_shown and on and asked.period.holds(on) and world.asked_of(asked, one.offering.county):
            found.append((one.offering, one.scales))
    return found


def mean(points: list[int]) -> str:
    """With one decimal, halves up, in whole numbers."""
    tenths = (20 * sum(points) + len(points)) // (2 * len(points))
    return f"{tenths // 10}.{tenths % 10}"


KEYS: dict[str, Callable[[Offering], str]] = {
    "months": lambda offering: f"{world.first_day(offering):%Y-%m}",
    "kinds": lambda offering: offering.course.kind.value,
    "counties": lambda offering: offering.county or "none",
    "providers": lambda offering: offering.course.provider,
}


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("asked", ASKED)
def test_every_table_equals_the_recount(seed: int, asked: Asked) -> None:
    world.made(seed)
    report = evaluations.answer(asked)
    for key, key_of in KEYS.items():
        lines: dict[str, list[int]] = defaultdict(list)
        for offering, scales in shown(asked):
            if OVERALL in scales:
                lines[key_of(offering)].append(scales[OVERALL])
                lines[TOTAL].append(scales[OVERALL])
        assert world.figures(report, key, "answers") == {line: len(points) for line, points in lines.items()}
        assert {line: str(value) for line, value in world.figures(report, key, "mean").items()} == {
            line: mean(points) for line, points in lines.items()
        }


@pytest.mark.parametrize("seed", SEEDS)
def test_each_question_has_all_its_points(seed: int) -> None:
    world.made(seed)
    report = evaluations.answer(world.YEAR)
    for point in range(1, 6):
        counts: dict[str, int] = defaultdict(int)
        for _, scales in shown(world.YEAR):
            for question, given in scales.items():
                counts[question] += given == point
        plain = {question: count for question, count in counts.items() if count}
        assert world.figures(report, "questions", f"points-{point}") == plain


def test_answers_that_are_not_shown_yet_are_in_no_figure() -> None:
    world.made(1)
    for one in db.session.scalars(sa.select(Evaluation)):
        one.is_shown = False
    db.session.flush()
    services.count()
    assert [table.lines for table in evaluations.answer(world.YEAR).tables] == [()] * 5


def test_behind_a_figure_are_its_sessions() -> None:
    world.made(2)
    for table in evaluations.answer(world.YEAR).tables:
        for line in table.lines:
            behind = evaluations.behind(world.YEAR, Which(table.key, line.key, "answers"), 1)
            assert behind is not None
            given = sum(row[2].value for row in behind.rows if isinstance(row[2].value, int))
            assert given == line.figures[table.place("answers")]


def test_nothing_is_behind_what_is_not_there() -> None:
    for which in (
        Which("questions", "texts", "mean"),
        Which("formats", TOTAL, "mean"),
        Which("kinds", TOTAL, "x"),
    ):
        assert evaluations.behind(world.YEAR, which, 1) is None
