"""Opening a closed roster again, correcting it, and closing it once more."""

import pytest
import sqlalchemy as sa

from catalog.accounts.models import Person
from catalog.attendance import queries, refusals, services
from catalog.attendance.models import Credit, RosterClosing
from catalog.courses.models import Offering
from catalog.errors import ReasonNeeded
from catalog.extensions import db
from catalog.notices.models import AuditEntry, Job
from tests import factories as make
from tests.attendance import sheets

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def ivo() -> Person:
    return make.person("Ivo Sample", is_trainer=True)


def closed_with(ivo: Person, *names: str) -> Offering:
    offering = sheets.held()
    sheets.seat(offering, *names, by=ivo)
    sheets.mark_all(offering, by=ivo)
    services.close(offering, by=ivo)
    return offering


def letters_to(name: str) -> list[str]:
    jobs = db.session.scalars(sa.select(Job).where(Job.kind == "mail").order_by(Job.id)).all()
    return [
        job.payload["text"]
        for job in jobs
        if job.payload["name"] == name and "hours" in job.payload["subject"]
    ]


def test_reopening_needs_a_reason(ivo: Person) -> None:
    with pytest.raises(ReasonNeeded):
        services.reopen(closed_with(ivo, "Ana Sample"), by=ivo, reason="  ")


def test_an_open_roster_is_not_opened_again(ivo: Person) -> None:
    with pytest.raises(refusals.RosterOpen):
        services.reopen(sheets.held(), by=ivo, reason="a mistake")


def test_reopening_keeps_who_and_why(ivo: Person) -> None:
    offering = closed_with(ivo, "Ana Sample")
    services.reopen(offering, by=ivo, reason="Ana left early")
    closing = db.session.scalars(sa.select(RosterClosing)).one()
    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "roster.reopened")).one()
    assert (closing.reopened_by_id, closing.reason) == (ivo.id, "Ana left early")
    assert (entry.by_id, entry.reason) == (ivo.id, "Ana left early")


def test_credit_stays_in_force_until_the_roster_is_closed_again(ivo: Person) -> None:
    offering = closed_with(ivo, "Ana Sample")
    services.reopen(offering, by=ivo, reason="a mistake")
    assert [credit.minutes for credit in queries.credits_in_force(offering)] == [180]


def test_closing_again_supersedes_and_erases_nothing(ivo: Person) -> None:
    offering = closed_with(ivo, "Ana Sample")
    services.reopen(offering, by=ivo, reason="Ana left early")
    sheets.mark_all(offering, 60, by=ivo)
    services.close(offering, by=ivo)
    rows = db.session.scalars(sa.select(Credit).order_by(Credit.id)).all()
    assert [(row.minutes, row.superseded_at is None) for row in rows] == [(180, False), (0, True)]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(RosterClosing)) == 2


def test_only_those_whose_hours_changed_are_told_again(ivo: Person) -> None:
    offering = closed_with(ivo, "Ana Sample", "Ben Sample")
    services.reopen(offering, by=ivo, reason="Ana left early")
    ana = queries.sheet(offering, offering.created_at).people[0]
    sheets.mark(offering.meetings[0], ana, 60, by=ivo)
    services.close(offering, by=ivo)
    assert ["checked again" in text for text in letters_to("Ana Sample")] == [False, True]
    assert len(letters_to("Ben Sample")) == 1


def test_a_session_is_settled_while_its_roster_is_closed(ivo: Person) -> None:
    offering = closed_with(ivo, "Ana Sample")
    assert offering.settled_at is not None
    services.reopen(offering, by=ivo, reason="Ana left early")
    assert offering.settled_at is None
