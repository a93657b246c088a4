"""CSV for spreadsheets: it opens rightly and runs nothing."""

import csv

import pytest

from catalog.sheets import csv_bytes, safe_cell


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "  =", "＝"])
def test_a_cell_that_begins_like_a_formula_is_text(start: str) -> None:
    assert safe_cell(start + "1+1") == "'" + start + "1+1"


def test_plain_words_and_numbers_stay_as_they_are() -> None:
    assert [safe_cell(value) for value in ("Ana = Sample", "", None, -5, 1.5)] == [
        "Ana = Sample",
        "",
        "",
        "-5",
        "1.5",
    ]


def test_commas_quotes_and_line_ends_come_back_as_they_were() -> None:
    row = ["one, two", 'say "three"', "four\nfive", "Zoë"]
    made = csv_bytes([row])
    assert made.startswith(b"\xef\xbb\xbf")
    assert next(iter(csv.reader(made.decode("utf-8-sig").splitlines(keepends=True)))) == row
