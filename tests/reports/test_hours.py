"""`flask catalog check` and hours from elsewhere: what must never be is found."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from catalog import clock
from catalog.accounts.models import Person
from catalog.extensions import db
from catalog.records import services
from catalog.records.models import EntrySource, EntryState, HourEntry
from catalog.reports.checking import hours, invariants
from tests import factories as make
from tests.records.entries import said, verified, written_down

pytestmark = pytest.mark.usefixtures("context")


def broken() -> set[str]:
    db.session.flush()
    return {name for name, _, select in hours.ALL if db.session.execute(select).first()}


@pytest.fixture
def ana() -> Person:
    return make.person("Ana Sample")


@pytest.fixture
def mira() -> Person:
    return make.person("Mira Sample", coordinates=True)


@pytest.fixture
def corrected(ana: Person) -> tuple[HourEntry, HourEntry]:
    """An entry and its correction."""
    first = written_down(ana)
    return first, services.correct_hours(first, said(minutes=300), None, by=ana)


def test_what_the_services_make_breaks_nothing(ana: Person, mira: Person) -> None:
    entry = verified(ana, mira)
    entry = services.correct_hours(entry, said(title="Corrected"), None, by=ana)
    services.withdraw_hours(entry, by=ana)
    services.put_back_hours(entry, by=ana)
    services.add_hours_for(ana, said(minutes=30), None, by=mira)
    assert broken() == set()
    assert set(hours.ALL) <= set(invariants.ALL)


@pytest.fixture
def _unguarded(context: None, corrected: object) -> Iterator[None]:
    """The table without its last word, as a careless repair would leave it. SQLite drops no constraint."""
    db.session.execute(sa.text("ALTER TABLE hour_entry DROP CONSTRAINT uq_hour_entry_supersedes_id"))
    yield
    db.session.rollback()


@pytest.mark.postgres
@pytest.mark.usefixtures("_unguarded")
def test_two_corrections_of_one_are_found(ana: Person, corrected: tuple[HourEntry, HourEntry]) -> None:
    written_down(ana, minutes=30).supersedes_id = corrected[0].id
    assert broken() == {"hours corrected twice"}


def test_an_entry_beside_its_correction_is_found(corrected: tuple[HourEntry, HourEntry]) -> None:
    corrected[0].superseded_at = None
    assert broken() == {"hours counted twice"}


def test_an_entry_that_is_superseded_by_none_is_found(ana: Person) -> None:
    written_down(ana).superseded_at = clock.now()
    assert broken() == {"hours lost"}


def test_a_correction_of_somebody_elses_is_found(
    corrected: tuple[HourEntry, HourEntry], mira: Person
) -> None:
    corrected[1].person_id, corrected[1].evidence_id = mira.id, None
    assert broken() == {"hours across people"}


@pytest.mark.parametrize("by", ["oneself", "nobody"])
def test_hours_verified_alone_are_found(ana: Person, by: str) -> None:
    entry = written_down(ana)
    entry.state, entry.checked_at = EntryState.VERIFIED, clock.now()
    entry.checked_by_id = ana.id if by == "oneself" else None
    assert broken() == {"hours verified alone"}


def test_the_file_of_another_person_is_found(ana: Person, mira: Person) -> None:
    written_down(ana).evidence_id = written_down(mira, minutes=30).evidence_id
    assert broken() == {"foreign evidence"}


def test_hours_a_coordinator_wrote_for_themself_are_found(mira: Person) -> None:
    written_down(mira).source = EntrySource.COORDINATOR
    assert broken() == {"hours of a coordinator"}
