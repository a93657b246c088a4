"""Files as they come, and as spreadsheet programs and mistakes leave them."""

import codecs

import pytest

from catalog.video.refusals import ReportRefused
from tests.video.samples import read, teams, zoom, zoom_row

JOSE = zoom(zoom_row("José Sample")).decode()


@pytest.mark.parametrize(
    "data",
    [
        JOSE.encode(),
        JOSE.encode("utf-8-sig"),
        JOSE.encode("utf-16"),
        codecs.BOM_UTF16_BE + JOSE.encode("utf-16-be"),
        JOSE.encode("utf-16-le"),
        JOSE.encode("utf-16-be"),
        JOSE.encode("cp1252"),
        JOSE.replace("\n", "\r\n").encode(),
        JOSE.replace("\n", "\r").encode(),
    ],
    ids=[
        "utf-8",
        "with its mark",
        "utf-16",
        "big end",
        "no mark",
        "big end, no mark",
        "windows",
        "crlf",
        "cr",
    ],
)
def test_every_encoding_gives_the_same_name(data: bytes) -> None:
    assert list(read(data)) == ["José Sample"]


def refused(data: bytes) -> str:
    with pytest.raises(ReportRefused) as refusal:
        read(data)
    return str(refusal.value)


def test_letters_that_were_damaged_are_named() -> None:
    assert "as in “JosÃ©”" in refused(JOSE.encode().decode("cp1252").encode())


def test_japanese_windows_letters_are_not_taken_for_western_ones() -> None:
    assert "letters cannot be read" in refused(JOSE.replace("José", "山田").encode("shift-jis"))


@pytest.mark.parametrize("data", [b"Name\0Email\n", teams().encode("utf-16")[:-1], bytes(range(256)) * 9])
def test_what_is_no_text_is_refused(data: bytes) -> None:
    assert "letters cannot be read" in refused(data)


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"PK\x03\x04rest of a workbook", "an Excel workbook or a ZIP file"),
        (b"%PDF-1.7 rest", "a PDF"),
        (b"\xd0\xcf\x11\xe0 rest", "an old Excel workbook"),
        (b"\n<!DOCTYPE html><title>Sign in", "a web page"),
    ],
)
def test_another_kind_of_file_is_named_with_the_way_to_a_csv(data: bytes, what: str) -> None:
    assert f"This is {what}. Upload the CSV file" in refused(data)


@pytest.mark.parametrize("data", [b"", b"\n\n", b"\0\0"])
def test_an_empty_file_is_called_empty(data: bytes) -> None:
    assert refused(data) == "This file is empty."


def test_more_than_ten_megabytes_is_too_much() -> None:
    assert "larger than 10 MB" in refused(b"a" * 10_000_001)
