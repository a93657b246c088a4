"""Pages for paper: tagged PDF files (PDF/UA-1), made by typst from a template and data, and QR codes.

Everything a template shows comes in as data, so nothing that people typed is ever read as markup. The fonts are
those inside the typst package. The same template and data give the same bytes."""

import io
import json
from pathlib import Path
from typing import Any

import segno
import typst

TEMPLATES = Path(__file__).parent.parent / "templates"


def pdf(template: str, data: dict[str, Any]) -> bytes:
    """The PDF of `templates/<template>`, which reads its data by `json(bytes(sys.inputs.data))`.

    Raises typst.TypstError where the template cannot be set with this data."""
    made = typst.compile(
        str(TEMPLATES / template),
        root=str(TEMPLATES),
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        pdf_standards="ua-1",
        ignore_system_fonts=True,
    )
    if not isinstance(made, bytes):
        raise TypeError(f"{template} gave {type(made).__name__} instead of one file")
    return made


def qr_svg(text: str) -> str:
    """A QR code as an SVG image, black on white with the quiet zone around it; it stays readable in the dark.

    Error correction M: a seventh of it may be dirty or torn."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        out,
        kind="svg",
        scale=4,
        border=4,
        dark="#000",
        light="#fff",
        xmldecl=False,
        svgclass=None,
        lineclass=None,
    )
    return out.getvalue().decode()
