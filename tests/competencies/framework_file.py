"""A small framework file that a test can spoil or renew before it is loaded."""

import json
from pathlib import Path
from typing import Any

SMALL: dict[str, Any] = {
    "title": "A small framework",
    "edition": "2024",
    "compiled_on": "2024-03-01",
    "credentials": [
        {"code": "X-E", "name": "Sample Endorsement", "mark": "X-E®", "age_band": "birth to 3"},
    ],
    "areas": [
        {"code": "TF", "name": "Theory", "order": 1, "confidence": "confirmed"},
        {"code": "REF", "name": "Reflection", "order": 2, "mainly_shown_by": "reference ratings"},
    ],
    "topics": [
        {"code": "TF.one", "area": "TF", "name": "One", "asked_by": {"FA": "confirmed"}},
        {"code": "TF.two", "area": "TF", "name": "Two", "asked_by": {"FA": "inferred"}},
    ],
    "categories": [
        {
            "code": "FA",
            "name": "Family Associate",
            "credential": "X-E",
            "age_band": "birth to 3",
            "kind": "category",
        }
    ],
    "hour_tags": [{"tag": "core", "label": "Core"}],
    "rules": [
        {
            "category": "FA",
            "purpose": "first",
            "ledger": "training",
            "kind": "minimum",
            "minutes": 1800,
            "confidence": "confirmed",
        }
    ],
}


def small(**changes: Any) -> dict[str, Any]:
    """A copy of the small framework in which these keys are replaced."""
    copied: dict[str, Any] = json.loads(json.dumps(SMALL))
    return copied | changes


def newer(**changes: Any) -> dict[str, Any]:
    """The same facts as a later edition."""
    return small(edition="2027", compiled_on="2027-02-01") | changes


def write(folder: Path, framework: dict[str, Any]) -> Path:
    path = folder / "framework.json"
    path.write_text(json.dumps(framework), encoding="utf-8")
    return path
