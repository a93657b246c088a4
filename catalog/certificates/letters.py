"""What people are told about their certificates."""

from collections.abc import Mapping

from flask import current_app

from catalog.certificates.lines import link
from catalog.certificates.models import Certificate
from catalog.notices.letters import About, Letter, letter
from catalog.notices.services import send


def about_certificate(word: str, label: str, sentence: str, **sample: str) -> Letter:
    subject = "is ready" if word == "ready" else f"was {word}"
    return letter(
        f"certificate.{word}",
        label,
        About.BOOKING,
        subject=f"Your certificate {subject}: {{course}}",
        body=f"{{course}}\n\n{sentence}\n{{link}}",
        sample={
            "course": "Reading the cues of babies",
            "link": "https://learning.example.org/c/7F3K-2M9Q",
            **sample,
        },
    )


READY = about_certificate(
    "ready",
    "A certificate is ready",
    "Your certificate is ready. It stands at this address, from where you can also print it:",
)
CORRECTED = about_certificate(
    "corrected",
    "A certificate was corrected",
    "{reason} There is a new certificate, and the old one says so. The new one is here:",
    reason="Your hours changed.",
)
REVOKED = about_certificate(
    "revoked",
    "A certificate was revoked",
    "Your certificate is no longer valid. The reason: {reason} Its page says so too:",
    reason="It was issued for another session.",
)


def ready(certificate: Certificate) -> None:
    _send(certificate, READY, {})


def corrected(certificate: Certificate, reason: str) -> None:
    _send(certificate, CORRECTED, {"reason": reason})


def revoked(certificate: Certificate) -> None:
    _send(certificate, REVOKED, {"reason": certificate.reason})


def _send(certificate: Certificate, what: Letter, values: Mapping[str, str]) -> None:
    url = link(certificate, current_app.config["CATALOG"].site_url)
    said = {"course": certificate.facts["course"], "link": url}
    key = f"{what.kind.partition('.')[2]} certificate {certificate.id}"
    send(certificate.person, what, {**said, **values}, dedupe_key=key)
