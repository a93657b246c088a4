"""Numbers: nobody guesses one, and whoever copies one from paper may err where letters look alike."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.certificates import numbers


def test_a_number_has_sixty_bits_of_chance() -> None:
    assert len(numbers.LETTERS) ** numbers.LENGTH == 2**60
    assert len({numbers.new() for _ in range(2000)}) == 2000


def test_a_number_is_kept_as_it_is_printed() -> None:
    number = numbers.new()
    assert numbers.normal(number) == number


@pytest.mark.parametrize(
    "typed",
    [
        "7k3m9qxd2v01",
        " 7K3M 9QXD 2V01 ",
        "7K3M–9QXD–2V01",
        "7K3M-9QXD-2VO1",
        "7k3m.9qxd.2voi",
        "7K3M9QXD2VOL",
    ],
)
def test_what_is_typed_from_paper_is_understood(typed: str) -> None:
    assert numbers.normal(typed) == "7K3M-9QXD-2V01"


@pytest.mark.parametrize(
    "typed", ["", "7K3M", "7K3M-9QXD-2V011", "7K3M-9QXD-2V0U", "' OR 1=1 --", "ⅦK3M-9QXD-2V0"]
)
def test_what_cannot_be_a_number_is_none(typed: str) -> None:
    assert numbers.normal(typed) is None


@given(st.text(max_size=40))
def test_nothing_that_is_typed_breaks_it(typed: str) -> None:
    assert (found := numbers.normal(typed)) is None or len(found) == 14
