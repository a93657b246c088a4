"""The HTML half of a letter: made from its plain text, and nothing in it is more than text."""

import re

from catalog.notices import typeset


def test_paragraphs_lines_and_lists() -> None:
    made = typeset.blocks("Ana,\n\nplease note:\n- the place\n- the day\n\nA course\nTue 14 Jan")
    assert made == (
        "<p>Ana,</p>\n<p>please note:</p>\n<ul>\n<li>the place</li>\n<li>the day</li>\n</ul>\n"
        "<p>A course<br>\nTue 14 Jan</p>"
    )


def test_a_link_can_be_followed_and_a_full_stop_is_not_part_of_it() -> None:
    made = typeset.blocks("See https://learning.example.org/c/7?a=1&b=2.")
    assert made == (
        '<p>See <a href="https://learning.example.org/c/7?a=1&amp;b=2">'
        "https://learning.example.org/c/7?a=1&amp;b=2</a>.</p>"
    )


def test_nothing_that_people_write_becomes_markup() -> None:
    made = typeset.page("<script>", '<img src=x onerror=alert(1)> https://x.org/"><b>', "<i>")
    assert not re.search(r"<(script|img|b|i)\b", made)
    assert 'href="https://x.org/"' in made


def test_a_script_is_no_link() -> None:
    assert "<a" not in typeset.blocks("javascript:alert(1) data:text/html,x")


def test_it_brings_all_along_and_suits_a_dark_screen() -> None:
    made = typeset.page("A subject", "Text", "Footer")
    assert "color-scheme:light dark" in made
    assert not re.search(r"(src|@import|url\(|color:|background)", made.replace("color-scheme:", ""))
