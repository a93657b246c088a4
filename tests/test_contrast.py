"""Reads the colours from the stylesheet and computes what the eye gets in both schemes (WCAG 2.1, 1.4.3, 1.4.11)."""

import re
from pathlib import Path

import pytest

SHEET = Path(__file__).parent.parent / "static" / "site.css"
TEXT, CONTROL = 4.5, 3.0

TEXT_PAIRS = [
    *[(tone, ground) for tone in ("ink", "soft", "leaf", "clay", "sun") for ground in ("paper", "card")],
    *[(tone, f"{tone}-wash") for tone in ("leaf", "clay", "sun")],
    *[(tone, f"{wash}-wash") for tone in ("ink", "leaf") for wash in ("leaf", "clay", "sun")],
    ("leaf-ink", "leaf"),
    ("clay-ink", "clay"),
    ("paper", "ink"),
]
CONTROL_PAIRS = [(tone, ground) for tone in ("edge", "leaf", "clay") for ground in ("paper", "card")]


def tokens(scheme: str) -> dict[str, str]:
    found = re.findall(r"--([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)", SHEET.read_text())
    return {name: light if scheme == "light" else dark for name, light, dark in found}


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("tone", "ground", "least"),
    [(*pair, TEXT) for pair in TEXT_PAIRS] + [(*pair, CONTROL) for pair in CONTROL_PAIRS],
)
def test_pair_is_readable(scheme: str, tone: str, ground: str, least: float) -> None:
    colours = tokens(scheme)
    assert contrast(colours[tone], colours[ground]) >= least


def test_formula_knows_its_ends() -> None:
    assert round(contrast("#000000", "#ffffff"), 2) == 21
    assert contrast("#777777", "#777777") == 1
