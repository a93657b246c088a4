"""Writing down what one holds: once, and until the next deadline."""

from datetime import UTC, date, datetime

import pytest

from catalog import clock
from catalog.competencies.models import PolicyKind
from catalog.endorsement import services
from catalog.endorsement.refusals import AlreadyHeld
from tests import factories as make
from tests.endorsement import goals

pytestmark = pytest.mark.usefixtures("context")


def test_the_same_category_twice_is_refused() -> None:
    person, category = make.person(), make.category()
    services.hold(person, category, date(2025, 1, 1), None, provides_rsc=False, by=person)
    with pytest.raises(AlreadyHeld):
        services.hold(person, category, date(2025, 1, 1), None, provides_rsc=False, by=person)


@pytest.mark.parametrize(
    ("endorsed_on", "until"),
    [
        (date(2026, 5, 1), date(2026, 12, 31)),
        (date(2019, 5, 1), date(2026, 12, 31)),
        (date(2026, 12, 31), date(2026, 12, 31)),
    ],
)
def test_without_a_deadline_it_is_the_next_one(endorsed_on: date, until: date) -> None:
    person, category = make.person(), make.category()
    with clock.at(datetime(2026, 11, 28, 15, tzinfo=UTC)):
        held = services.hold(person, category, endorsed_on, None, provides_rsc=False, by=person)
    assert held.valid_until == until


def test_a_cycle_of_three_years_names_its_own_deadline() -> None:
    person, category = make.person(), make.category()
    goals.policy(PolicyKind.CYCLE, {"months": 12, "deadline": "12-31"}, effective_until=date(2026, 12, 31))
    goals.policy(PolicyKind.CYCLE, {"months": 36, "deadline": "12-31"}, effective_from=date(2027, 1, 1))
    with clock.at(datetime(2027, 3, 1, 15, tzinfo=UTC)):
        held = services.hold(person, category, date(2025, 5, 1), None, provides_rsc=False, by=person)
    assert held.valid_until == date(2029, 12, 31)


def test_a_renewal_goes_on_in_the_cycle_that_begins_then() -> None:
    person, category = make.person(), make.category()
    goals.policy(PolicyKind.CYCLE, {"months": 36, "deadline": "12-31"}, effective_from=date(2027, 1, 1))
    held = goals.endorsed(person, category, valid_until=date(2026, 12, 31))
    services.renew(held, date(2026, 12, 31), by=person)
    assert held.valid_until == date(2029, 12, 31)


def test_the_day_is_the_one_on_the_calendar_here() -> None:
    """In the last evening of the year the deadline is still that day, though it is January in Greenwich."""
    person, category = make.person(), make.category()
    with clock.at(datetime(2027, 1, 1, 3, tzinfo=UTC)):
        held = services.hold(person, category, date(2026, 5, 1), None, provides_rsc=False, by=person)
    assert held.valid_until == date(2026, 12, 31)
