"""Reach equals what one finds by going through all credit and remembering whom one has seen."""

from collections import defaultdict
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from catalog.accounts.models import Person
from catalog.attendance.models import Credit
from catalog.extensions import db
from catalog.reports.frame import TOTAL, Asked, Which
from catalog.reports.questions import reach
from tests.reports import world
from tests.reports.test_hours_delivered import ASKED, SEEDS

pytestmark = pytest.mark.usefixtures("context")


def recount(asked: Asked, key: Callable[[Credit], str]) -> dict[str, int]:
    seen: dict[str, set[int]] = defaultdict(set)
    for credit in db.session.scalars(sa.select(Credit)):
        if credit.superseded_at is not None or credit.attended_minutes == 0:
            continue
        if asked.period.holds(credit.earned_on) and world.asked_of(asked, credit.offering.county):
            seen[TOTAL].add(credit.person_id)
            seen[key(credit)].add(credit.person_id)
    return {line: len(people) for line, people in seen.items()}


def workplace(credit: Credit) -> str:
    return db.session.get_one(Person, credit.person_id).county or "none"


KEYS: dict[str, Callable[[Credit], str]] = {
    "months": lambda credit: f"{credit.earned_on:%Y-%m}",
    "kinds": lambda credit: credit.offering.course.kind.value,
    "counties": lambda credit: credit.offering.county or "none",
    "workplaces": workplace,
}


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("asked", ASKED)
def test_every_table_equals_the_recount(seed: int, asked: Asked) -> None:
    world.made(seed)
    report = reach.answer(asked)
    for key, key_of in KEYS.items():
        assert world.figures(report, key, "people") == recount(asked, key_of), key


def test_behind_every_figure_are_its_people() -> None:
    world.made(2)
    for table in reach.answer(world.YEAR).tables:
        for line in (*table.lines, table.total):
            assert line is not None
            behind = reach.behind(world.YEAR, Which(table.key, line.key, "people"), 1)
            assert behind is not None
            assert (behind.in_all, len(behind.rows)) == (line.figures[0], line.figures[0])


def test_whoever_comes_twice_is_one_person() -> None:
    world.made(3)
    report = reach.answer(world.YEAR)
    by_month = world.figures(report, "months", "people")
    assert sum(v for k, v in by_month.items() if k != TOTAL) > by_month[TOTAL]  # type: ignore[misc, operator]


def test_nobody_is_behind_what_is_not_there() -> None:
    for which in (
        Which("towns", TOTAL, "people"),
        Which("months", TOTAL, "dogs"),
    ):
        assert reach.behind(world.YEAR, which, 1) is None
