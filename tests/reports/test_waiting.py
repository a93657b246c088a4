"""Waitlist pressure equals what one finds by going through everybody in a queue."""

from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from catalog import clock
from catalog.courses.models import Offering, OfferingState
from catalog.enrollment.models import Enrollment, State
from catalog.extensions import db
from catalog.reports.frame import TOTAL, Asked, Which, tenth
from catalog.reports.period import Period
from catalog.reports.questions import waiting
from tests.reports import world
from tests.reports.test_hours_delivered import SEEDS

pytestmark = pytest.mark.usefixtures("context")
NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)
ASKED = (world.YEAR, Asked(world.YEAR.period, ("01101",)), Asked(Period(date(2026, 3, 8), date(2026, 11, 1))))


def day_of(offering: Offering) -> date:
    assert offering.starts_at is not None
    return offering.starts_at.astimezone(ZoneInfo(offering.zone)).date()


def recount(asked: Asked, key: Callable[[Offering], str]) -> dict[str, tuple[list[Decimal], int]]:
    """For each line how long each person waits, and how many were left."""
    days: dict[str, list[Decimal]] = defaultdict(list)
    left: dict[str, int] = defaultdict(int)
    for one in db.session.scalars(sa.select(Enrollment)):
        offering = one.offering
        if (
            one.state != State.WAITING
            or offering.state == OfferingState.CANCELLED
            or offering.starts_at is None
        ):
            continue
        if not asked.period.holds(day_of(offering)) or not world.asked_of(asked, offering.county):
            continue
        for line in (key(offering), TOTAL):
            if offering.starts_at <= NOW:
                left[line] += 1
            else:
                assert one.queued_at is not None
                seconds = max(0, int((NOW - one.queued_at).total_seconds()))
                days[line].append(Decimal(seconds) / 86400)
    return {line: (sorted(days[line]), left[line]) for line in {*days, *left}}


def middle(days: list[Decimal]) -> Decimal:
    half = len(days) // 2
    return days[half] if len(days) % 2 else (days[half - 1] + days[half]) / 2


KEYS: dict[str, Callable[[Offering], str]] = {
    "months": lambda offering: f"{day_of(offering):%Y-%m}",
    "kinds": lambda offering: offering.course.kind.value,
    "counties": lambda offering: offering.county or "none",
    "courses": lambda offering: str(offering.course_id),
}


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("asked", ASKED)
def test_every_table_equals_the_recount(seed: int, asked: Asked) -> None:
    world.made(seed)
    with clock.at(NOW):
        report = waiting.answer(asked)
    for key, key_of in KEYS.items():
        wanted = recount(asked, key_of)
        plain = {line: len(days) for line, (days, _) in wanted.items() if days}
        assert world.figures(report, key, "waiting") == plain
        assert world.figures(report, key, "left") == {
            line: left for line, (_, left) in wanted.items() if left
        }
        longest = {line: tenth(days[-1]) for line, (days, _) in wanted.items() if days and tenth(days[-1])}
        assert world.figures(report, key, "longest") == longest
        middles = {
            line: tenth(middle(days)) for line, (days, _) in wanted.items() if days and tenth(middle(days))
        }
        assert world.figures(report, key, "median") == middles


def test_behind_every_figure_are_its_people() -> None:
    world.made(2)
    with clock.at(NOW):
        for table in waiting.answer(world.YEAR).tables:
            for line in table.lines:
                for column in ("waiting", "left")[: 1 if table.key == "sessions" else 2]:
                    behind = waiting.behind(world.YEAR, Which(table.key, line.key, column), 1)
                    assert behind is not None
                    assert behind.in_all == line.figures[table.place(column)], (table.key, line.key, column)


def test_nobody_is_behind_what_is_not_there() -> None:
    assert waiting.behind(world.YEAR, Which("months", TOTAL, "dogs"), 1) is None
    assert waiting.behind(world.YEAR, Which("towns", TOTAL, "waiting"), 1) is None
