"""The dates of a next term follow those of the last."""

from datetime import date, datetime, time, timedelta

from catalog.courses.schedule import Pattern, Sitting, Unit, sittings
from catalog.groups.terms import going_on

LONG_AGO = date(2020, 1, 1)


def at(*days: str) -> list[Sitting]:
    return [
        Sitting(datetime.fromisoformat(f"{day}T09:00"), datetime.fromisoformat(f"{day}T11:00"))
        for day in days
    ]


def days(found: list[Sitting]) -> list[str]:
    return [one.starts.date().isoformat() for one in found]


def test_second_tuesdays_stay_second_tuesdays() -> None:
    going = going_on(at("2026-09-08", "2026-10-13", "2026-11-10"), LONG_AGO)
    assert days(going.sittings) == ["2026-12-08", "2027-01-12", "2027-02-09"]
    assert going.said.startswith("The second Tuesday of every month")


def test_the_last_friday_of_a_month_stays_the_last() -> None:
    going = going_on(at("2026-10-30", "2026-11-27", "2026-12-25"), LONG_AGO)
    assert days(going.sittings) == ["2027-01-29", "2027-02-26", "2027-03-26"]


def test_every_second_week_goes_on_every_second_week() -> None:
    going = going_on(at("2026-11-03", "2026-11-17", "2026-12-01"), LONG_AGO)
    assert days(going.sittings) == ["2026-12-15", "2026-12-29", "2027-01-12"]


def test_the_wall_clock_stays_over_a_change_of_clocks() -> None:
    going = going_on(at("2026-09-08", "2026-10-13"), LONG_AGO)
    assert {one.starts.time() for one in going.sittings} == {time(9)}


def test_what_is_past_is_not_proposed() -> None:
    going = going_on(at("2025-09-09", "2025-10-14", "2025-11-11"), date(2026, 12, 8))
    assert days(going.sittings) == ["2027-01-12", "2027-02-09", "2027-03-09"]


def test_without_a_rule_all_are_moved_by_the_same_weeks() -> None:
    going = going_on(at("2026-11-03", "2026-11-11", "2026-12-03"), LONG_AGO)
    assert (days(going.sittings), going.said) == (["2026-12-08", "2026-12-16", "2027-01-07"], "")


def test_other_hours_on_one_day_are_no_rule() -> None:
    longer = Sitting(datetime.fromisoformat("2026-11-10T09:00"), datetime.fromisoformat("2026-11-10T12:00"))
    going = going_on([*at("2026-11-03"), longer], LONG_AGO)
    assert (going.said, going.sittings[1].ends.time()) == ("", time(12))


def test_as_many_as_before_and_none_left_out() -> None:
    for unit in (Unit.WEEK, Unit.MONTH):
        for interval in range(1, 5):
            old = Pattern(date(2026, 1, 13), time(9), time(11), unit, interval, 6)
            both = sittings(old._replace(times=12))
            assert going_on(both[:6], LONG_AGO).sittings == both[6:], (unit, interval)


def test_a_single_meeting_goes_on_monthly() -> None:
    assert days(going_on(at("2026-11-10"), LONG_AGO).sittings) == ["2026-12-08"]


def test_nothing_comes_of_nothing() -> None:
    assert going_on([], LONG_AGO).sittings == []


def test_the_first_one_lies_after_today() -> None:
    today = date(2026, 12, 8)
    going = going_on(at("2026-09-08", "2026-10-13"), today)
    assert going.sittings[0].starts.date() - today >= timedelta(days=1)
