"""Small counts stay hidden, also from whoever subtracts."""

from collections.abc import Callable
from dataclasses import replace
from itertools import product

from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from catalog.accounts.models import Person
from catalog.reports import files
from catalog.reports.frame import TOTAL, Chart, Column, Drawing, Figure, Hidden, Line, Table, Unit
from catalog.reports.masking import SMALL, mask
from tests.factories import Cast

LoginAs = Callable[[Person], FlaskClient]
counts = st.lists(st.integers(0, 12), min_size=1, max_size=5)


def table(*counts: int, total: bool = True, adds_up: bool = True) -> Table:
    """People with an hour each."""
    lines = tuple(
        Line(str(number), f"Line {number}", (count, 60 * count)) for number, count in enumerate(counts)
    )
    columns = (
        Column("people", "People", Unit.PEOPLE),
        Column("hours", "Hours", Unit.HOURS, depends_on="people"),
    )
    whole = Line(TOTAL, "Total", (sum(counts), 60 * sum(counts))) if total else None
    return Table("made", "Made up", "Line", columns, lines, whole, adds_up=adds_up)


def people(of: Table) -> tuple[list[Figure], Figure]:
    masked = mask(of)
    return [line.figures[0] for line in masked.lines], masked.total.figures[0] if masked.total else None


def test_a_count_under_five_is_said_so_and_nobody_is_nobody() -> None:
    assert people(table(0, 1, 4, 5, total=False))[0] == [0, Hidden.SMALL, Hidden.SMALL, 5]


def test_one_that_could_be_subtracted_takes_the_next_smallest_with_it() -> None:
    assert people(table(3, 9, 20)) == ([Hidden.SMALL, Hidden.HELD_BACK, 20], 32)


def test_where_nothing_else_can_hide_it_the_total_does() -> None:
    assert people(table(3, 0)) == ([Hidden.SMALL, 0], Hidden.SMALL)


def test_a_total_that_is_no_sum_hides_no_more() -> None:
    assert people(table(3, 9, 20, adds_up=False)) == ([Hidden.SMALL, 9, 20], 32)


def test_what_depends_on_a_hidden_count_is_held_back() -> None:
    masked = mask(table(3, 9, 20))
    assert [line.figures[1] for line in masked.lines] == [Hidden.HELD_BACK, Hidden.HELD_BACK, 1200]


def test_hours_are_not_found_by_subtracting_where_people_do_not_add_up() -> None:
    masked = mask(table(3, 9, 20, adds_up=False))
    assert masked.total is not None
    assert masked.total.figures[1] is Hidden.HELD_BACK


def fits(figure: Figure, value: int) -> bool:
    if figure is Hidden.SMALL:
        return 0 < value < SMALL
    return value >= SMALL if figure is Hidden.HELD_BACK else value == figure


def test_a_sum_that_is_small_itself_is_not_told_where_it_tells_its_parts() -> None:
    assert people(table(1, 1, 1, 1)) == ([Hidden.SMALL] * 4, Hidden.HELD_BACK)


@given(counts)
def test_whoever_knows_the_rest_cannot_tell_a_small_count(counts: list[int]) -> None:
    """Every hidden count has at least two values that fit everything shown."""
    shown, whole = people(table(*counts))
    ranges = [
        range(1, SMALL) if one is Hidden.SMALL else range(SMALL, 20) if one is Hidden.HELD_BACK else [one]
        for one in shown
    ]
    # A sum that is held back says nothing at all.
    anything = whole is Hidden.HELD_BACK
    worlds = [one for one in product(*ranges) if anything or fits(whole, sum(one))]  # type: ignore[arg-type]
    for number, figure in enumerate(shown):
        if isinstance(figure, Hidden):
            assert len({world[number] for world in worlds}) > 1, (counts, shown, whole)


@given(counts)
def test_what_is_shown_is_true(counts: list[int]) -> None:
    shown, _ = people(table(*counts))
    assert all(fits(figure, count) for figure, count in zip(shown, counts, strict=True))


@given(st.lists(st.tuples(*[st.integers(0, 12)] * 3), min_size=1, max_size=4))
def test_along_a_row_nothing_is_told_either(rows: list[tuple[int, int, int]]) -> None:
    """Two columns and their sum, down and across."""
    columns = tuple(Column(name, name, Unit.PEOPLE) for name in ("a", "b", "sum"))
    lines = tuple(Line(str(n), str(n), (a, b, a + b)) for n, (a, b, _) in enumerate(rows))
    sums = [sum(int(line.figures[at] or 0) for line in lines) for at in range(3)]
    made = Table("two", "Two", "Line", columns, lines, Line(TOTAL, "Total", tuple(sums)), row_sum="sum")
    for line in mask(made).lines:
        hidden = [figure for figure in line.figures if isinstance(figure, Hidden)]
        assert len(hidden) != 1, line


def test_a_masked_file_holds_no_small_count() -> None:
    masked = mask(table(3, 9, 20))
    assert files.csv(masked).decode("utf-8-sig").splitlines()[1:3] == [
        "Line 0,<5,not shown,not shown",
        "Line 1,not shown,not shown,not shown",
    ]


def test_a_figure_of_a_masked_report_opens_nothing() -> None:
    masked = mask(replace(table(9), chart=Chart(Drawing.BARS, "A chart", ("people",), "people")))
    assert not any(column.opens for column in masked.columns)
    assert not any(line.opens for line in masked.lines)


def test_the_page_says_that_counts_are_hidden(cast: Cast, login_as: LoginAs) -> None:
    answer = login_as(cast.mira).get("/reports/waiting?masked=1")
    assert "Counts under 5 are hidden" in answer.text
    assert "/rows?" not in answer.text
