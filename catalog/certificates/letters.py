"""What people are told about their certificates."""

from flask import current_app

from catalog.certificates.lines import link
from catalog.certificates.models import Certificate
from catalog.notices.services import tell


def ready(certificate: Certificate) -> None:
    sentence = "Your certificate is ready. It stands at this address, from where you can also print it:"
    _tell(certificate, "Your certificate is ready", sentence)


def corrected(certificate: Certificate, reason: str) -> None:
    sentence = f"{reason} There is a new certificate, and the old one says so. The new one is here:"
    _tell(certificate, "Your certificate was corrected", sentence)


def revoked(certificate: Certificate) -> None:
    sentence = f"Your certificate is no longer valid. The reason: {certificate.reason} Its page says so too:"
    _tell(certificate, "Your certificate was revoked", sentence)


def _tell(certificate: Certificate, subject: str, sentence: str) -> None:
    title = certificate.facts["course"]
    url = link(certificate, current_app.config["CATALOG"].site_url)
    key = f"{subject.rsplit(maxsplit=1)[-1]} certificate {certificate.id}"
    tell(certificate.person, f"{subject}: {title}", f"{title}\n\n{sentence}\n{url}", dedupe_key=key)
