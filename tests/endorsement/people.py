"""Rulebooks and entries for examples that are reckoned by hand. Hours are clock hours."""

from datetime import date
from typing import Any

from catalog.competencies.models import Ledger, Purpose, RuleKind
from catalog.competencies.rulebook import (
    AreaLine,
    Cycle,
    HourLine,
    Providers,
    Rulebook,
    Sources,
    TopicLine,
)
from catalog.records.ledger import Entry, Rsc, Sure
from catalog.records.models import Standing

TF = AreaLine(1, "TF", "Theoretical Foundations", "TF", by_references=False)
SE = AreaLine(2, "SE", "Systems Expertise", "Sys", by_references=False)
REF = AreaLine(3, "REF", "Reflection", "Ref", by_references=True)
AREAS = (TF, SE, REF)
TOPICS = (
    TopicLine(11, "TF.attachment", "Attachment", TF.id),
    TopicLine(12, "TF.pregnancy", "Pregnancy", TF.id),
    TopicLine(21, "SE.systems", "Systems", SE.id, is_confirmed=False),
    TopicLine(31, "REF.self", "Self awareness", REF.id),
)
QUALIFIED = Providers(any_of=(("IFS", "ERS"), ("IMHS", "ERS"), ("IMHM-C", None)))
TWO_SOURCES = Sources(most_providers=2, main_percent=50)
YEARLY = Cycle()


def line(hours: float, ledger: Ledger = Ledger.TRAINING, **more: Any) -> HourLine:
    defaults: dict[str, Any] = {"purpose": Purpose.FIRST, "kind": RuleKind.MINIMUM}
    return HourLine(ledger=ledger, minutes=round(hours * 60), **{**defaults, **more})


def book(*hours: HourLine, code: str = "IFS", **more: Any) -> Rulebook:
    defaults: dict[str, Any] = {
        "providers": (QUALIFIED,),
        "sources": (TWO_SOURCES,),
        "cycles": (YEARLY,),
        "areas": AREAS,
        "topics": TOPICS,
    }
    return Rulebook(category_id=1, code=code, name=f"Category {code}", hours=hours, **{**defaults, **more})


def training(number: int, on: date, hours: float, *topics: int, **more: Any) -> Entry:
    areas = frozenset(topic // 10 for topic in topics) or frozenset({TF.id})
    defaults: dict[str, Any] = {"began": on, "areas": areas, "topics": frozenset(topics)}
    return Entry(
        key=f"entry-{number}",
        ledger=Ledger.TRAINING,
        on=on,
        minutes=round(hours * 60),
        **{**defaults, **more},
    )


def rsc(number: int, on: date, hours: float, who: str = "rosa", **more: Any) -> Entry:
    """RSC with a Mentor-Clinical unless `held` says otherwise."""
    held = frozenset(more.pop("held", {"IMHM-C"}))
    standing = more.pop("standing", Standing.ENDORSED)
    defaults: dict[str, Any] = {"began": on}
    return Entry(
        key=f"entry-{number}",
        ledger=Ledger.RSC,
        on=on,
        minutes=round(hours * 60),
        rsc=Rsc(who, standing, held),
        **{**defaults, **more},
    )


PENDING, PLANNED = {"sure": Sure.PENDING}, {"sure": Sure.PLANNED}
