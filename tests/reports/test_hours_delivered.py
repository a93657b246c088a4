"""Hours delivered equal what one finds by going through all credit, one by one."""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date

import pytest

from catalog.attendance.models import Credit
from catalog.competencies.models import Ledger
from catalog.reports.frame import TOTAL, Asked, Report, Which
from catalog.reports.period import Period
from catalog.reports.questions import hours
from tests.reports import world

pytestmark = pytest.mark.usefixtures("context")
SEEDS = range(3)
ASKED = (
    world.YEAR,
    Asked(Period(date(2026, 3, 1), date(2026, 11, 1))),
    Asked(world.YEAR.period, ("01101", "13121")),
)


def measure_of(credit: Credit) -> str:
    if credit.not_counted_because:
        return "neither"
    return "rsc" if credit.ledger == Ledger.RSC else "training"


def recount(
    asked: Asked, measure: str, keys: Callable[[Credit], Iterable[tuple[str, int]]]
) -> dict[str, int]:
    """Minutes by key, and under "total" each credit once."""
    minutes: Counter[str] = Counter()
    for credit in world.credits_in_force():
        if measure_of(credit) != measure or not asked.period.holds(credit.earned_on):
            continue
        if not world.asked_of(asked, credit.offering.county):
            continue
        minutes[TOTAL] += credit.minutes
        for key, part in keys(credit):
            minutes[key] += part
    return dict(minutes)


def by_month(credit: Credit) -> Iterable[tuple[str, int]]:
    yield f"{credit.earned_on.year}-{credit.earned_on.month:02d}", credit.minutes


def by_kind(credit: Credit) -> Iterable[tuple[str, int]]:
    yield credit.offering.course.kind.value, credit.minutes


def by_county(credit: Credit) -> Iterable[tuple[str, int]]:
    yield credit.offering.county or "none", credit.minutes


def by_provider(credit: Credit) -> Iterable[tuple[str, int]]:
    yield credit.offering.course.provider, credit.minutes


def by_area(credit: Credit) -> Iterable[tuple[str, int]]:
    for area in credit.areas:
        yield str(area.area_id), credit.minutes if area.minutes is None else area.minutes


def said(report: Report, key: str, measure: str) -> dict[str, object]:
    has = [column.key for column in world.table(report, key).columns]
    return world.figures(report, key, measure) if measure in has else {}


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("asked", ASKED)
def test_every_table_equals_the_recount(seed: int, asked: Asked) -> None:
    world.made(seed)
    report = hours.answer(asked)
    for measure in ("training", "rsc", "neither"):
        for key, keys in (
            ("months", by_month),
            ("kinds", by_kind),
            ("counties", by_county),
            ("providers", by_provider),
        ):
            assert said(report, key, measure) == recount(asked, measure, keys), (key, measure)
        areas = recount(asked, measure, by_area)
        areas.pop(TOTAL, None)
        assert said(report, "areas", measure) == areas


def test_behind_every_figure_are_its_rows() -> None:
    world.made(1)
    report = hours.answer(world.YEAR)
    for table in report.tables:
        for line in (*table.lines, *([table.total] if table.total else [])):
            for column, figure in zip(table.columns, line.figures, strict=True):
                behind = hours.behind(world.YEAR, Which(table.key, line.key, column.key), 1)
                assert behind is not None
                minutes = sum(row[3].value for row in behind.rows if isinstance(row[3].value, int))
                assert figure in (minutes, behind.in_all), (table.key, line.key, column.key)
                assert behind.in_all == len(behind.rows)


def test_ledgers_are_never_one_column() -> None:
    world.made(1)
    columns = {column.key for table in hours.answer(world.YEAR).tables for column in table.columns}
    assert columns <= {f"{one}{end}" for one in ("training", "rsc", "neither") for end in ("", "-times")}


def test_nothing_is_behind_what_is_not_there() -> None:
    for which in (
        Which("months", "nonsense", "training"),
        Which("areas", TOTAL, "rsc"),
        Which("kinds", "in_service", "both"),
    ):
        assert hours.behind(world.YEAR, which, 1) is None
