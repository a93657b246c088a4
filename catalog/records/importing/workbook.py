"""An Excel workbook as rows of plain cells. It is opened only after it was looked through: a small file can claim to
unfold into gigabytes, or one cell far out make a table of billions."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from xml.parsers import expat

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from catalog.records.refusals import SheetRefused

MOST_UNPACKED = 40 * 1024 * 1024
MOST_PARTS = 400
MOST_TEXT = 100_000_000
"""Of the longest text times the cells: far more than any list of trainings, and far less than the memory."""
LAST_ROW = 20_000
LAST_COLUMN = 200
MOST_SHEETS = 5
"""How many sheets are looked at for one with a table of trainings."""
CANNOT = "This workbook cannot be read. Open it, save it again as an Excel workbook (.xlsx), and choose that."
TOO_LARGE = "This workbook is far too large. Copy the table into a new one."
Cell = Any
Grid = list[list[Cell]]


def is_workbook(data: bytes) -> bool:
    return data.startswith(b"PK\x03\x04")


def sheets(data: bytes) -> Iterator[Grid]:
    """The cells of the first few sheets that can be seen. Raises SheetRefused."""
    safe = _packed_anew(data)
    with _refusing():
        book = CalamineWorkbook.from_filelike(io.BytesIO(safe))
        seen = [
            one.name
            for one in book.sheets_metadata
            if one.typ == SheetTypeEnum.WorkSheet and one.visible == SheetVisibleEnum.Visible
        ]
    for name in seen[:MOST_SHEETS]:
        with _refusing():
            grid = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        yield grid


@contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except (CalamineError, OSError, ValueError, OverflowError) as error:
        raise SheetRefused(CANNOT) from error
    except BaseException as error:
        # What the reader gives up on is no Exception, and has a name that nobody can import.
        if type(error).__name__ != "PanicException":
            raise
        raise SheetRefused(CANNOT) from error


def _packed_anew(data: bytes) -> bytes:
    """The parts that hold cells, unpacked within bounds and packed without compression: what is read next is no
    larger than it looks."""
    out, unpacked, look = io.BytesIO(), 0, _Look()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as sent, zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as kept:
            parts = [one for one in sent.infolist() if one.filename.endswith((".xml", ".rels"))]
            if len(parts) > MOST_PARTS:
                raise SheetRefused(CANNOT)
            for part in parts:
                with sent.open(part) as packed:
                    content = packed.read(MOST_UNPACKED - unpacked + 1)
                unpacked += len(content)
                if unpacked > MOST_UNPACKED:
                    raise SheetRefused(TOO_LARGE)
                look.through(content)
                kept.writestr(zipfile.ZipInfo(part.filename), content)
            if "xl/workbook.xml" not in kept.namelist():
                raise SheetRefused(
                    "This is no Excel workbook. Save the table as .xlsx or as CSV and choose that."
                )
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, zlib.error) as error:
        raise SheetRefused(CANNOT) from error
    return out.getvalue()


class _Look:
    """Looks through the parts for cells far out, and for a text that stands once and is shown a million times:
    the reader makes a table as large as its farthest cell, and copies each text into every cell that shows it."""

    def __init__(self) -> None:
        self.row = self.column = self.cells = self.length = self.longest = 0
        self.in_shared_text = False

    def through(self, content: bytes) -> None:
        self.row = 0
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._begin
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.StartDoctypeDeclHandler = _refuse_doctype
        try:
            parser.Parse(content, True)
        except (expat.ExpatError, LookupError, ValueError) as error:  # the last two: letters nobody knows
            raise SheetRefused(CANNOT) from error

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        if not self.in_shared_text:
            self.length = 0
        match name.rpartition(":")[2]:
            case "si":
                self.in_shared_text = True
            case "row":
                self.row, self.column = _number(attributes.get("r"), self.row + 1), 0
            case "c":
                self._cell(attributes.get("r"))

    def _end(self, name: str) -> None:
        if name.rpartition(":")[2] == "si":
            self.in_shared_text = False

    def _cell(self, place: str | None) -> None:
        self.cells += 1
        self.column += 1
        if place is not None:
            self.column, self.row = _place(place)
        if self.row > LAST_ROW or self.column > LAST_COLUMN:
            raise SheetRefused(
                f"Something stands in row {self.row:,}, column {self.column:,} of this workbook, and tables end "
                "far before that. Copy it into a new workbook."
            )
        self._weigh()

    def _text(self, text: str) -> None:
        self.length += len(text)
        self.longest = max(self.longest, self.length)
        self._weigh()

    def _weigh(self) -> None:
        if self.longest * self.cells > MOST_TEXT:
            raise SheetRefused(TOO_LARGE)


def _refuse_doctype(*_: Any) -> None:
    raise SheetRefused(CANNOT)


def _number(said: str | None, otherwise: int) -> int:
    if said is None:
        return otherwise
    if not re.fullmatch(r"[0-9]{1,8}", said):
        raise SheetRefused(CANNOT)
    return int(said)


def _place(said: str) -> tuple[int, int]:
    """ "C7" is column 3 and row 7."""
    found = re.fullmatch(r"([A-Z]{1,3})([0-9]{1,8})", said)
    if found is None:
        raise SheetRefused(CANNOT)
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return column, int(found[2])
