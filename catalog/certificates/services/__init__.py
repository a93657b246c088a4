"""Writes: issuing, superseding and revoking; and the pages, which the worker makes. They flush; whoever calls
commits."""

from catalog.certificates.services.courses import issue_for_course
from catalog.certificates.services.issuing import issue_for_offering
from catalog.certificates.services.naming import reissue_for_person
from catalog.certificates.services.pages import ask_for_batch, ask_for_pages, render, render_batch
from catalog.certificates.services.standing import revoke

__all__ = [
    "ask_for_batch",
    "ask_for_pages",
    "issue_for_course",
    "issue_for_offering",
    "reissue_for_person",
    "render",
    "render_batch",
    "revoke",
]
