"""From the bytes of a table that somebody hands in to text, or why not; the features say it in their own words."""

import re
from enum import StrEnum

OTHER_FILES = (
    (b"PK\x03\x04", "an Excel workbook or a ZIP file"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook"),
    (b"%PDF", "a PDF"),
    (b"\x1f\x8b", "a compressed file"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
)
WEB_PAGE = re.compile(rb"\s*<(!doctype|html|\?xml)", re.IGNORECASE)
BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x80-\x9f]")
# What becomes of é and of a curly quotation mark when UTF-8 is taken for Windows letters and saved again.
BROKEN = re.compile(r"[ÃÂ][\u0080-\u00bf\u0152-\u017e\u2013-\u2122]|â€|\ufffd")
# No western word has these between two letters; Japanese and Chinese ones read with the wrong table do.
WITHIN_WORDS = re.compile(r"[^\W\d_][“”„‚…•€£®©™°´`¿¡«»][^\W\d_]")
WINDOWS_MARKS = frozenset("“”‘’„‚–—…·•€£®©™°ªº´`¿¡«»\u00a0")


class Why(StrEnum):
    """empty: nothing is in it. other: it is another kind of file. letters: no table of letters fits. damaged: it was
    saved with the wrong one before."""

    EMPTY = "empty"
    OTHER = "other"
    LETTERS = "letters"
    DAMAGED = "damaged"


class Undecodable(Exception):
    """`what` names the other kind of file, or shows a damaged word."""

    def __init__(self, why: Why, what: str = "") -> None:
        super().__init__(f"{why}: {what}")
        self.why, self.what = why, what


def decode(data: bytes) -> str:
    """UTF-8 and UTF-16 as programs write them; Windows letters as a spreadsheet program saves them."""
    if not data.strip(b"\x00 \t\r\n"):
        raise Undecodable(Why.EMPTY)
    _refuse_other_files(data)
    try:
        text = data.decode(_encoding(data))
    except UnicodeDecodeError:
        text = _windows(data)
    if CONTROLS.search(text):
        raise Undecodable(Why.LETTERS)
    if found := BROKEN.search(text):
        raise Undecodable(Why.DAMAGED, _word_at(text, found.start()))
    return text


def _word_at(text: str, at: int) -> str:
    before, after = text[max(at - 20, 0) : at], text[at : at + 20]
    return re.split(r"[\s,;]", before)[-1] + re.split(r"[\s,;]", after)[0]


def _refuse_other_files(data: bytes) -> None:
    what = next((name for magic, name in OTHER_FILES if data.startswith(magic)), None)
    if what is None and WEB_PAGE.match(data):
        what = "a web page"
    if what:
        raise Undecodable(Why.OTHER, what)


def _encoding(data: bytes) -> str:
    for bom, name in BOMS:
        if data.startswith(bom):
            return name
    # Without a mark at the beginning: every second byte of English UTF-16 is a zero.
    start = data[:2000]
    if start[1::2].count(0) > len(start) // 3:
        return "utf-16-le"
    if start[0::2].count(0) > len(start) // 3:
        return "utf-16-be"
    return "utf-8"


def _windows(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or 0 in data:
        raise Undecodable(Why.LETTERS)
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError as error:
        raise Undecodable(Why.LETTERS) from error
    if any(ord(sign) > 127 and not sign.isalpha() and sign not in WINDOWS_MARKS for sign in set(text)):
        raise Undecodable(Why.LETTERS)
    if WITHIN_WORDS.search(text):
        raise Undecodable(Why.LETTERS)
    return text
