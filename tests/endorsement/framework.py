"""The rules of data/framework.json as rulebooks, read without a database. Policies are those of `people`.

`test_the_reader_says_what_the_catalog_reads` holds this reader against the catalog's own."""

import json
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from catalog.competencies.models import Condition, Ledger, Purpose, RuleKind
from catalog.competencies.rulebook import AreaLine, HourLine, Providers, Rulebook, TopicLine, window
from tests.endorsement.people import TWO_SOURCES, YEARLY

FILE = Path(__file__).parents[2] / "data" / "framework.json"
WHEN_PROVIDING = "the endorsee provides RSC to others"
CATEGORIES = (
    "IFA",
    "IFS",
    "IMHS",
    "IMHM-C",
    "IMHM-P",
    "IMHM-R/F",
    "ECFA",
    "ECFS",
    "ECMHS",
    "ECMHM-C",
    "ECMHM-P",
    "ECMHM-R/F",
    "ERS",
)
# Whoever holds the add-on beside a base, or is a Mentor-Clinical, in either age band.
QUALIFIED = Providers(
    any_of=(
        ("IFS", "ERS"),
        ("IMHS", "ERS"),
        ("IMHM-C", None),
        ("ECFS", "ERS"),
        ("ECMHS", "ERS"),
        ("ECMHM-C", None),
    )
)


@cache
def _file() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return found


@cache
def topic_ids() -> dict[str, int]:
    return {topic["code"]: number for number, topic in enumerate(_file()["topics"], 101)}


@cache
def area_ids() -> dict[str, int]:
    return {area["code"]: number for number, area in enumerate(_file()["areas"], 1)}


def area_of(topic_id: int) -> int:
    return area_ids()[_file()["topics"][topic_id - 101]["area"]]


def asked(code: str) -> list[str]:
    """The codes of the topics that a category asks for."""
    return [topic["code"] for topic in _file()["topics"] if code in topic["asked_by"]]


def rulebook(code: str, **more: Any) -> Rulebook:
    category = next(one for one in _file()["categories"] if one["code"] == code)
    found = Rulebook(
        category_id=1,
        code=code,
        name=category["name"],
        hours=tuple(
            _line(row) for row in _file()["rules"] if row["category"] == code and row.get("enabled", True)
        ),
        providers=(QUALIFIED,),
        sources=(TWO_SOURCES,),
        cycles=(YEARLY,),
        areas=tuple(
            AreaLine(
                area_ids()[area["code"]],
                area["code"],
                area["name"],
                area["short"],
                area["mainly_shown_by"] == "reference ratings",
                area["mentors_only"],
            )
            for area in _file()["areas"]
        ),
        topics=tuple(
            TopicLine(
                topic_ids()[topic["code"]],
                topic["code"],
                _name(topic, category),
                area_ids()[topic["area"]],
                topic["confidence"] == topic["asked_by"][code] == "confirmed",
            )
            for topic in _file()["topics"]
            if code in topic["asked_by"]
        ),
    )
    return replace(found, **more)


def _name(topic: dict[str, Any], category: dict[str, Any]) -> str:
    is_ecmh = category["credential"] == "ECMH-E"
    name: str = (is_ecmh and topic.get("name_ecmh")) or topic["name"]
    return name


def _line(row: dict[str, Any]) -> HourLine:
    began, until = row.get("effective_from"), row.get("effective_until")
    return HourLine(
        purpose=Purpose(row["purpose"]),
        ledger=Ledger(row["ledger"]),
        kind=RuleKind(row["kind"]),
        minutes=row["minutes"],
        tag=row.get("tag"),
        months=window(row.get("window_months")),
        applies_when=row.get("applies_when", ""),
        condition=Condition.PROVIDES_RSC if row.get("applies_when") == WHEN_PROVIDING else None,
        effective_from=date.fromisoformat(began) if began else None,
        effective_until=date.fromisoformat(until) if until else None,
        is_confirmed=row["confidence"] == "confirmed",
    )
