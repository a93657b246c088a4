"""Minutes attended into minutes of credit."""

from hypothesis import assume, given
from hypothesis import strategies as st

from catalog.attendance.credit import Attended, area_minutes, attended_minutes, credit_minutes, held_minutes
from catalog.courses.models import CreditRule

FULL, QUARTER, ALL, EACH = (
    CreditRule.FULL_FROM_PERCENT,
    CreditRule.QUARTER_HOUR,
    CreditRule.ALL_MEETINGS,
    CreditRule.PER_MEETING,
)

lengths = st.integers(min_value=0, max_value=600)
meetings = st.lists(
    lengths.flatmap(lambda length: st.builds(Attended, st.just(length), st.integers(0, 700))), max_size=8
)
rules = st.sampled_from(list(CreditRule))
percents = st.integers(min_value=1, max_value=100)
caps = st.none() | st.integers(min_value=0, max_value=3000)


def credit(rule: CreditRule, *attended: tuple[int, int], percent: int = 90, cap: int | None = None) -> int:
    return credit_minutes(rule, percent, cap, [Attended(*one) for one in attended])


def test_ninety_percent_of_the_minutes_give_full_credit() -> None:
    assert credit(FULL, (100, 90)) == 100


def test_one_minute_less_than_ninety_percent_gives_none() -> None:
    assert credit(FULL, (100, 89)) == 0


def test_the_percentage_is_of_all_meetings_together() -> None:
    assert credit(FULL, (60, 60), (60, 48)) == 120


def test_the_percentage_is_not_rounded_in_anyones_favour() -> None:
    assert credit(FULL, (185, 166)) == 0  # 90 % of 185 is 166.5
    assert credit(FULL, (185, 167)) == 185


def test_a_quarter_hour_is_rounded_down() -> None:
    assert credit(QUARTER, (180, 119)) == 105


def test_quarter_hours_are_rounded_once_over_all_meetings() -> None:
    assert credit(QUARTER, (60, 50), (60, 50)) == 90


def test_all_meetings_asks_for_each_of_them() -> None:
    assert credit(ALL, (60, 60), (60, 54)) == 120
    assert credit(ALL, (60, 60), (60, 53)) == 0


def test_each_meeting_counts_its_minutes() -> None:
    assert credit(EACH, (120, 120), (120, 0), (120, 47)) == 167


def test_a_cap_is_the_most_there_is() -> None:
    assert credit(EACH, (1200, 1200), cap=720) == 720


def test_nothing_held_is_nothing_earned() -> None:
    assert [credit(rule) for rule in CreditRule] == [0, 0, 0, 0]


def test_nobody_attends_more_of_a_meeting_than_there_is() -> None:
    assert credit(EACH, (60, 90)) == 60


@given(rules, percents, caps, meetings)
def test_credit_is_never_more_than_was_held_or_than_the_cap(
    rule: CreditRule, percent: int, cap: int | None, attended: list[Attended]
) -> None:
    most = held_minutes(attended) if cap is None else min(cap, held_minutes(attended))
    assert 0 <= credit_minutes(rule, percent, cap, attended) <= most


@given(st.sampled_from([QUARTER, EACH]), percents, caps, meetings)
def test_credit_by_time_is_never_more_than_was_attended(
    rule: CreditRule, percent: int, cap: int | None, attended: list[Attended]
) -> None:
    assert credit_minutes(rule, percent, cap, attended) <= attended_minutes(attended)


@given(rules, percents, caps, meetings, st.integers(0, 7), st.integers(0, 700))
def test_staying_longer_never_costs_credit(
    rule: CreditRule, percent: int, cap: int | None, attended: list[Attended], at: int, more: int
) -> None:
    assume(at < len(attended))
    longer = list(attended)
    longer[at] = attended[at]._replace(minutes=attended[at].minutes + more)
    assert credit_minutes(rule, percent, cap, longer) >= credit_minutes(rule, percent, cap, attended)


@given(percents, caps, meetings)
def test_quarter_hours_come_whole_below_the_cap(
    percent: int, cap: int | None, attended: list[Attended]
) -> None:
    earned = credit_minutes(QUARTER, percent, cap, attended)
    assert earned % 15 == 0 or earned == cap


@given(rules, percents, meetings)
def test_being_there_all_the_time_earns_all_of_it(
    rule: CreditRule, percent: int, attended: list[Attended]
) -> None:
    whole = [one._replace(minutes=one.length) for one in attended]
    held = held_minutes(whole)
    assert credit_minutes(rule, percent, None, whole) == (held - held % 15 if rule == QUARTER else held)


@given(rules, percents, meetings)
def test_absence_earns_nothing(rule: CreditRule, percent: int, attended: list[Attended]) -> None:
    assert credit_minutes(rule, percent, None, [one._replace(minutes=0) for one in attended]) == 0


def test_a_part_of_the_course_is_a_part_of_each_area_rounded_down() -> None:
    assert area_minutes(100, 50, 180) == 27


def test_without_a_split_an_area_has_no_minutes_of_its_own() -> None:
    assert area_minutes(None, 180, 180) is None


@given(st.lists(st.integers(1, 300), min_size=1, max_size=8), st.integers(0, 600), st.integers(0, 3000))
def test_the_areas_of_a_credit_never_have_more_than_the_credit(
    splits: list[int], unsplit: int, earned: int
) -> None:
    full = sum(splits) + unsplit
    areas = [area_minutes(split, earned, full) or 0 for split in splits]
    assert sum(areas) <= earned
    assert all(area <= split for area, split in zip(areas, splits, strict=True))
