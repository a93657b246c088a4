"""Who is written to about a session: whoever coordinates everything, its county or its provider, now."""

from datetime import timedelta
from typing import Any

import pytest

from catalog import clock
from catalog.accounts.models import Person, RoleGrant
from catalog.courses.models import Offering
from catalog.courses.queries import coordinators, coordinators_of_some
from catalog.extensions import db
from tests import factories as make

pytestmark = pytest.mark.usefixtures("context")
MONTGOMERY, MOBILE = "01101", "01097"


def holder(name: str, **fields: Any) -> Person:
    """Somebody to whom an administrator gave a part, yesterday."""
    person, now = make.person(name, has_grants=True), clock.now()
    given = {"counties": [], "providers": [], "until": None, "ended_at": None, **fields}
    db.session.add(
        RoleGrant(
            person_id=person.id,
            granted_by_id=make.person("Ada Sample").id,
            begins_at=now - timedelta(days=1),
            granted_at=now - timedelta(days=1),
            reason="On leave",
            is_delegated=False,
            **given,
        )
    )
    db.session.flush()
    return person


@pytest.fixture
def session() -> Offering:
    return make.offering(make.course(provider="A university"), county=MONTGOMERY)


def test_its_county_its_provider_and_everything(session: Offering) -> None:
    mira = make.person("Mira Sample", coordinates=True)
    here, theirs = holder("Here", counties=[MONTGOMERY]), holder("Theirs", providers=["A university"])
    holder("There", counties=[MOBILE])
    holder("Others", providers=["Another one"])
    assert coordinators(session) == [mira, here, theirs]


def test_of_no_session_those_of_everything(session: Offering) -> None:
    mira, whole = make.person("Mira Sample", coordinates=True), holder("For a while")
    holder("Here", counties=[MONTGOMERY])
    assert coordinators() == [mira, whole]


def test_nobody_whose_part_is_over(session: Offering) -> None:
    holder("Until now", until=clock.now())
    holder("Ended", ended_at=clock.now())
    assert coordinators(session) == []
    assert coordinators_of_some() == []


def test_nobody_whose_account_is_closed(session: Offering) -> None:
    kept = make.person("Kept")
    make.person("Joined", coordinates=True, merged_into_id=kept.id)
    make.person("Left", coordinates=True, left_at=clock.now())
    assert coordinators(session) == []
