"""The picture of `bench.growth`: the median of each page over the number of enrollments, both axes tenfold a step."""

from html import escape
from math import log10
from typing import Any

WIDTH, HEIGHT = 760, 470
LEFT, TOP, RIGHT, BOTTOM = 70, 60, 520, 410
STYLE = """
  svg { background: #faf7f1; color: #22302d; font: 13px system-ui, sans-serif; }
  text { fill: currentColor; } .grid { stroke: #8a938f; stroke-opacity: .35; }
  .title { font: 600 17px Georgia, serif; }
  .line { fill: none; stroke: currentColor; stroke-width: 2; } .dot { fill: currentColor; }
  .c0 { color: #1d6b5a } .c1 { color: #a3471f } .c2 { color: #8a5a00 } .c3 { color: #3b5b92 }
  @media (prefers-color-scheme: dark) {
    svg { background: #171a19; color: #e9ede9; }
    .c0 { color: #6fcbb3 } .c1 { color: #f0a37f } .c2 { color: #e8c06a } .c3 { color: #9db8e8 }
  }
"""
DASHES = ("none", "7 4", "2 3")
"""With four colours these tell twelve lines apart; each also has its name at its end."""


def svg(found: list[dict[str, Any]]) -> str:
    sizes = sorted({line["enrollments"] for line in found})
    times = [line["p50"] for line in found]
    low, high = _decade(min(times)), _decade(max(times), up=True)
    titles = list(dict.fromkeys(line["title"] for line in found))

    def x(size: float) -> float:
        share = log10(size / sizes[0]) / (log10(sizes[-1] / sizes[0]) or 1)
        return LEFT + share * (RIGHT - LEFT)

    def y(ms: float) -> float:
        return BOTTOM - (log10(ms) - low) / (high - low) * (BOTTOM - TOP)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-labelledby="t d">',
        '<title id="t">What an answer takes as the catalog grows</title>',
        f'<desc id="d">{escape(_in_words(found, titles, sizes))}</desc>',
        f"<style>{STYLE}</style>",
        f'<text class="title" x="{LEFT}" y="30">What an answer takes as the catalog grows</text>',
        f'<text x="{LEFT - 54}" y="{TOP - 12}">milliseconds (median)</text>',
        f'<text x="{(LEFT + RIGHT) / 2:.0f}" y="{BOTTOM + 44}" text-anchor="middle">enrollments</text>',
    ]
    for power in range(low, high + 1):
        at = y(10**power)
        parts.append(f'<line class="grid" x1="{LEFT}" x2="{RIGHT}" y1="{at:.1f}" y2="{at:.1f}"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{at + 4:.1f}" text-anchor="end">{10**power:,}</text>')
    for size in sizes:
        parts.append(f'<line class="grid" x1="{x(size):.1f}" x2="{x(size):.1f}" y1="{TOP}" y2="{BOTTOM}"/>')
        parts.append(f'<text x="{x(size):.1f}" y="{BOTTOM + 20}" text-anchor="middle">{size:,}</text>')
    ends = {title: y(_of(found, title)[-1]["p50"]) for title in titles}
    for title, label in _apart(ends).items():
        number = titles.index(title)
        points = [(x(line["enrollments"]), y(line["p50"])) for line in _of(found, title)]
        path = " ".join(f"{px:.1f},{py:.1f}" for px, py in points)
        dash = DASHES[number // 4 % len(DASHES)]
        dots = "".join(f'<circle class="dot" cx="{px:.1f}" cy="{py:.1f}" r="3"/>' for px, py in points)
        parts.append(
            f'<g class="c{number % 4}"><polyline class="line" stroke-dasharray="{dash}" points="{path}"/>{dots}'
            f'<line class="grid" x1="{RIGHT + 4}" x2="{RIGHT + 18}" y1="{ends[title]:.1f}" y2="{label:.1f}"/>'
            f'<text x="{RIGHT + 22}" y="{label + 4:.1f}">{escape(title)}</text></g>'
        )
    return "\n".join([*parts, "</svg>"]) + "\n"


def _of(found: list[dict[str, Any]], title: str) -> list[dict[str, Any]]:
    return sorted((line for line in found if line["title"] == title), key=lambda line: line["enrollments"])


def _decade(ms: float, *, up: bool = False) -> int:
    power = int(log10(ms) // 1)
    return power + 1 if up else power


def _apart(ends: dict[str, float], gap: float = 17) -> dict[str, float]:
    """Where each name stands beside the end of its line, so that none covers another."""
    placed: dict[str, float] = {}
    last = float("-inf")
    for title, at in sorted(ends.items(), key=lambda one: one[1]):
        last = max(at, last + gap)
        placed[title] = last
    over = max(0.0, last - BOTTOM)
    return {title: at - over for title, at in placed.items()}


def _in_words(found: list[dict[str, Any]], titles: list[str], sizes: list[int]) -> str:
    said = []
    for title in titles:
        lines = _of(found, title)
        said.append(f"{title}: from {lines[0]['p50']:.0f} to {lines[-1]['p50']:.0f} ms")
    return f"From {sizes[0]:,} to {sizes[-1]:,} enrollments. " + "; ".join(said) + "."
