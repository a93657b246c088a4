"""Each sabotage still fits the code, and its tests are there. Whether they notice it is seen by `make sabotage`."""

from collections import Counter
from pathlib import Path

import pytest

from tests.sabotage.patches import ALL, Patch, apply

ROOT = Path(__file__).resolve().parents[1]


def test_there_are_at_least_two_dozen_with_names_of_their_own() -> None:
    assert len(ALL) >= 24
    assert max(Counter(patch.name for patch in ALL).values()) == 1


@pytest.mark.parametrize("patch", ALL, ids=lambda patch: patch.name)
def test_its_place_stands_once_and_changes(tmp_path: Path, patch: Patch) -> None:
    copy = tmp_path / patch.file
    copy.parent.mkdir(parents=True)
    before = (ROOT / patch.file).read_text(encoding="utf-8")
    copy.write_text(before, encoding="utf-8")
    apply(patch, tmp_path)
    assert copy.read_text(encoding="utf-8") != before
    assert patch.was


@pytest.mark.parametrize("patch", ALL, ids=lambda patch: patch.name)
def test_what_should_notice_it_is_there(patch: Patch) -> None:
    assert patch.noticed_by
    assert all((ROOT / name).exists() for name in patch.noticed_by)
