"""Reading a PDF as others do: its structure, its text, its picture and the QR code in it."""

import io
import re
from collections import Counter
from typing import Any

import pikepdf
import pypdfium2
import zxingcpp
from PIL import Image


def tags(content: bytes) -> Counter[str]:
    """How many of each structure element there are, "/H1" and so on."""
    found: Counter[str] = Counter()

    def walk(node: Any) -> None:
        if isinstance(node, pikepdf.Array):
            for child in node:
                walk(child)
        elif isinstance(node, pikepdf.Dictionary):
            if "/S" in node:
                found[str(node["/S"])] += 1
            if "/K" in node:
                walk(node["/K"])

    with pikepdf.open(io.BytesIO(content)) as pdf:
        walk(pdf.Root["/StructTreeRoot"])
    return found


def texts(content: bytes) -> list[str]:
    """The text of each page, with its line breaks as spaces."""
    document = pypdfium2.PdfDocument(content)
    return [plain(page.get_textpage().get_text_range()) for page in document]


def plain(text: str) -> str:
    """Without the places where lines end, as they are different on paper; a hyphen at a line's end goes too."""
    return re.sub(r"\s+", " ", text.replace("\ufffe", "").replace("\u00ad", ""))


def picture(content: bytes, page: int = 0, scale: float = 2) -> Image.Image:
    drawn: Image.Image = pypdfium2.PdfDocument(content)[page].render(scale=scale).to_pil()
    return drawn


def qr(content: bytes, page: int = 0) -> list[str]:
    """What a reader sees in the page when it is drawn."""
    return [found.text for found in zxingcpp.read_barcodes(picture(content, page))]
