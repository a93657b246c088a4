"""Tables that people keep their trainings in, made on the spot: as workbooks and as text."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

HEAD = ("Title", "Date", "Hours", "Trainer", "Agency", "Topics")
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
)
RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def csv(*rows: Sequence[object], delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    return "\r\n".join(delimiter.join(_quoted(cell) for cell in row) for row in rows).encode(encoding)


def _quoted(cell: object) -> str:
    said = str(cell).replace('"', '""')
    return f'"{said}"' if any(sign in said for sign in ',;\t"\n') else said


def cell(place: str, value: object) -> str:
    """Numbers as numbers, ("date", 45671) as a day, ("formula", "1+1", 2) as a formula, the rest as text."""
    match value:
        case ("date", number):
            return f'<c r="{place}" s="1"><v>{number}</v></c>'
        case ("formula", formula, shown):
            return f'<c r="{place}" t="str"><f>{escape(str(formula))}</f><v>{escape(str(shown))}</v></c>'
        case int() | float():
            return f'<c r="{place}"><v>{value}</v></c>'
        case _:
            return f'<c r="{place}" t="inlineStr"><is><t>{escape(str(value))}</t></is></c>'


def rows_xml(*rows: Sequence[object]) -> str:
    lines = [
        f'<row r="{at}">' + "".join(cell(f"{chr(65 + n)}{at}", one) for n, one in enumerate(row)) + "</row>"
        for at, row in enumerate(rows, 1)
    ]
    return "".join(lines)


def workbook(*rows: Sequence[object], **parts: str) -> bytes:
    return packed({"xl/worksheets/sheet1.xml": sheet(rows_xml(*rows)), **parts})


def sheet(data: str) -> str:
    return f'<worksheet xmlns="{MAIN}"><sheetData>{data}</sheetData></worksheet>'


def packed(parts: Mapping[str, str]) -> bytes:
    """A workbook of one sheet, with these parts besides what every workbook has."""
    every = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": f'<Relationships xmlns="{RELS}"><Relationship Id="rId1" Type="{OFFICE}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
        '<sheet name="Trainings" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{RELS}">'
        f'<Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{OFFICE}/styles" Target="styles.xml"/>'
        f'<Relationship Id="rId3" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/>'
        "</cellXfs></styleSheet>",
        **parts,
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as kept:
        for name, content in every.items():
            kept.writestr(name, content)
    return out.getvalue()
