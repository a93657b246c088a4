"""What the tests of the application export begin with: Ana's goal, reckoned by hand, and ways to read the files."""

import csv
import io
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import python_calamine
from flask import Flask
from flask.testing import FlaskClient

from catalog import clock
from catalog.accounts.models import Person
from catalog.attendance.models import Credit, CreditArea, CreditTopic, KnownBy
from catalog.certificates.models import Certificate
from catalog.competencies.models import (
    Confidence,
    HourRule,
    Ledger,
    Policy,
    PolicyKind,
    Purpose,
    RuleKind,
)
from catalog.enrollment import services as enrollment
from catalog.extensions import db
from catalog.records.models import EntrySource, EntryState, HourEntry, Standing
from tests import factories as make
from tests.attendance.sheets import inside
from tests.certificates.papers import written
from tests.endorsement.goals import goal
from tests.factories import Cast


@dataclass(frozen=True)
class Scene:
    goal_id: int
    number: str
    """Of the certificate."""

    def url(self, ending: str = "") -> str:
        return f"/goal/{self.goal_id}/export{ending}"


def hours(of: Person, title: str, on: date, minutes: int, **fields: Any) -> HourEntry:
    """Hours from elsewhere; verified unless it is said otherwise."""
    defaults: dict[str, Any] = {
        "ledger": Ledger.TRAINING,
        "began_on": on,
        "source": EntrySource.SELF_REPORTED,
        "state": EntryState.VERIFIED,
        "added_at": clock.now(),
        "added_by_id": of.id,
        "checked_at": clock.now(),
    }
    made = HourEntry(person_id=of.id, title=title, ended_on=on, minutes=minutes, **{**defaults, **fields})
    db.session.add(made)
    db.session.flush()
    return made


def rsc(of: Person, who: str, on: date, minutes: int, **fields: Any) -> HourEntry:
    defaults: dict[str, Any] = {
        "ledger": Ledger.RSC,
        "trainer": who,
        "provider_standing": Standing.ENDORSED,
        "provider_categories": "IMHM-C",
        "is_group": False,
    }
    return hours(of, "Reflective hours", on, minutes, **{**defaults, **fields})


def earned(of: Person, title: str, minutes: int, on: date, *topics: str, **fields: Any) -> Credit:
    """A credit as it lies in the table."""
    offering = make.offering(make.course(title, **fields), trainer_id=None)
    seat = enrollment.add(of, offering, by=of)
    asked = [make.topic(code) for code in topics]
    made = Credit(
        person_id=of.id,
        enrollment_id=seat.id,
        offering_id=offering.id,
        ledger=Ledger.TRAINING,
        minutes=minutes,
        attended_minutes=minutes,
        held_minutes=minutes,
        rule="A sample rule.",
        earned_on=on,
        known_by=KnownBy.ATTENDANCE,
        taken_by="roll call",
        given_at=clock.now(),
        given_by_id=of.id,
        areas=[CreditArea(area_id=area_id, was_reviewed=True) for area_id in {one.area_id for one in asked}],
        topics=[CreditTopic(topic_id=one.id, was_reviewed=True) for one in asked],
        tags=[],
    )
    db.session.add(made)
    db.session.flush()
    offering.starts_at = None
    return made


def rule(category: Any, minutes: int, **fields: Any) -> HourRule:
    defaults: dict[str, Any] = {
        "purpose": Purpose.FIRST,
        "ledger": Ledger.TRAINING,
        "kind": RuleKind.MINIMUM,
        "edition": "2026-test",
        "confidence": Confidence.CONFIRMED,
    }
    made = HourRule(category=category, minutes=minutes, **{**defaults, **fields})
    db.session.add(made)
    return made


