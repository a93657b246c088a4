"""The checklist is complete, and what it names is there."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
TEXT = (ROOT / "docs" / "security.md").read_text()
ROWS = re.findall(r"^\| (V\d+\.\d+\.\d+)(?:–(V\d+\.\d+\.\d+))? \| (.+) \|$", TEXT, re.MULTILINE)
# The numbers of levels 1 and 2 in version 5.0.0, by section.
ASKED = {
    "V1.1": "1-2",
    "V1.2": "1-9",
    "V1.3": "1-11",
    "V1.4": "1-3",
    "V1.5": "1-2",
    "V2.1": "1-3",
    "V2.2": "1-3",
    "V2.3": "1-4",
    "V2.4": "1",
    "V3.2": "1-2",
    "V3.3": "1-4",
    "V3.4": "1-6",
    "V3.5": "1-5",
    "V3.7": "1-2",
    "V4.1": "1-3",
    "V4.2": "1",
    "V4.3": "1-2",
    "V4.4": "1-4",
    "V5.1": "1",
    "V5.2": "1-3",
    "V5.3": "1-2",
    "V5.4": "1-3",
    "V6.1": "1-3",
    "V6.2": "1-12",
    "V6.3": "1-4",
    "V6.4": "1-4",
    "V6.5": "1-5",
    "V6.6": "1-3",
    "V6.8": "1-4",
    "V7.1": "1-3",
    "V7.2": "1-4",
    "V7.3": "1-2",
    "V7.4": "1-5",
    "V7.5": "1-2",
    "V7.6": "1-2",
    "V8.1": "1-2",
    "V8.2": "1-3",
    "V8.3": "1",
    "V8.4": "1",
    "V9.1": "1-3",
    "V9.2": "1-4",
    "V10.1": "1-2",
    "V10.2": "1-2",
    "V10.3": "1-4",
    "V10.4": "1-11",
    "V10.5": "1-5",
    "V10.6": "1-2",
    "V10.7": "1-3",
    "V11.1": "1-2",
    "V11.2": "1-3",
    "V11.3": "1-3",
    "V11.4": "1-4",
    "V11.5": "1",
    "V11.6": "1",
    "V12.1": "1-3",
    "V12.2": "1-2",
    "V12.3": "1-4",
    "V13.1": "1",
    "V13.2": "1-5",
    "V13.3": "1-2",
    "V13.4": "1-5",
    "V14.1": "1-2",
    "V14.2": "1-4",
    "V14.3": "1-3",
    "V15.1": "1-3",
    "V15.2": "1-3",
    "V15.3": "1-7",
    "V16.1": "1",
    "V16.2": "1-5",
    "V16.3": "1-4",
    "V16.4": "1-3",
    "V16.5": "1-3",
    "V17.1": "1",
    "V17.2": "1-4",
    "V17.3": "1-2",
}


def numbers(first: str, last: str) -> list[str]:
    section, _, begin = first.rpartition(".")
    return [
        f"{section}.{number}" for number in range(int(begin), int((last or first).rpartition(".")[2]) + 1)
    ]


def test_every_requirement_stands_once() -> None:
    asked = [
        one
        for section, span in ASKED.items()
        for one in numbers(f"{section}.1", f"{section}.{span[2:] or 1}")
    ]
    here = [one for first, last, _ in ROWS for one in numbers(first, last)]
    assert sorted(here) == sorted(asked)
    assert len(asked) == 253


def test_every_row_has_its_four_cells() -> None:
    assert [first for first, _, rest in ROWS if rest.count(" | ") + rest.endswith(" |") != 2] == []


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_what_a_row_names_is_there(row: tuple[str, str, str]) -> None:
    said = row[2]
    assert said.split(" | ")[1].strip(), "it says how it is met"
    if "(check)" in said:
        return
    for path, function in re.findall(r"`((?:tests|catalog|static|deploy)/[\w/.-]+)(?:::(\w+))?`", said):
        assert (ROOT / path).exists(), path
        if function:
            names = {
                n.name
                for n in ast.walk(ast.parse((ROOT / path).read_text()))
                if isinstance(n, ast.FunctionDef)
            }
            assert function in names, f"{path}::{function}"


def test_a_row_without_a_test_says_why_or_is_words_alone() -> None:
    """Half of all rows at least are held by a test; what is not there has no test to name."""
    tested = [first for first, _, said in ROWS if "`tests/" in said]
    there = [
        first
        for first, _, said in ROWS
        if "n/a" not in said and "(check)" not in said and "ot met" not in said
    ]
    assert len(tested) > len(there) / 2
