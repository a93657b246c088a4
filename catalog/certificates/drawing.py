"""What the page of a certificate is drawn from: its lines, the strip and the QR code, as data for typst."""

from collections.abc import Sequence
from typing import Any

from catalog import paper
from catalog.certificates.lines import groups, link
from catalog.certificates.models import Certificate, CertificateKind
from catalog.config import Settings


def data(certificates: Sequence[Certificate], settings: Settings) -> dict[str, Any]:
    """For one certificate, or for many in one file."""
    first = certificates[0].facts
    about = first["person"] if len(certificates) == 1 else f"{len(certificates)} people"
    return {
        "title": f"Certificate: {about}, {first['course']}",
        "certificates": [_sheet(certificate, settings.site_url) for certificate in certificates],
    }


def _sheet(certificate: Certificate, site_url: str) -> dict[str, Any]:
    facts, url = certificate.facts, link(certificate, site_url)
    covered = {area["code"] for area in facts["areas"]}
    return {
        "heading": heading(certificate),
        "site": facts["site"],
        "person": facts["person"],
        "course": facts["course"],
        "number": certificate.number,
        "groups": [
            {"title": title, "lines": [list(line) for line in said]}
            for title, said in groups(certificate, site_url)
        ],
        "strip": [{**area, "has": area["code"] in covered} for area in facts["strip"]],
        "link": url,
        "qr": paper.qr_svg(url),
    }


def heading(certificate: Certificate) -> str:
    return (
        "Certificate of attendance"
        if certificate.kind == CertificateKind.OFFERING
        else "Certificate of a finished course"
    )
