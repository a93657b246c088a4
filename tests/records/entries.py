"""Hours from elsewhere, as tests begin with them."""

from datetime import date
from typing import Any

from catalog.accounts.models import Person
from catalog.competencies.models import Ledger
from catalog.records import services
from catalog.records.evidence import Clean
from catalog.records.models import HourEntry, Standing
from catalog.records.written import Written
from tests import factories as make
from tests.records import papers

DAY = date(2025, 1, 14)
PDF = Clean("certificate.pdf", "application/pdf", papers.PDF)


def said(**fields: Any) -> Written:
    """A training of six hours that covers one topic."""
    defaults: dict[str, Any] = {
        "ledger": Ledger.TRAINING,
        "title": "Sleep and soothing",
        "began_on": DAY,
        "ended_on": fields.get("began_on", DAY),
        "minutes": 360,
        "trainer": "A trainer",
        "provider": "An agency",
    }
    if fields.get("ledger") != Ledger.RSC and not {"areas", "topics"} & fields.keys():
        defaults["topics"] = frozenset({make.topic("TF.attachment").id})
    return Written(**{**defaults, **fields})


def rsc(**fields: Any) -> Written:
    """An hour with an endorsed provider."""
    defaults: dict[str, Any] = {
        "title": "Reflective consultation",
        "minutes": 60,
        "trainer": "Tess Sample",
        "is_group": False,
        "provider_standing": Standing.ENDORSED,
        "provider_categories": frozenset({"IMHM-C"}),
    }
    return said(ledger=Ledger.RSC, **{**defaults, **fields})


def written_down(
    person: Person, file: Clean | None = PDF, what: Written | None = None, **fields: Any
) -> HourEntry:
    """What a person wrote down of their own, waiting for a coordinator."""
    return services.add_hours(what or said(**fields), file, by=person)


def verified(person: Person, by: Person, what: Written | None = None, **fields: Any) -> HourEntry:
    entry = written_down(person, what=what, **fields)
    services.verify_hours(entry, services.seen_of(entry), by=by)
    return entry


def returned(person: Person, by: Person, reason: str = "The file is missing.", **fields: Any) -> HourEntry:
    entry = written_down(person, **fields)
    services.return_hours(entry, services.seen_of(entry), reason, by=by)
    return entry
