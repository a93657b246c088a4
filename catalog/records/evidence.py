"""Files that people hand in as evidence, made safe before they are kept.

What a file is, its content says; its name is not believed. A picture is drawn anew, so that where and with what it
was taken stays with the person; it comes out upright, and no larger than one can read. A PDF is kept as it is.
Nothing here looks at the database: it takes a second at worst, and no lock is held meanwhile."""

import io
import re
from typing import NamedTuple

from PIL import Image, ImageOps
from pillow_heif import register_heif_opener

from catalog.courses.forms.fields import on_one_line
from catalog.records.refusals import FileRefused

MOST_BYTES = 10 * 1024 * 1024
MOST_PIXELS = 40_000_000
"""More than telephones take. A small file can claim many times more, to fill the memory of whoever opens it."""
LONGEST_SIDE = 2600
"""A letter page at 240 dots an inch."""
PDF, JPEG = "application/pdf", "image/jpeg"
ENDINGS = {PDF: ".pdf", JPEG: ".jpg"}

HEIC = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevm", b"mif1", b"msf1")
"""Brands by which telephones mark their pictures, behind the size of the first box."""

# One picture is read, and nothing of what may come with it in the same file.
register_heif_opener(thumbnails=False, depth_images=False, aux_images=False)

# Pillow raises these for pictures that are cut off, broken, or made to be dangerous; the last two are from the reader
# of HEIC.
BROKEN = (
    *(OSError, SyntaxError, ValueError, Image.DecompressionBombError, Image.DecompressionBombWarning),
    *(EOFError, RuntimeError),
)


class Clean(NamedTuple):
    """A file that may be kept."""

    file_name: str
    media_type: str
    content: bytes


def cleaned(file_name: str, content: bytes) -> Clean:
    """The file as it is kept. Raises FileRefused."""
    if not content:
        raise FileRefused("This file is empty. Choose another one.")
    if len(content) > MOST_BYTES:
        raise FileRefused("This file is larger than 10 MB. Choose a smaller one, or a picture of it.")
    if content.startswith(b"%PDF-"):
        return Clean(named(file_name, PDF), PDF, content)
    if content.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")):
        return Clean(named(file_name, JPEG), JPEG, drawn_anew(content))
    if content[4:8] == b"ftyp" and content[8:12] in HEIC:
        return Clean(named(file_name, JPEG), JPEG, drawn_anew(content))
    raise FileRefused("This is no PDF, JPEG, PNG or HEIC. Save it as one of these and choose it again.")


def drawn_anew(content: bytes) -> bytes:
    """The picture as a JPEG that holds what one sees and nothing else."""
    try:
        with Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "HEIF")) as sent:
            if sent.width * sent.height > MOST_PIXELS:
                raise FileRefused("This picture has too many pixels. Choose a smaller one.")
            # JPEG can be read at a half or a quarter at once, which saves most of the work and the memory.
            sent.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            upright = ImageOps.exif_transpose(sent)
            upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            seen = upright.convert("RGBA")
    except BROKEN:
        raise FileRefused("This picture cannot be read. Open it, save it again, and choose that.") from None
    # On a sheet of its own: what a file says beside its pixels comes along in an image that was opened.
    sheet = Image.new("RGB", seen.size, "white")
    sheet.paste(seen, mask=seen)
    out = io.BytesIO()
    sheet.save(out, "JPEG", quality=88, optimize=True)
    return out.getvalue()


def named(file_name: str, media_type: str) -> str:
    """The name without folders, without anything that means something to a system, and with its true ending."""
    last = re.split(r"[/\\]", on_one_line(file_name))[-1]
    stem = re.sub(r"[^\w .()-]+", "_", last.rsplit(".", 1)[0]).strip(" ._")[:80]
    return (stem or "evidence") + ENDINGS[media_type]
