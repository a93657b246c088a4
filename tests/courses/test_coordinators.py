"""Who is written to about a session: whoever coordinates everything, its county or its provider, at this moment."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from catalog import clock
from catalog.accounts.models import Person
from catalog.coordinating.services.granting import grant
from catalog.courses.queries import coordinators
from tests import factories as make

pytestmark = pytest.mark.usefixtures("context")


def given(name: str, counties: Sequence[str] = (), providers: Sequence[str] = (), **words: Any) -> Person:
    person, by = make.person(f"{name} Sample"), make.person("Ada Sample", is_administrator=True)
    until = clock.now() + timedelta(days=7)
    grant(person, by=by, counties=counties, providers=providers, until=until, reason="Holiday", **words)
    return person


def test_a_county_or_a_provider_is_enough_and_another_one_is_not() -> None:
    offering = make.offering(county="01101")
    here, theirs = given("Here", ["01101"]), given("Theirs", providers=[offering.course.provider])
    elsewhere, others = given("Elsewhere", ["01003"]), given("Others", providers=["Somebody else"])
    told = coordinators(offering)
    assert here in told
    assert theirs in told
    assert elsewhere not in told
    assert others not in told


def test_a_part_is_not_told_of_what_concerns_the_whole_catalog() -> None:
    part, whole, mira = given("Part", ["01101"]), given("Whole"), make.person("Mira Sample", coordinates=True)
    assert part not in coordinators()
    assert {whole, mira} <= set(coordinators())


def test_after_the_last_day_nobody_is_told_any_more() -> None:
    offering = make.offering(county="01101")
    for_a_while = given("For", ["01101"])
    assert for_a_while in coordinators(offering)
    with clock.at(clock.now() + timedelta(days=8)):
        assert for_a_while not in coordinators(offering)


@pytest.mark.parametrize("how", ["left_at", "merged_into_id"])
def test_an_account_that_is_closed_is_not_told(how: str) -> None:
    offering, closed = make.offering(county="01101"), given("Closed", ["01101"])
    setattr(closed, how, clock.now() if how == "left_at" else make.person().id)
    assert closed not in coordinators(offering)
