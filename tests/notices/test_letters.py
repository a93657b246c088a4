"""Kinds of letters: defined once each when the application starts, and filled in with nothing but their values."""

import re
import sys

import pytest
from flask import Flask

from catalog.notices import letters
from catalog.notices.letters import About, all_letters, fill, fill_body, letter, missing, unknown
from tests.test_architecture import CATALOG, name_of

HELLO = letters.Letter("x", "x", About.NEWS, "", "Go to {link}", {"name": "", "link": ""})


def test_every_letter_is_known_as_soon_as_the_application_is(app: Flask) -> None:
    files = [path for path in CATALOG.rglob("*.py") if "letter(" in path.read_text()]
    assert len(files) > 8
    assert [name_of(path) for path in files if name_of(path) not in sys.modules] == []


def test_a_kind_is_defined_once() -> None:
    with pytest.raises(ValueError, match="already"):
        letter(all_letters()[0].kind, "Again", About.NEWS, subject="", body="")


def test_a_letter_has_an_example_of_all_it_fills_in() -> None:
    with pytest.raises(ValueError, match="titel"):
        letter("test.wrong", "Wrong", About.NEWS, subject="{titel}", body="")


@pytest.mark.parametrize("one", all_letters(), ids=lambda one: one.kind)
def test_each_fits_its_column_and_can_be_filled_in(one: letters.Letter) -> None:
    assert len(one.kind) <= 40, "as LetterTemplate.kind is"
    filled = fill(one.subject, one.sample) + fill_body(one.body, one.sample)
    assert "{" not in filled
    assert not re.search(r"\S  ", filled), "a gap inside a line"


def test_values_are_not_read_as_words_to_fill_in() -> None:
    assert fill("{a} {b}", {"a": "{b}", "b": "here"}) == "{b} here"


def test_a_line_whose_placeholders_are_empty_leaves_no_gap() -> None:
    words = "{name},\n\n{warning}\n\n{course}\n{place}\n\nBye"
    values = {"name": "Ana", "warning": "", "course": "A course", "place": ""}
    assert fill_body(words, values) == "Ana,\n\nA course\n\nBye\n"


@pytest.mark.parametrize("wrong", ["{titel}", "{Name}", "{na me}", "{name.__class__}", "{0}", "{}"])
def test_whatever_else_stands_in_braces_is_unknown(wrong: str) -> None:
    assert unknown(f"Dear {wrong}, {{name}}", HELLO) == [wrong.strip("{}")]


def test_a_letter_needs_the_link_it_came_with() -> None:
    assert missing("Go away", HELLO) == ["link"]
    assert missing("See {link}", HELLO) == []
