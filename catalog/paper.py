"""Pages for paper: tagged PDF files (PDF/UA-1), made by typst from a template and data, and QR codes.

Everything a template shows comes in as data, so nothing that people typed is ever read as markup. The fonts are
those inside the typst package, which draw Latin, Greek, Cyrillic, Hebrew, Arabic and Devanagari letters. Where a
name needs others, the fonts of this machine help out; what even those lack is drawn as an empty box, and
`data["has_gaps"]` lets the template say so. The same template and data give the same bytes."""

import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import segno
import typst

TEMPLATES = Path(__file__).parent.parent / "templates"
BOX = "□"
LACKING = re.compile(r'the text `"(.+?)"` could not be displayed', re.DOTALL)
PROBE = TEMPLATES / "letters.typ"


def pdf(template: str, data: dict[str, Any]) -> bytes:
    """The PDF of `templates/<template>`, which reads its data by `json(bytes(sys.inputs.data))`.

    Raises typst.TypstError where the template cannot be set with this data."""
    source = TEMPLATES / template
    try:
        return _compiled(source, {**data, "has_gaps": False})
    except typst.TypstError as error:
        if not LACKING.search(str(error)):
            raise
    letters = {letter for text in _texts(data) for letter in text if not letter.isascii()}
    gaps = str.maketrans(dict.fromkeys(_lacking(letters), BOX))
    return _compiled(source, {**_replaced(data, gaps), "has_gaps": bool(gaps)}, with_system_fonts=True)


def _compiled(source: Path, data: Any, *, with_system_fonts: bool = False) -> bytes:
    made = typst.compile(
        str(source),
        root=str(TEMPLATES),
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        pdf_standards="ua-1",
        ignore_system_fonts=not with_system_fonts,
    )
    if not isinstance(made, bytes):
        raise TypeError(f"{source.name} gave {type(made).__name__} instead of one file")
    return made


def _lacking(letters: set[str]) -> set[str]:
    """Those of these letters that no font here can draw. Typst names one of them at a time."""
    lacking: set[str] = set()
    while rest := letters - lacking:
        try:
            _compiled(PROBE, "".join(sorted(rest)), with_system_fonts=True)
        except typst.TypstError as error:
            found = LACKING.search(str(error))
            named = set(_plain(found[1])) & rest if found else set()
            if not named:
                raise
            lacking |= named
        else:
            break
    return lacking


def _plain(quoted: str) -> str:
    """What typst names, without the way it writes letters that cannot be printed: "\\u{f0000}"."""
    return re.sub(r"\\u\{([0-9a-f]+)\}", lambda escape: chr(int(escape[1], 16)), quoted)


def _texts(data: Any) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        for value in data.values():
            yield from _texts(value)
    elif isinstance(data, list):
        for value in data:
            yield from _texts(value)


def _replaced(data: Any, table: dict[int, str]) -> Any:
    if isinstance(data, str):
        return data.translate(table)
    if isinstance(data, dict):
        return {key: _replaced(value, table) for key, value in data.items()}
    return [_replaced(value, table) for value in data] if isinstance(data, list) else data


def qr_svg(text: str) -> str:
    """A QR code as an SVG image, black on white with the quiet zone around it; it stays readable in the dark.

    Error correction M: a seventh of it may be dirty or torn."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        out,
        kind="svg",
        scale=4,
        border=4,
        # With its unit the image says its proportions too, and can be drawn at any size.
        unit="px",
        dark="#000",
        light="#fff",
        xmldecl=False,
        svgclass=None,
        lineclass=None,
    )
    return out.getvalue().decode()
