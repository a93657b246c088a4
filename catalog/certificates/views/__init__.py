"""The public page of a certificate, its paper, and the certificates of a session."""

from catalog.certificates.views import batch, paper, public
from catalog.certificates.views.blueprint import pages

__all__ = ["batch", "pages", "paper", "public"]
