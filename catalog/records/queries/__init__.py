"""Reads: one person's hours, their way through the sessions, and what they hold and bring along."""

from catalog.records.queries.education import (
    education,
    education_of,
    education_to_look_at,
    evidence_with_content,
    programmes,
)
from catalog.records.queries.hours import AreaTotal, Hours, LedgerTotal, hours
from catalog.records.queries.ledger import ledger, ledgers
from catalog.records.queries.links import Links, links_of, own_links
from catalog.records.queries.people import qualifications
from catalog.records.queries.progress import Part, Progress, begun, certificate_course, progress
from catalog.records.queries.transcript import transcript
from catalog.records.queries.way import Step, Way, way

__all__ = [
    "AreaTotal",
    "Hours",
    "LedgerTotal",
    "Links",
    "Part",
    "Progress",
    "Step",
    "Way",
    "begun",
    "certificate_course",
    "education",
    "education_of",
    "education_to_look_at",
    "evidence_with_content",
    "hours",
    "ledger",
    "ledgers",
    "links_of",
    "own_links",
    "programmes",
    "progress",
    "qualifications",
    "transcript",
    "way",
]
