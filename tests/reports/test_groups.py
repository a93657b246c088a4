"""`flask catalog check` and groups: what must never be is found."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from catalog import clock
from catalog.accounts.models import Person
from catalog.courses.models import Offering
from catalog.enrollment.models import Enrollment, State
from catalog.extensions import db
from catalog.groups import services
from catalog.groups.models import Absence
from catalog.records.models import HourEntry
from catalog.reports.checking import groups, invariants
from tests import factories as make
from tests.attendance.sheets import qualified
from tests.groups.circles import begun, seated, term

pytestmark = pytest.mark.usefixtures("context")


def broken() -> set[str]:
    db.session.flush()
    return {name for name, _, select in groups.ALL if db.session.execute(select).first()}


@pytest.fixture
def ivo() -> Person:
    person = make.person("Ivo", is_trainer=True)
    qualified(person)
    return person


@pytest.fixture
def group(ivo: Person) -> Offering:
    return term(ivo)


@pytest.fixture
def seat(group: Offering, ivo: Person) -> Enrollment:
    return seated(make.person("Ana"), group, ivo)


@pytest.fixture
def entry(ivo: Person) -> HourEntry:
    session = services.write_down(make.person("Ana"), ivo, clock.now().date() - timedelta(days=3), 60)
    return services.confirm(session)


def test_what_the_services_make_breaks_nothing(group: Offering, seat: Enrollment, entry: HourEntry) -> None:
    services.cannot_come(seat, group.sittings[0])
    assert broken() == set()
    assert set(groups.ALL) <= set(invariants.ALL)


def test_an_absence_at_another_group_is_found(group: Offering, seat: Enrollment, ivo: Person) -> None:
    other = term(ivo)
    db.session.add(Absence(enrollment_id=seat.id, meeting_id=other.sittings[0].id, said_at=clock.now()))
    assert broken() == {"foreign absence"}


def test_a_title_of_a_meeting_is_found(group: Offering) -> None:
    group.sittings[0].title = "What we said"
    assert broken() == {"group with content"}


def test_somebody_who_stands_in_for_themself_is_found(group: Offering, ivo: Person) -> None:
    group.sittings[0].substitute = ivo
    assert broken() == {"substitute of oneself"}


def test_two_next_terms_are_found(group: Offering, ivo: Person) -> None:
    for _ in range(2):
        term(ivo, of=group.course).follows_id = group.id
    assert broken() == {"two next terms"}


def test_a_next_term_of_another_course_is_found(group: Offering, ivo: Person) -> None:
    term(ivo).follows_id = group.id
    assert broken() == {"next term of another"}


OTHERWISE: dict[str, Callable[[HourEntry], None]] = {
    "minutes": lambda entry: setattr(entry, "minutes", 90),
    "day": lambda entry: setattr(entry, "ended_on", entry.ended_on + timedelta(days=1)),
    "person": lambda entry: setattr(entry, "person_id", make.person().id),
    "provider": lambda entry: setattr(entry, "provider_id", make.person().id),
}


@pytest.mark.parametrize("what", OTHERWISE)
def test_hours_that_say_otherwise_are_found(entry: HourEntry, what: str) -> None:
    OTHERWISE[what](entry)
    assert broken() == {"session confirmed otherwise"}


def test_a_provider_who_confirmed_nothing_is_found(entry: HourEntry, ivo: Person) -> None:
    db.session.execute(sa.text("UPDATE rsc_session SET entry_id = NULL, state = 'asked'"))
    assert broken() == {"hours nobody confirmed"}


def test_somebody_who_still_waits_for_a_closed_roster_is_found(ivo: Person) -> None:
    group = term(ivo, starts=begun(weeks=5))
    group.settled_at = clock.now()
    ana = make.person()
    row = Enrollment(offering_id=group.id, person_id=ana.id, state=State.REQUESTED, joined_at=clock.now())
    db.session.add(row)
    assert broken() == {"waitlist of a closed group"}


def test_a_free_seat_and_a_queue_are_found_while_vacancies_are_filled(ivo: Person) -> None:
    group = term(ivo, starts=begun(), joins_until=3)
    now = clock.now()
    db.session.add(
        Enrollment(
            offering_id=group.id,
            person_id=make.person().id,
            state=State.WAITING,
            joined_at=now,
            queued_at=now,
        )
    )
    db.session.flush()
    assert db.session.execute(invariants.STUCK_QUEUE).first() is not None
    group.joins_until = 1
    db.session.flush()
    assert db.session.execute(invariants.STUCK_QUEUE).first() is None
