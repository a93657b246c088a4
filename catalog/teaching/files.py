"""Files that trainers give to those with a seat. What a file is, its content says; its name is not believed.

PDF and pictures are taken like the evidence of hours: a picture is drawn anew, without place and camera. Beside them
slides, documents and sheets as offices write them, without programs in them. Whoever gets one saves it; nothing is
ever shown by a page of ours."""

import io
import re
import zipfile

from catalog.courses.forms.fields import on_one_line
from catalog.records import evidence
from catalog.records.evidence import MOST_BYTES, Clean
from catalog.records.refusals import FileRefused
from catalog.teaching.refusals import MaterialRefused

ZIP = b"PK\x03\x04"
OFFICE = {
    "ppt/presentation.xml": (".pptx", "presentationml.presentation"),
    "word/document.xml": (".docx", "wordprocessingml.document"),
    "xl/workbook.xml": (".xlsx", "spreadsheetml.sheet"),
}
"""The part by which each kind is known, its ending, and what it is called."""
WITH_PROGRAMS = re.compile(r"vbaProject|vbaData|\.bin$|activeX|\.exe$|\.dll$", re.IGNORECASE)
MOST_PARTS = 5000
KINDS = "PDF, JPEG, PNG, HEIC, PPTX, DOCX or XLSX"


def cleaned(file_name: str, content: bytes) -> Clean:
    """The file as it is kept. Raises MaterialRefused."""
    if len(content) > MOST_BYTES:
        raise MaterialRefused("This file is larger than 10 MB. Make it smaller, or give a link to it.")
    if content.startswith(ZIP):
        return _office(file_name, content)
    try:
        return evidence.cleaned(file_name, content)
    except FileRefused as refusal:
        sentence = str(refusal)
        if sentence.startswith("This is no "):
            sentence = f"This is no {KINDS}. Save it as one of these and choose it again."
        raise MaterialRefused(sentence) from None


def _office(file_name: str, content: bytes) -> Clean:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            names = parts.namelist()
    except (zipfile.BadZipFile, ValueError, OSError):
        raise MaterialRefused("This file cannot be read. Open it, save it again, and choose that.") from None
    known = next((OFFICE[name] for name in OFFICE if name in names), None)
    if known is None or len(names) > MOST_PARTS or "[Content_Types].xml" not in names:
        raise MaterialRefused(f"This is no {KINDS}. Save it as one of these and choose it again.")
    if any(WITH_PROGRAMS.search(name) for name in names if not name.startswith("ppt/printerSettings")):
        raise MaterialRefused("There is a program in this file. Save it without macros and choose it again.")
    ending, kind = known
    return Clean(_named(file_name, ending), f"application/vnd.openxmlformats-officedocument.{kind}", content)


def _named(file_name: str, ending: str) -> str:
    last = re.split(r"[/\\]", on_one_line(file_name))[-1]
    stem = re.sub(r"[^\w .()-]+", "_", last.rsplit(".", 1)[0]).strip(" ._")[:80]
    return (stem or "material") + ending
