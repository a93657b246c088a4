"""A bad framework file is refused whole: its name, each entry, each reason; and nothing is written."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from catalog.competencies import services
from catalog.competencies.models import Area, Edition
from catalog.errors import DataRefused
from catalog.extensions import db
from tests.competencies.framework_file import small, write

pytestmark = pytest.mark.usefixtures("context")

RULE = {"category": "FA", "purpose": "first", "ledger": "training", "kind": "minimum", "minutes": 60}


def refusal(path: Path) -> DataRefused:
    with pytest.raises(DataRefused) as refused:
        services.load_framework(path)
    assert str(path) in str(refused.value)
    assert "nothing was loaded" in str(refused.value)
    assert db.session.scalar(sa.select(sa.func.count(Area.id))) == 0
    assert db.session.scalar(sa.select(sa.func.count(Edition.id))) == 0
    return refused.value


def spoil(section: str, index: int, **changes: Any) -> Callable[[dict[str, Any]], None]:
    def spoiled(framework: dict[str, Any]) -> None:
        framework[section][index].update(changes)

    return spoiled


def more(section: str, entry: Any) -> Callable[[dict[str, Any]], None]:
    return lambda framework: framework[section].append(entry)


@pytest.mark.parametrize(
    ("spoiled", "problem"),
    [
        (spoil("areas", 0, name=None), "areas[0] TF: name is missing."),
        (spoil("areas", 0, name="  "), "areas[0] TF: name is empty."),
        (spoil("areas", 0, name=7), "areas[0] TF: name is 7, which is not a text."),
        (spoil("areas", 0, short="Foundations"), "areas[0] TF: short is longer than 8 characters."),
        (spoil("areas", 0, order="first"), 'areas[0] TF: order is "first", which is not a whole number.'),
        (spoil("areas", 0, order=True), "areas[0] TF: order is true, which is not a whole number."),
        (
            spoil("areas", 0, mentors_only="no"),
            'areas[0] TF: mentors_only is "no", which is neither true nor false.',
        ),
        (
            spoil("areas", 0, confidence="sure"),
            "areas[0] TF: confidence is “sure”; it must be one of: confirmed, older edition, inferred.",
        ),
        (
            more("areas", {"code": "TF", "name": "Again"}),
            "areas[2] TF: code “TF” already stands at areas[0] TF.",
        ),
        (more("areas", "TF"), 'areas[2]: "TF" is not an object.'),
        (more("areas", {"code": ["TF"], "name": "x"}), 'areas[2]: code is ["TF"], which is not a text.'),
        (spoil("topics", 1, area="ZZ"), "topics[1] TF.two: area is “ZZ”, which this file does not define."),
        (spoil("topics", 1, area=None), "topics[1] TF.two: area is missing."),
        (
            spoil("topics", 1, asked_by={"ZZ": "confirmed"}),
            "topics[1] TF.two.asked_by: category “ZZ” is not defined in this file.",
        ),
        (
            spoil("topics", 1, asked_by={"FA": "maybe"}),
            "topics[1] TF.two.asked_by: FA is “maybe”; it must be one of: confirmed, older edition, inferred.",
        ),
        (
            spoil("topics", 1, asked_by=["FA"]),
            'topics[1] TF.two: asked_by is ["FA"], which is not an object.',
        ),
        (
            spoil("topics", 1, note="a\x00b"),
            "topics[1].note: the text holds a character that cannot be stored.",
        ),
        (
            spoil("categories", 0, kind="level"),
            "categories[0] FA: kind is “level”; it must be one of: category, add_on.",
        ),
        (
            spoil("categories", 0, prerequisite_categories=["ZZ"]),
            "categories[0] FA: prerequisite_categories names “ZZ”, which this file does not define.",
        ),
        (spoil("rules", 0, category="ZZ"), "rules[0]: category is “ZZ”, which this file does not define."),
        (spoil("rules", 0, tag="ZZ"), "rules[0]: tag is “ZZ”, which this file does not define."),
        (spoil("rules", 0, minutes=-30), "rules[0]: minutes is -30; it must be from 0 to 1000000."),
        (spoil("rules", 0, minutes=1.5), "rules[0]: minutes is 1.5, which is not a whole number."),
        (
            spoil("rules", 0, minutes=10**12),
            "rules[0]: minutes is 1000000000000; it must be from 0 to 1000000.",
        ),
        (
            spoil("rules", 0, ledger="both"),
            "rules[0]: ledger is “both”; it must be one of: training, rsc.",
        ),
        (
            spoil("rules", 0, effective_from="2024-02-30"),
            "rules[0]: effective_from is “2024-02-30”, which is not a date such as 2024-01-31.",
        ),
        (
            spoil("rules", 0, effective_from="2024-W05-3"),
            "rules[0]: effective_from is “2024-W05-3”, which is not a date such as 2024-01-31.",
        ),
        (
            spoil("rules", 0, effective_from="2025-01-01", effective_until="2024-01-01"),
            "rules[0]: effective_until is before effective_from.",
        ),
        (
            spoil("rules", 0, window_months={"min": 24, "max": 12}),
            "rules[0].window_months: max is less than min.",
        ),
        (
            more("rules", RULE),
            "rules[1] FA|first|training|minimum: the same rule already stands at "
            "rules[0] FA|first|training|minimum.",
        ),
        (
            more("rules", RULE | {"effective_from": "2024-01-01"}),
            "rules[1] FA|first|training|minimum||2024-01-01: it is in force at the same time as "
            "rules[0] FA|first|training|minimum.",
        ),
        (lambda framework: framework.pop("rules"), "rules: the list is missing."),
        (lambda framework: framework.update(topics={}), "topics: this is not a list."),
        (lambda framework: framework.update(areas=[]), "areas: the list is empty."),
        (lambda framework: framework.pop("edition"), "the file: edition is missing."),
        (
            lambda framework: framework.update(compiled_on="soon"),
            "the file: compiled_on is “soon”, which is not a date such as 2024-01-31.",
        ),
    ],
)
def test_the_file_the_entry_and_the_reason_are_named(
    tmp_path: Path, spoiled: Callable[[dict[str, Any]], None], problem: str
) -> None:
    framework = small()
    spoiled(framework)
    assert problem in refusal(write(tmp_path, framework)).problems


def test_every_problem_is_told_at_once(tmp_path: Path) -> None:
    framework = small()
    framework["areas"][0]["name"] = None
    framework["rules"][0]["minutes"] = -1
    assert len(refusal(write(tmp_path, framework)).problems) == 2


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"{", "not JSON: Expecting property name"),
        (b"[]", "must hold one JSON object"),
        ('{"title": "Formación"}'.encode("cp1252"), "not UTF-8 text (byte 18)"),
        (b'{"title": "a", "title": "b"}', "the key “title” stands twice"),
        (b'{"title": NaN}', "NaN is not a value of JSON"),
        (b"[" * 100_000, "not JSON"),
        (b" " * (2 * 1024 * 1024 + 1), "larger than 2 MB"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "framework.json"
    path.write_bytes(content)
    assert reason in str(refusal(path))


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert "cannot be read" in str(refusal(tmp_path / "none.json"))


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    path = write(tmp_path, small())
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert services.load_framework(path).added


def test_unknown_keys_are_kept_and_told(tmp_path: Path) -> None:
    framework = small(fees={"first": 100})
    framework["areas"][0]["colour"] = "green"
    report = services.load_framework(write(tmp_path, framework))
    assert report.kept_keys == ["fees", "areas TF: colour"]
    edition = db.session.scalars(sa.select(Edition)).one()
    assert edition.statements["fees"] == {"first": 100}
    assert edition.statements["more"] == {"areas": {"TF": {"colour": "green"}}}
