"""Charts: where their parts stand, and the small sheet that only the reports load."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from catalog.accounts.models import Person
from catalog.reports import drawing
from catalog.reports.frame import Chart, Column, Drawing, Figure, Hidden, Line, Table, Unit
from catalog.reports.period import Period, Preset, preset
from tests.factories import Cast

STATIC = Path(__file__).parent.parent.parent / "static"
SHEET = (STATIC / "charts.css").read_text()


def table(kind: Drawing, unit: Unit, *rows: tuple[Figure, ...]) -> Table:
    columns = tuple(Column(f"c{number}", f"Column {number}", unit) for number in range(len(rows[0])))
    lines = tuple(Line(f"2026-{number:02d}", f"Line {number}", row) for number, row in enumerate(rows, 1))
    chart = Chart(kind, "A chart", tuple(column.key for column in columns), "things")
    return Table("made", "Made up", "Line", columns, lines, chart=chart)


def test_bars_are_as_long_as_their_figures() -> None:
    drawn = drawing.bars(table(Drawing.BARS, Unit.COUNT, (10,), (5,), (0,)))
    widths = [bar.parts[0].width for bar in drawn.bars]
    assert widths[0] == pytest.approx(2 * widths[1], abs=0.02)
    assert widths[2] == 0
    assert drawn.ticks[0].says == "0"


def test_pieces_of_a_bar_follow_each_other() -> None:
    (bar,) = drawing.bars(table(Drawing.STACKED, Unit.COUNT, (1, 2, 3))).bars
    first, second, third = bar.parts
    assert second.x == pytest.approx(first.width)
    assert third.x == pytest.approx(first.width + second.width, abs=0.02)
    assert bar.total == "6"


def test_only_the_largest_are_drawn_and_the_others_are_counted() -> None:
    drawn = drawing.bars(table(Drawing.BARS, Unit.COUNT, *((number,) for number in range(1, 21))))
    assert (len(drawn.bars), drawn.left_out) == (drawing.MOST_BARS, 5)
    assert drawn.bars[0].label == "Line 6"


def test_a_hidden_figure_has_no_length_and_says_so() -> None:
    (bar,) = drawing.bars(table(Drawing.BARS, Unit.PEOPLE, (Hidden.SMALL,))).bars
    assert (bar.parts[0].width, bar.says) == (0, "<5")


def test_a_line_is_broken_where_a_figure_is_missing() -> None:
    (curve,) = drawing.months(
        table(Drawing.MONTHS, Unit.PERCENT, (Decimal(10),), (None,), (Decimal(20),))
    ).curves
    assert [len(run) for run in curve.runs] == [1, 1]


def test_hours_along_the_axis_are_hours() -> None:
    ticks = drawing.months(table(Drawing.MONTHS, Unit.HOURS, (600,))).ticks
    assert ticks[-1].says == "10"


def test_the_highest_figure_has_the_darkest_ground() -> None:
    heats = drawing.heat(table(Drawing.HEAT, Unit.COUNT, (8, 0), (1, 2)))
    assert heats == {("2026-01", "c0"): 4, ("2026-01", "c1"): 0, ("2026-02", "c0"): 1, ("2026-02", "c1"): 1}


@pytest.mark.parametrize(
    ("which", "first", "last"),
    [
        (Preset.THIS_YEAR, date(2028, 1, 1), date(2028, 12, 31)),
        (Preset.YEAR_BACK, date(2027, 3, 1), date(2028, 2, 29)),
        (Preset.THIS_QUARTER, date(2028, 1, 1), date(2028, 3, 31)),
        (Preset.LAST_QUARTER, date(2027, 10, 1), date(2027, 12, 31)),
        (Preset.YEAR_AHEAD, date(2028, 2, 29), date(2029, 2, 27)),
        (Preset.AROUND, date(2027, 2, 28), date(2029, 2, 28)),
    ],
)
def test_periods_are_found_also_on_a_leap_day(which: Preset, first: date, last: date) -> None:
    assert preset(which, date(2028, 2, 29)) == Period(first, last)


def test_the_sheet_is_small_and_uses_the_colours_of_the_other() -> None:
    assert len(SHEET.encode()) < 4_000
    assert not re.search(r"url\(|@import|https?:|#[0-9a-f]{3}", SHEET)
    defined = set(re.findall(r"(--[a-z-]+):", (STATIC / "site.css").read_text()))
    assert set(re.findall(r"var\((--[a-z-]+)", SHEET)) <= defined
    assert SHEET.count("{") == SHEET.count("}")


def test_only_the_reports_load_it(cast: Cast, login_as: Callable[[Person], FlaskClient]) -> None:
    mira = login_as(cast.mira)
    assert "charts.css" in mira.get("/reports/hours").text
    assert "charts.css" not in mira.get("/people").text