def scene(app: Flask, cast: Cast) -> Scene:
    """Ana works toward IFS: 30 h of training (to be checked), 24 h of RSC within 12 to 24 months, two topics.

    Trainings that are lines: "Watching" 100 min verified (2024), "Attachment" 180 min earned here with a certificate
    (2025), "Systems" 90 min pending (2026). RSC: 120 min with Rosa count, 60 min with Uma cannot be told, 60 min
    among peers do not count. Left out: "Returned" and a seat. Nowhere: "Withdrawn" and "Old"."""
    with inside(app):
        ana = db.session.get_one(Person, cast.ana.id)
        attachment, systems = make.topic("TF.attachment"), make.topic("SE.systems")
        other = make.topic("TF.pregnancy")
        category = make.category("IFS", asks=(attachment, systems))
        make.category("IMHM-C", name="Mentor - Clinical")
        rule(category, 1800, confidence=Confidence.INFERRED)
        rule(category, 1440, ledger=Ledger.RSC, window_months={"min": 12, "max": 24})
        db.session.add_all(
            [
                Policy(
                    kind=PolicyKind.PROVIDERS,
                    facts={"any_of": [{"category": "IMHM-C", "add_on": None}]},
                    edition="2026-test",
                    confidence=Confidence.CONFIRMED,
                ),
                Policy(
                    kind=PolicyKind.SOURCES,
                    facts={"most_providers": 2, "main_percent": 50, "peers_count": False},
                    edition="2026-test",
                    confidence=Confidence.CONFIRMED,
                ),
            ]
        )
        own = make.tag("rsc_about_rsc_provided")
        hours(
            ana,
            "Watching",
            date(2024, 5, 8),
            100,
            began_on=date(2024, 5, 7),
            trainer="Tess Trainer",
            provider="A provider",
            topics=[attachment, other],
        )
        credit = earned(ana, "Attachment", 180, date(2025, 3, 1), "TF.attachment", trainer_names="Tom")
        hours(
            ana, "Systems", date(2026, 2, 3), 90, state=EntryState.PENDING, checked_at=None, topics=[systems]
        )
        hours(
            ana,
            "Returned",
            date(2026, 4, 1),
            60,
            state=EntryState.RETURNED,
            reason="No proof of it",
            topics=[attachment],
        )
        hours(ana, "Withdrawn", date(2026, 4, 2), 60, state=EntryState.WITHDRAWN, topics=[attachment])
        old = hours(ana, "Old", date(2026, 4, 3), 60, topics=[attachment])
        old.superseded_at = clock.now()
        rsc(ana, "Rosa", date(2026, 1, 5), 120, tags=[own])
        rsc(ana, "Uma", date(2026, 1, 6), 60, provider_standing=Standing.UNKNOWN, provider_categories="")
        rsc(
            ana,
            "Peers",
            date(2025, 12, 1),
            60,
            provider_standing=Standing.PEERS,
            provider_categories="",
            is_group=True,
        )
        booked = make.offering(make.course("Booked", topics=("SE.systems",)))
        enrollment.enroll(ana, booked, by=ana)
        number = written(ana, credit.offering).number
        return Scene(goal(ana, category).id, number)


def table(browser: FlaskClient, url: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(browser.get(url).data.decode("utf-8-sig"))))


def workbook(content: bytes) -> dict[str, list[list[Any]]]:
    """Its sheets by name, each as rows of values."""
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def dicts(rows: list[list[Any]]) -> list[dict[str, Any]]:
    head, *rest = rows
    return [dict(zip(head, row, strict=True)) for row in rest]


def many(app: Flask, of: Person, count: int) -> None:
    """So many more trainings, each with two topics and a tag; and a tenth as many lines of RSC."""
    with inside(app):
        topics = [make.topic("TF.attachment"), make.topic("TF.pregnancy")]
        tag = make.tag(f"tag{count}")
        for number in range(count):
            on = date(2025, 1, 1) + timedelta(days=number)
            hours(of, f"Entry {number}", on, 60, topics=topics, tags=[tag])
        for number in range(count // 10):
            rsc(of, f"Provider {number % 4}", date(2025, 1, 1) + timedelta(days=number), 60)


def many_certificates(app: Flask, of: Person, count: int) -> None:
    """So many more trainings that were earned here, each with a certificate."""
    with inside(app):
        who = db.session.get_one(Person, of.id)
        for number in range(count):
            credit = earned(who, f"Entry {number}", 60, date(2025, 1, 1), "TF.attachment", "TF.pregnancy")
            written(who, credit.offering)


def revoke(certificate: Certificate) -> None:
    certificate.revoked_at = clock.now()
