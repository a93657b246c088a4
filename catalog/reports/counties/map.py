"""A table of counties as a map: each county with what it says, and its step, told by a pattern and by words."""

from math import ceil
from typing import NamedTuple

from catalog.places import county_name
from catalog.reports.counties.shapes import shapes
from catalog.reports.frame import Figure, Hidden, Table

STEPS = 4
"""Above 0; nothing at all is the fifth."""


class Place(NamedTuple):
    """One county. `says` is its figure in words; `step` is None where the table has no such line."""

    fips: str
    name: str
    path: str
    x: int
    y: int
    says: str
    label: str
    step: int | None
    is_chosen: bool


class Map(NamedTuple):
    width: int
    height: int
    source: str
    what: str
    places: tuple[Place, ...]
    legend: tuple[tuple[int, str], ...]


def drawn(state: str, table: Table, column: str, chosen: tuple[str, ...] = ()) -> Map | None:
    """None where nobody has made the shapes of the state. A county without a line has nothing, but where some were
    chosen and it is none of them nothing was asked of it."""
    found = shapes(state)
    if found is None:
        return None
    at = table.place(column)
    nothing: dict[str, Figure] = dict.fromkeys(
        (one for one in found.counties if one in chosen or not chosen), 0
    )
    figures = nothing | {line.key: line.figures[at] for line in table.lines}
    top = max((_number(figures[fips]) for fips in found.counties if fips in figures), default=0)
    places = [
        _place(fips, shape, figures, top, fips in chosen)
        for fips, shape in sorted(found.counties.items(), key=lambda pair: county_name(pair[0]))
    ]
    year = f", {found.year}" if found.year else ""
    return Map(
        found.width,
        found.height,
        f"{found.source}{year}",
        table.columns[at].name,
        tuple(places),
        tuple(_legend(top, Hidden.SMALL in figures.values() or Hidden.HELD_BACK in figures.values())),
    )


HIDDEN_STEP = STEPS + 1


def _place(
    fips: str, shape: tuple[str, int, int], figures: dict[str, Figure], top: int, is_chosen: bool
) -> Place:
    figure = figures.get(fips)
    says = (
        figure.value
        if isinstance(figure, Hidden)
        else "not asked for"
        if fips not in figures
        else f"{_number(figure):,}"
    )
    step = (
        None
        if fips not in figures
        else HIDDEN_STEP
        if isinstance(figure, Hidden)
        else step_of(_number(figure), top)
    )
    label = says if step else ""
    if isinstance(figure, Hidden):
        label = "<5" if figure == Hidden.SMALL else "?"
    return Place(fips, county_name(fips), *shape, says, label, step, is_chosen)


def _number(figure: Figure) -> int:
    return int(figure) if isinstance(figure, int) else 0


def step_of(value: int, top: int) -> int:
    """0 for nothing; else 1 to 4, each a fourth of the way to the highest."""
    return ceil(STEPS * value / top) if top else 0


def _legend(top: int, has_hidden: bool) -> list[tuple[int, str]]:
    """Each step that a county can be in, with what it stands for."""
    found = [(0, "0")]
    for step in range(1, STEPS + 1):
        values = [value for value in (top * (step - 1) // STEPS + 1, top * step // STEPS) if value]
        if top and values[0] <= values[-1] and step_of(values[0], top) == step:
            words = f"{values[0]:,}" if values[0] == values[-1] else f"{values[0]:,} to {values[-1]:,}"
            found.append((step, words))
    return [*found, (HIDDEN_STEP, "Fewer than 5, or not shown")] if has_hidden else found
