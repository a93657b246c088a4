"""Times as the products write them, by the settings of whoever exported."""

from datetime import timedelta

import pytest

from catalog.video.reading.times import Times, length
from tests.video.samples import wall

ON = wall("2026-02-01T09:00")
FIRST_OF_FEBRUARY = wall("2026-02-01T09:00:15")


@pytest.mark.parametrize(
    "text",
    [
        "02/01/2026 09:00:15 AM",
        "2/1/26, 9:00:15 AM",
        "2/1/26, 9:00:15\u202fAM",
        "2026-02-01 09:00:15",
        "2026/02/01 09:00:15",
        "2026-02-01T09:00:15",
        "Feb 1, 2026 09:00:15 AM",
        "Feb 01, 2026 9:00:15",
        "February 1, 2026, 9:00:15 a.m.",
        "1 Feb 2026 09:00:15",
        "01/02/2026 09:00:15",
        "01.02.2026 09:00:15",
        "1/2/2026, 9:00:15",
    ],
)
def test_the_first_of_february_in_every_form(text: str) -> None:
    assert Times([text], ON).read(text) == FIRST_OF_FEBRUARY


@pytest.mark.parametrize(
    "text", ["soon", "9", "25:00", "2026-02-30 09:00", "13:00 PM", "Feb 2026 9:00", "", "=NOW()"]
)
def test_what_is_no_time_is_none(text: str) -> None:
    assert Times([text], ON).read(text) is None


def test_a_day_that_cannot_be_a_month_decides_for_the_file() -> None:
    times = Times(["03/04/2026 09:00", "25/04/2026 09:00"], wall("2026-03-04T09:00"))
    assert times.read("03/04/2026 09:00") == wall("2026-04-03T09:00")


def test_without_a_sign_it_is_the_american_way() -> None:
    assert Times(["03/04/2026 09:00"], wall("2026-07-01T00:00")).read("03/04/2026 09:00") == wall(
        "2026-03-04T09:00"
    )


def test_midnight_and_noon_on_the_twelve_hours_clock() -> None:
    times = Times([], ON)
    assert times.read("2026-02-01 12:10 AM") == wall("2026-02-01T00:10")
    assert times.read("2026-02-01 12:10 PM") == wall("2026-02-01T12:10")


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("58", 58),
        ("1h 2m", 62),
        ("1h 2m 30s", 62.5),
        ("59m 30s", 59.5),
        ("45s", 0.75),
        ("1 hr 2 min", 62),
        ("2 hrs", 120),
        ("58 min", 58),
        ("42m", 42),
        ("1:02:30", 62.5),
        ("62:30", 62.5),
    ],
)
def test_lengths(text: str, minutes: float) -> None:
    assert length(text) == timedelta(minutes=minutes)


def test_words_are_no_length() -> None:
    assert length("a while") is None
    assert length("") is None
