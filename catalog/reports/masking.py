"""Small counts of people out of sight, for reports that leave the house.

A count from 1 to 4 is shown as "<5". Where it could be reckoned all the same, because the total and every other
figure stand beside it, the smallest of those is held back too, or else the total. What depends on a hidden count,
such as its hours, is held back with it. 0 is shown: it is nobody.

What one table gives away by itself is looked at, row by row and column by column. Two reports of different periods
or counties can still be subtracted from each other; whoever publishes both must look at that."""

from collections.abc import Iterator
from dataclasses import replace

from catalog.reports.frame import Figure, Hidden, Line, Report, Table

SMALL = 5
"""Counts below it are hidden."""
Grid = list[list[Figure]]
Place = tuple[int, int]
MOST = 10**12
"""More people than there are: the upper end of a figure that may be anything."""


def masked(report: Report) -> Report:
    return replace(report, tables=tuple(mask(table) for table in report.tables))


def mask(table: Table) -> Table:
    lines = [*table.lines, *([table.total] if table.total else [])]
    grid: Grid = [list(line.figures) for line in lines]
    counted = [number for number, column in enumerate(table.columns) if column.may_be_masked]
    _hide_small(grid, counted)
    groups = list(_sums(table, counted))
    while place := _told(grid, groups):
        grid[place[0]][place[1]] = Hidden.HELD_BACK
    _hide_dependents(table, grid)
    shown = [
        Line(line.key, line.label, tuple(figures), opens=False)
        for line, figures in zip(lines, grid, strict=True)
    ]
    total = shown.pop() if table.total else None
    columns = tuple(replace(column, opens=False) for column in table.columns)
    return replace(table, columns=columns, lines=tuple(shown), total=total)


def _hide_small(grid: Grid, counted: list[int]) -> None:
    for row in grid:
        for number in counted:
            value = row[number]
            if isinstance(value, int) and 0 < value < SMALL:
                row[number] = Hidden.SMALL


def _sums(table: Table, counted: list[int]) -> Iterator[tuple[list[Place], Place]]:
    """The places that are added, with the place of their sum, down the columns and along the rows."""
    if table.total and table.adds_up:
        last = len(table.lines)
        for number in counted:
            yield [(line, number) for line in range(last)], (last, number)
    if table.row_sum:
        whole = table.place(table.row_sum)
        parts = [number for number in counted if number != whole]
        for line in range(len(table.lines) + bool(table.total)):
            yield [(line, number) for number in parts], (line, whole)


def _told(grid: Grid, groups: list[tuple[list[Place], Place]]) -> Place | None:
    """The next figure to hold back, because without it a hidden one could be told; None when none can."""
    for parts, whole in groups:
        if _gives_away([grid[a][b] for a, b in parts], grid[whole[0]][whole[1]]):
            seen = [place for place in parts if _count(grid[place[0]][place[1]]) >= SMALL]
            if seen:
                return min(seen, key=lambda place: _count(grid[place[0]][place[1]]))
            # Also where it is small itself: four hidden counts whose sum is below five are one each.
            if grid[whole[0]][whole[1]] != Hidden.HELD_BACK:
                return whole
    return None


def _count(value: Figure) -> int:
    return value if isinstance(value, int) else 0


def _gives_away(parts: list[Figure], whole: Figure) -> bool:
    """Whether any hidden figure among these can have one value only, the parts being added to the whole."""
    ranges = [_range(part) for part in parts]
    least, most = sum(low for low, _ in ranges), sum(high for _, high in ranges)
    floor, roof = (0, MOST) if whole == Hidden.HELD_BACK else _range(whole)
    if isinstance(whole, Hidden) and min(roof, most) <= max(floor, least):
        return True
    return any(
        min(high, roof - (least - low)) <= max(low, floor - (most - high))
        for part, (low, high) in zip(parts, ranges, strict=True)
        if isinstance(part, Hidden)
    )


def _range(value: Figure) -> tuple[int, int]:
    if value == Hidden.SMALL:
        return 1, SMALL - 1
    if value == Hidden.HELD_BACK:
        return SMALL, MOST
    return _count(value), _count(value)


def _hide_dependents(table: Table, grid: Grid) -> None:
    for number, column in enumerate(table.columns):
        if column.depends_on:
            _hide_dependent(grid, number, table.place(column.depends_on), table)


def _hide_dependent(grid: Grid, number: int, people: int, table: Table) -> None:
    for row in grid:
        if isinstance(row[people], Hidden):
            row[number] = Hidden.HELD_BACK
    gone = [row for row in grid[: len(table.lines)] if row[number] is Hidden.HELD_BACK]
    if table.total and len(gone) == 1:
        grid[-1][number] = Hidden.HELD_BACK
