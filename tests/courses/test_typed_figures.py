"""Money and lengths as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from catalog.courses.forms.reading import cents, minutes
from catalog.wording import hours, money


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("25", 2500),
        ("$12.50", 1250),
        ("$ 12.5", 1250),
        ("1,200", 120000),
        ("0", 0),
        ("Free", 0),
        ("0.29", 29),
    ],
)
def test_dollars_become_cents(typed: str, meant: int) -> None:
    assert cents(typed) == meant


@pytest.mark.parametrize("typed", ["-5", "12.345", "ten", "5 EUR", "1e3", "٣", "2000000", "12.50.1"])
def test_what_is_no_price_is_refused_in_words(typed: str) -> None:
    with pytest.raises(ValueError, match=r"^Write"):
        cents(typed)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("6", 360),
        ("1.5", 90),
        ("1,5 hours", 90),
        ("1 h 30 min", 90),
        ("1h30", 90),
        ("1:30", 90),
        ("90 min", 90),
        ("2 hours and 15 minutes", 135),
        ("0", 0),
    ],
)
def test_hours_become_minutes(typed: str, meant: int) -> None:
    assert minutes(typed) == meant


@pytest.mark.parametrize("typed", ["1.51", "0.33"])
def test_a_part_of_a_minute_is_never_rounded(typed: str) -> None:
    with pytest.raises(ValueError, match="not whole minutes"):
        minutes(typed)


@pytest.mark.parametrize("typed", ["-1", "a day", "1:75", "9999999", "6000", "١"])
def test_what_is_no_length_is_refused_in_words(typed: str) -> None:
    with pytest.raises(ValueError, match=r"^Write"):
        minutes(typed)


@given(some.integers(0, 300_000))
def test_a_length_that_is_shown_reads_back_as_itself(length: int) -> None:
    assert minutes(hours(length)) == length


@given(some.integers(1, 100_000_000))
def test_a_price_that_is_shown_reads_back_as_itself(price: int) -> None:
    assert cents(money(price)) == price
