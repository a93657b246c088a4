"""Where the parts of a chart stand. Across in percent of its width, down in pixels: so that text keeps its size on a
phone, on paper and on a desk, and no script is needed."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from math import ceil, floor, log10
from typing import NamedTuple

from catalog.reports.frame import Chart, Column, Drawing, Figure, Hidden, Line, Table, Unit
from catalog.reports.period import month_name
from catalog.reports.saying import say

MOST_BARS = 15
"""A chart shows the largest; the table beside it has all."""
LONGEST_LABEL = 40
WHOLE = 88
"""How much of the width the longest bar takes, in percent; what it says stands behind it."""
ROW, BAR, PLOT = 44, 14, 180
MOST_MONTHS = 12


class Tick(NamedTuple):
    at: float
    says: str


class Part(NamedTuple):
    """A bar or a piece of one: which series it is of, where it begins, how long it is, and what it says."""

    series: int
    x: float
    width: float
    y: int
    says: str


class Bar(NamedTuple):
    """`says` is every figure of it in words; `total` stands behind its name, empty where the figures stand alone."""

    label: str
    y: int
    parts: tuple[Part, ...]
    says: str
    total: str


class Bars(NamedTuple):
    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
    height: int
    series: tuple[str, ...]
    left_out: int


class Point(NamedTuple):
    x: float
    y: float
    says: str


class Curve(NamedTuple):
    """The points of a series, in runs: where a figure is missing, the line is broken."""

    series: int
    name: str
    runs: tuple[tuple[Point, ...], ...]


class Months(NamedTuple):
    curves: tuple[Curve, ...]
    ticks: tuple[Tick, ...]
    """Up the side, in pixels from above."""
    months: tuple[tuple[float, str, str], ...]
    """Along the foot: where, which month, and the year where it is said."""
    height: int
    series: tuple[str, ...]


def _of(table: Table) -> tuple[Chart, list[int]]:
    """Its chart, and where the columns that are drawn stand."""
    if table.chart is None:
        raise ValueError(f"the table {table.key} has no chart")
    return table.chart, [table.place(key) for key in table.chart.columns]


def bars(table: Table) -> Bars:
    chart, places = _of(table)
    columns = [table.columns[place] for place in places]
    rows = [(line, [line.figures[place] for place in places]) for line in table.lines]
    drawn = _largest(rows)
    stacked = chart.drawing == Drawing.STACKED
    top = max((_length(figures, stacked) for _, figures in drawn), default=Decimal(0))
    ticks = _ticks(top, columns[0].unit)
    scale = WHOLE / float(ticks[-1][0]) if ticks[-1][0] else 0.0
    step = ROW if stacked else ROW + (len(columns) - 1) * (BAR + 4)
    made = [
        _bar(line, figures, columns, y=number * step, scale=scale, stacked=stacked)
        for number, (line, figures) in enumerate(drawn)
    ]
    return Bars(
        tuple(made),
        tuple(Tick(round(float(value) * scale, 2), says) for value, says in ticks),
        len(drawn) * step,
        tuple(column.name for column in columns),
        len(rows) - len(drawn),
    )


def _largest(rows: list[tuple[Line, list[Figure]]]) -> list[tuple[Line, list[Figure]]]:
    if len(rows) <= MOST_BARS:
        return rows
    by_size = sorted(rows, key=lambda row: -_length(row[1], True))[:MOST_BARS]
    kept = {id(line) for line, _ in by_size}
    return [row for row in rows if id(row[0]) in kept]


def _number(figure: Figure) -> Decimal:
    return Decimal(figure) if isinstance(figure, int | Decimal) else Decimal(0)


def _length(figures: Sequence[Figure], stacked: bool) -> Decimal:
    sizes = [_number(figure) for figure in figures]
    return sum(sizes, Decimal(0)) if stacked else max(sizes, default=Decimal(0))


def _bar(
    line: Line, figures: list[Figure], columns: list[Column], *, y: int, scale: float, stacked: bool
) -> Bar:
    parts, x = [], 0.0
    for number, (figure, column) in enumerate(zip(figures, columns, strict=True)):
        width = round(float(_number(figure)) * scale, 2)
        below = y + 22 + (0 if stacked else number * (BAR + 4))
        parts.append(Part(number, round(x, 2), width, below, say(figure, column.unit)))
        x += width if stacked else 0
    said = ", ".join(
        f"{column.name} {part.says}" if len(columns) > 1 else part.says
        for part, column in zip(parts, columns, strict=True)
    )
    label = line.label.removesuffix(".")
    label = label if len(label) <= LONGEST_LABEL else label[: LONGEST_LABEL - 1] + "…"
    total = say(_whole(figures), columns[0].unit) if stacked else said if len(columns) == 1 else ""
    return Bar(label, y, tuple(parts), said, total)


def _whole(figures: list[Figure]) -> Figure:
    """The sum; of a masked bar there is none to say."""
    if any(isinstance(figure, Hidden) for figure in figures):
        return Hidden.HELD_BACK
    return sum(figure for figure in figures if isinstance(figure, int))


def months(table: Table) -> Months:
    """The lines of the table are months, by keys such as 2026-11."""
    _, places = _of(table)
    columns = [table.columns[place] for place in places]
    top = max((_number(line.figures[place]) for line in table.lines for place in places), default=Decimal(0))
    ticks = _ticks(top, columns[0].unit)
    scale = (PLOT - 20) / float(ticks[-1][0]) if ticks[-1][0] else 0.0

    def height(value: Decimal) -> float:
        return round(PLOT - float(value) * scale, 1)

    count = max(len(table.lines), 1)
    across = [round(100 * (number + 0.5) / count, 2) for number in range(count)]
    curves = [
        Curve(
            number,
            column.name,
            _runs(
                [(x, line.figures[place]) for x, line in zip(across, table.lines, strict=False)],
                column,
                height,
            ),
        )
        for number, (place, column) in enumerate(zip(places, columns, strict=True))
    ]
    return Months(
        tuple(curves),
        tuple(Tick(height(value), says) for value, says in ticks),
        _feet(table.lines, across),
        PLOT + 40,
        tuple(column.name for column in columns),
    )


def _runs(
    figures: list[tuple[float, Figure]], column: Column, height: Callable[[Decimal], float]
) -> tuple[tuple[Point, ...], ...]:
    runs: list[list[Point]] = [[]]
    for x, figure in figures:
        if isinstance(figure, int | Decimal):
            runs[-1].append(Point(x, height(Decimal(figure)), say(figure, column.unit)))
        elif runs[-1]:
            runs.append([])
    return tuple(tuple(run) for run in runs if run)


def _feet(lines: Sequence[Line], across: list[float]) -> tuple[tuple[float, str, str], ...]:
    every = ceil(len(lines) / MOST_MONTHS) or 1
    feet, year = [], ""
    for number in range(0, len(lines), every):
        month, _, this = month_name(lines[number].key).partition(" ")
        feet.append((across[number], month, this if this != year else ""))
        year = this
    return tuple(feet)


def _ticks(top: Decimal, unit: Unit) -> list[tuple[Decimal, str]]:
    """Round figures from 0 to the first at or above the highest, at most five steps."""
    if not top:
        return [(Decimal(0), say(0, unit))]
    if unit == Unit.POINTS:
        return [(Decimal(point), str(point)) for point in range(6)]
    whole = float(top) / (60 if unit == Unit.HOURS else 1)
    rough = whole / 4
    power = 10.0 ** floor(log10(rough))
    step = next(power * size for size in (1, 2, 2.5, 5, 10) if power * size >= rough)
    if unit in (Unit.PEOPLE, Unit.COUNT):
        step = max(1, ceil(step))
    steps = ceil(round(whole / step, 6))
    each = Decimal(str(round(step, 6))) * (60 if unit == Unit.HOURS else 1)
    return [(each * number, _tick(each * number, unit)) for number in range(steps + 1)]


def _tick(value: Decimal, unit: Unit) -> str:
    return f"{float(value) / (60 if unit == Unit.HOURS else 1):,.6g}"


def heat(table: Table) -> dict[tuple[str, str], int]:
    """How dark the ground of each figure is, from 0 to 4, by the keys of its line and its column."""
    chart, numbers = _of(table)
    places = dict(zip(chart.columns, numbers, strict=True))
    top = max(
        (_number(line.figures[at]) for line in table.lines for at in places.values()), default=Decimal(0)
    )
    return {
        (line.key, key): ceil(4 * _number(line.figures[at]) / top) if top else 0
        for line in table.lines
        for key, at in places.items()
    }
