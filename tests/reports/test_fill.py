"""Fill and no-shows equal what one finds by going through all sessions and everybody on them."""

from collections import defaultdict
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from catalog.attendance.models import Mark
from catalog.courses.models import Offering, OfferingState
from catalog.enrollment.models import Enrollment, State
from catalog.extensions import db
from catalog.reports.frame import TOTAL, Asked, Which, share
from catalog.reports.questions import fill
from tests.reports import world
from tests.reports.test_hours_delivered import ASKED, SEEDS

pytestmark = pytest.mark.usefixtures("context")
Counts = dict[str, int]


def recount(asked: Asked, key: Callable[[Offering], str]) -> dict[str, Counts]:
    enrolled = list(db.session.scalars(sa.select(Enrollment)))
    came = {mark.enrollment_id for mark in db.session.scalars(sa.select(Mark)) if mark.minutes > 0}
    lines: dict[str, Counts] = defaultdict(lambda: defaultdict(int))
    for offering in world.offerings():
        on = world.first_day(offering)
        if offering.state != OfferingState.SCHEDULED or on is None or not asked.period.holds(on):
            continue
        if not world.asked_of(asked, offering.county):
            continue
        seated = [one for one in enrolled if one.offering_id == offering.id and one.state == State.SEATED]
        for line in (lines[key(offering)], lines[TOTAL]):
            line["sessions"] += 1
            if offering.capacity is not None:
                line["seats"] += offering.capacity
                line["taken"] += len(seated)
            if offering.settled_at is not None:
                line["held"] += len(seated)
                line["no-shows"] += sum(one.id not in came for one in seated)
    return lines


KEYS: dict[str, Callable[[Offering], str]] = {
    "months": lambda offering: f"{world.first_day(offering):%Y-%m}",
    "kinds": lambda offering: offering.course.kind.value,
    "counties": lambda offering: offering.county or "none",
    "formats": lambda offering: offering.format.value,
}


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("asked", ASKED)
def test_every_table_equals_the_recount(seed: int, asked: Asked) -> None:
    world.made(seed)
    report = fill.answer(asked)
    for key, key_of in KEYS.items():
        wanted = recount(asked, key_of)
        for column in ("sessions", "seats", "taken", "held", "no-shows"):
            plain = {line: counts[column] for line, counts in wanted.items() if counts[column]}
            assert world.figures(report, key, column) == plain, (key, column)
        shares = {line: share(one["taken"], one["seats"]) for line, one in wanted.items() if one["taken"]}
        assert world.figures(report, key, "fill") == shares
        missed = {
            line: share(one["no-shows"], one["held"]) for line, one in wanted.items() if one["no-shows"]
        }
        assert world.figures(report, key, "missed") == missed


def test_behind_every_figure_are_its_rows() -> None:
    world.made(2)
    for table in fill.answer(world.YEAR).tables:
        for line in (*table.lines, table.total):
            assert line is not None
            for column in ("sessions", "held", "no-shows"):
                behind = fill.behind(world.YEAR, Which(table.key, line.key, column), 1)
                assert behind is not None
                assert behind.in_all == line.figures[table.place(column)], (table.key, line.key, column)
            behind = fill.behind(world.YEAR, Which(table.key, line.key, "taken"), 1)
            assert behind is not None
            assert (
                sum(row[4].value for row in behind.rows if isinstance(row[4].value, int)) == line.figures[2]
            )


def test_a_session_late_on_the_last_evening_is_of_that_month() -> None:
    """At 21:00 on 31 January in Honolulu it is February in UTC and in Alabama."""
    world.made(1)
    for offering in world.offerings():
        if offering.zone == "Pacific/Honolulu" and offering.meetings[0].starts_wall.day == 31:
            assert world.first_day(offering) == offering.meetings[0].starts_wall.date()
            assert offering.starts_at is not None
            assert offering.starts_at.day == 1
            return
    pytest.fail("no such session was made")
