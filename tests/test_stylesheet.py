"""One sheet, small, that asks nobody else for anything."""

import re
from pathlib import Path

STATIC = Path(__file__).parent.parent / "static"
SHEET = (STATIC / "site.css").read_text()


def test_stays_under_18_kilobytes() -> None:
    assert len(SHEET.encode()) < 18_000


def test_fetches_nothing() -> None:
    assert not re.search(r"url\(|@import|https?:|//", SHEET)


def test_uses_only_tokens_it_defines() -> None:
    # --tone and --wash are set by the classes leaf, clay and sun; what has none of them says its own second choice.
    used = set(re.findall(r"var\((--[a-z-]+)", SHEET))
    assert used - set(re.findall(r"(--[a-z-]+):", SHEET)) == set()


def test_colours_are_named_in_the_tokens_only() -> None:
    after_tokens = SHEET.split("@layer base", 1)[1].split("@layer print", 1)[0]
    assert set(re.findall(r"#[0-9a-f]{3,8}\b", after_tokens)) <= {"#0000"}


def test_braces_balance() -> None:
    assert SHEET.count("{") == SHEET.count("}")


def test_script_stays_small_and_own() -> None:
    script = (STATIC / "app.js").read_text()
    assert len(script.splitlines()) <= 80
    assert not re.search(r"https?://|eval\(|innerHTML|import\b", script)
