"""What the tests of certificates begin with: sessions that are closed, with hours that are final."""

from collections.abc import Callable
from threading import Event

import sqlalchemy as sa
from flask import Flask

from catalog import clock
from catalog.accounts.models import Person
from catalog.attendance import queries as sheets
from catalog.attendance import services as attendance
from catalog.attendance.sheet import Cell
from catalog.certificates import numbers, services
from catalog.certificates.lines import lines
from catalog.certificates.models import Certificate, CertificateKind, CertificatePage
from catalog.cli.work import handlers
from catalog.config import Settings
from catalog.courses.models import Course, Offering
from catalog.enrollment.models import Enrollment
from catalog.extensions import db
from catalog.notices import worker
from tests import factories as make
from tests.attendance.sheets import held, mark_all, seat

Work = Callable[[], None]


def worker_of(app: Flask, settings: Settings) -> Work:
    """Does everything that is due, as `flask catalog work --once` does."""

    def work() -> None:
        db.session.commit()  # the test's own transaction holds no lock while the worker works
        worker.work(app, handlers(settings), stop=Event(), once=True)

    return work


def closed(
    *names: str,
    of: Course | None = None,
    minutes: int | None = None,
    by: Person | None = None,
    **fields: object,
) -> Offering:
    """A session that Ivo held weeks ago, with these people on it all the time, and a closed roster."""
    ivo = by or make.person("Ivo Sample", is_trainer=True)
    offering = held(of, trainer_id=ivo.id, **fields)
    seat(offering, *(names or ("Ana Sample",)), by=ivo)
    mark_all(offering, minutes, by=ivo)
    attendance.close(offering, by=ivo)
    return offering


def issued(offering: Offering) -> Certificate:
    """The one certificate that is issued for it."""
    (certificate,) = services.issue_for_offering(offering.id)
    return certificate


def correct(offering: Offering, minutes: int, name: str = "Ana Sample") -> None:
    """Their minutes at the first meeting, after the roster was closed."""
    by = offering.trainer or make.person("Mira Sample", coordinates=True)
    mine = db.session.scalars(
        sa.select(Enrollment)
        .join(Enrollment.person)
        .where(Enrollment.offering_id == offering.id, Person.name == name)
    ).one()
    found = sheets.offering_to_mark(offering.id) or offering
    attendance.correct(found, [Cell(found.meetings[0], mine, minutes)], by=by, reason="Seen on the list")


def certificates() -> list[Certificate]:
    return list(db.session.scalars(sa.select(Certificate).order_by(Certificate.id)))


def pages() -> list[CertificatePage]:
    return list(db.session.scalars(sa.select(CertificatePage)))


def said(certificate: Certificate) -> dict[str, str]:
    """What its lines say, by label."""
    return {line.label: line.text for line in lines(certificate, "http://localhost")}


FACTS: dict[str, object] = {
    "edition": 1,
    "site": "Early Years Learning",
    "association": "First 5 Alabama",
    "issued_on": "2026-09-24",
    "framework": "A framework",
    "strip": [],
    "course": "A course",
    "kind": "In-service training",
    "provider": "A provider",
    "sponsor": "",
    "ce_credits": "",
    "ce_number": "",
    "dates": ["Wed 23 Sep 2026, 9:00 am to 12:00 pm, Central time"],
    "format": "In person",
    "language": "English",
    "trainer": {"name": "Ivo Sample", "held": []},
    "named_trainers": "",
    "co_trainers": [],
    "person": "Ana Sample",
    "credits": [
        {
            "ledger": "training",
            "minutes": 180,
            "attended": 180,
            "held": 180,
            "rule": "Full credit from 90 % of the minutes, else none.",
            "not_counted_because": "",
            "earned_on": "2026-09-23",
            "known_by": "attendance verified",
            "taken_by": "",
            "areas": [],
            "topics": [],
            "tags": [],
        }
    ],
    "training_minutes": 180,
    "rsc_minutes": 0,
    "own_work": {},
    "tags": [],
    "areas": [],
}


def written(person: Person, offering: Offering, /, **facts: object) -> Certificate:
    """A certificate as it lies in the table, without a story behind it."""
    made = Certificate(
        number=numbers.new(),
        kind=CertificateKind.OFFERING,
        person_id=person.id,
        course_id=offering.course_id,
        offering_id=offering.id,
        facts={**FACTS, **facts},
        issued_at=clock.now(),
    )
    db.session.add(made)
    db.session.flush()
    return made
