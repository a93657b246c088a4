"""Which passwords are refused: length first, then those that everybody tries, then those that say whose they are."""

import unicodedata
from pathlib import Path
from typing import Literal

import pytest

from catalog.accounts import passwords, weak
from catalog.accounts.weak import COMMON, LONGEST, NAMED, PLAIN, SHORTEST, why_not

pytestmark = pytest.mark.usefixtures("context")
ANA = ("Ana Sample", "ana.sample@example.org")


@pytest.mark.parametrize(
    "password",
    [
        "four plain words here",
        "love is at the sea side",
        "mobile home training day",
        "9f8h2kq0x7m3",
        "Ana loves wide rivers",
        "żółta łódka pod mostem",
        "雨の日は図書館で本を読みます",
        "   spaces   count   too   ",
        "x" * 5 + "y9 plum tree over the wall " * 2,
        "🐢🦔🦉🐝 four small animals",
    ],
)
def test_any_characters_will_do(password: str) -> None:
    assert why_not(password, ANA) is None


@pytest.mark.parametrize("length", [SHORTEST - 1, LONGEST + 1])
def test_the_length_is_looked_at_first(length: int) -> None:
    assert "characters" in (why_not(("lorem ipsum " * 40)[:length], ()) or "")


def test_long_ones_are_taken() -> None:
    assert LONGEST >= 64
    assert why_not("a river in the north, a boat in the south, and a long road between them both", ()) is None


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("password1234", COMMON),
        ("P@ssw0rd2024!", COMMON),
        ("correct horse battery staple", COMMON),
        ("Summer2026!!!", COMMON),
        ("summerautumn2025", COMMON),
        ("rolltide2026!", COMMON),
        ("aaaaaaaaaaaaaa", PLAIN),
        ("xyxyxyxyxyxyxy", PLAIN),
        ("13579135791357", PLAIN),
        ("poiuytrewqlkj", PLAIN),
        ("1234567890!@", PLAIN),
        ("Ana.Sample@example.org", NAMED),
        ("sample-ana-2026", NAMED),
        ("EarlyYearsLearning", NAMED),
        ("First 5 Alabama", NAMED),
        ("f1rst5alabama!!", NAMED),
    ],
)
def test_what_everybody_would_try_is_refused(password: str, said: str) -> None:
    assert why_not(password, ANA) == said


def test_another_persons_name_says_nothing_of_whose_it_is() -> None:
    assert why_not("bartholomew", ()) is not None, "too short"
    assert why_not("wilhelmina-kowalczyk", ANA) is None
    assert why_not("wilhelmina-kowalczyk", ("Wilhelmina Kowalczyk", "w@example.org")) == NAMED


def test_the_list_holds_what_could_be_chosen() -> None:
    lines = Path(weak.__file__).with_name("common_passwords.txt").read_text().splitlines()
    words = [line for line in lines if not line.startswith("#")]
    assert len(words) > 200
    assert all(why_not(word, ()) for word in words)


@pytest.mark.parametrize("typed", ["NFC", "NFD"])
def test_an_accent_is_the_same_on_every_keyboard(typed: Literal["NFC", "NFD"]) -> None:
    stored = passwords.hash_of(unicodedata.normalize("NFD", "é la crème brûlée"))
    assert passwords.is_right(stored, unicodedata.normalize(typed, "é la crème brûlée"))


def test_nothing_is_cut_off() -> None:
    long = "a long row of quite different words " * 5
    assert not passwords.is_right(passwords.hash_of(long + "1"), long + "2")
