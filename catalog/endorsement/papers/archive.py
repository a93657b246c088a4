"""Everything as one ZIP, made while it is sent: the tables, the workbook, the PDF, and the certificates' PDFs.

Of the certificates no more than a few are in memory. Those whose PDF the worker has not made yet are drawn on the
way, as many as take about a second; a note names the rest. Nothing is written."""

import re
import unicodedata
from collections.abc import Iterator, Sequence

import typst

from catalog import paper
from catalog.accounts.models import Person
from catalog.certificates import archive as zips
from catalog.certificates import drawing as certificates
from catalog.certificates.models import Certificate
from catalog.certificates.services.pages import TEMPLATE
from catalog.config import Settings
from catalog.endorsement import queries
from catalog.endorsement.application import Application, Line
from catalog.endorsement.papers import drawing, tables

AT_ONCE = 20
"""So many certificates are read together."""
MOST_DRAWN = 20
"""So many whose PDF is not made yet are drawn, at about forty milliseconds each."""
NOTE = "certificates/not-made-yet.txt"


def stream(of: Application, person: Person, settings: Settings) -> Iterator[bytes]:
    """Pieces of the archive."""
    return zips.packed(_files(of, person, settings))


def _files(of: Application, person: Person, settings: Settings) -> Iterator[tuple[str, bytes]]:
    yield "application.xlsx", tables.xlsx(of)
    yield "application.pdf", drawing.pdf(of, settings)
    yield "trainings.csv", tables.trainings_csv(of)
    yield "rsc.csv", tables.rsc_csv(of)
    if of.left_out:
        yield "not-counted.csv", tables.left_out_csv(of)
    yield from _certificates(of.certificates, person, settings)


def _certificates(lines: Sequence[Line], person: Person, settings: Settings) -> Iterator[tuple[str, bytes]]:
    names = {line.certificate: file_name(line) for line in lines}
    numbers, missing = list(names), []
    for start in range(0, len(numbers), AT_ONCE):
        for number, content in queries.papers_of(person, numbers[start : start + AT_ONCE]):
            if content is None:
                missing.append(number)
            else:
                yield names[number], content
    rest = missing[MOST_DRAWN:]
    for certificate in queries.certificates_of(person, missing[:MOST_DRAWN]):
        content = _drawn(certificate, settings)
        if content is None:
            rest.append(certificate.number)
        else:
            yield names[certificate.number], content
    if rest:
        yield NOTE, _note(rest, settings.site_url).encode()


def _drawn(certificate: Certificate, settings: Settings) -> bytes | None:
    """None where it cannot be drawn: one certificate must not spoil the archive that is on its way."""
    try:
        return paper.pdf(TEMPLATE, certificates.data([certificate], settings))
    except typst.TypstError:
        return None


def _note(numbers: Sequence[str], site_url: str) -> str:
    links = "\n".join(f"{site_url}/c/{number}" for number in numbers)
    return f"The PDFs of these certificates are not made yet. Open them one by one:\n\n{links}\n"


def file_name(line: Line) -> str:
    """In the order of the days, in plain letters: "certificates/2026-03-01-A-course-7K3M-9QXD-2VAB.pdf"."""
    plain = unicodedata.normalize("NFKD", line.entry.title).encode("ascii", "ignore").decode()
    words = re.sub(r"[^A-Za-z0-9]+", "-", plain)[:60].strip("-")
    parts = (line.entry.on.isoformat(), words, line.certificate)
    return f"certificates/{'-'.join(part for part in parts if part)}.pdf"
