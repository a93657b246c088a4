"""A long life of hours is reckoned at once, and no rule that somebody types makes it take for ever."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from time import process_time

from catalog.competencies.models import Ledger
from catalog.competencies.rulebook import Sources
from catalog.endorsement.rules import readiness
from catalog.records.ledger import Entry
from catalog.records.models import Standing
from tests.endorsement.people import PENDING, PLANNED, book, line, rsc, training

ON = date(2026, 11, 28)
HOURS = (line(30), line(24, Ledger.RSC, months=(12, 24)), line(12, Ledger.RSC, tag="about"))


def a_life(providers: int, years: int) -> list[Entry]:
    """200 trainings and 100 times RSC, some of it pending, planned or with a provider nobody knows."""
    first = date(2026 - years, 1, 1)
    found = [training(number, first + timedelta(days=number), 2, 11, 12, 21) for number in range(200)]
    for number in range(100):
        sure = PENDING if number % 7 == 0 else PLANNED if number % 11 == 0 else {}
        standing = Standing.UNKNOWN if number % 13 == 0 else Standing.ENDORSED
        on = first + timedelta(days=number * years * 365 // 101)
        tags = frozenset({"about"} if number % 2 else ())
        hours, name = 1 + number % 3 / 2, f"provider-{number * 7 % providers}"
        found.append(rsc(1000 + number, on, hours, name, standing=standing, tags=tags, **sure))
    return found


def seconds(doing: Callable[[], object]) -> float:
    def once() -> float:
        began = process_time()
        doing()
        return process_time() - began

    return min(once() for _ in range(5))


def test_300_entries_with_20_providers_are_quick() -> None:
    """Some 10 ms where it was written; the limit leaves room for slower machines, and none for trying everything."""
    rules = book(*HOURS)
    for years in (2, 4, 10):
        entries = a_life(20, years)
        assert seconds(partial(readiness, entries, rules, ON)) < 0.25


def test_many_providers_of_whom_many_are_allowed_do_not_take_for_ever() -> None:
    """10 of 50 would be ten thousand million sets."""
    rules = book(*HOURS, sources=(Sources(most_providers=10),))
    entries = a_life(50, 2)
    assert seconds(partial(readiness, entries, rules, ON)) < 2
    assert readiness(entries, rules, ON).rsc.chosen
