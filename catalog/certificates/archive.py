"""The certificates of a session as one ZIP, made while it is sent: no more than one page is in memory."""

import io
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator, Sequence

from catalog.certificates.models import Certificate
from catalog.certificates.queries import progress

LONG_AGO = (1980, 1, 1, 0, 0, 0)


class _Outlet(io.RawIOBase):
    """What is written waits here to be sent on; nothing can be read or sought."""

    def __init__(self) -> None:
        self.waiting = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        piece = bytes(data)  # type: ignore[call-overload]
        self.waiting += piece
        return len(piece)

    def taken(self) -> bytes:
        piece = bytes(self.waiting)
        self.waiting.clear()
        return piece


def stream(certificates: Sequence[Certificate]) -> Iterator[bytes]:
    """Pieces of the archive. The pages must have been made."""
    return packed((file_name(one), progress.page_of(one) or b"") for one in certificates)


def packed(files: Iterable[tuple[str, bytes]]) -> Iterator[bytes]:
    """Pieces of an archive of files by their names. PDFs and workbooks are packed already, so all is only stored."""
    outlet = _Outlet()
    with zipfile.ZipFile(outlet, "w", zipfile.ZIP_STORED) as archive:
        for name, content in files:
            archive.writestr(zipfile.ZipInfo(name, LONG_AGO), content)
            yield outlet.taken()
    yield outlet.taken()


def file_name(certificate: Certificate) -> str:
    """Plain letters only, and different for each: "Ana-Sample-7K3M-9QXD-2VAB.pdf"."""
    plain = unicodedata.normalize("NFKD", certificate.facts["person"]).encode("ascii", "ignore").decode()
    words = re.sub(r"[^A-Za-z0-9]+", "-", plain).strip("-")[:60]
    return f"{words or 'certificate'}-{certificate.number}.pdf"
