"""Reads: one person's hours, their way through the sessions, and what they hold and bring along."""

from catalog.records.queries.education import (
    education,
    education_of,
    education_to_look_at,
    evidence_with_content,
    programmes,
)
from catalog.records.queries.entries import (
    Twin,
    already_there,
    entries_of,
    entry,
    file_of,
    hour_import,
    hours_to_look_at,
    names,
    twins,
    versions,
    withdrawn_of,
)
from catalog.records.queries.hours import AreaTotal, Hours, LedgerTotal, hours
from catalog.records.queries.ledger import from_elsewhere, ledger, ledgers
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
    "Twin",
    "Way",
    "already_there",
    "begun",
    "certificate_course",
    "education",
    "education_of",
    "education_to_look_at",
    "entries_of",
    "entry",
    "evidence_with_content",
    "file_of",
    "from_elsewhere",
    "hour_import",
    "hours",
    "hours_to_look_at",
    "ledger",
    "ledgers",
    "links_of",
    "names",
    "own_links",
    "programmes",
    "progress",
    "qualifications",
    "transcript",
    "twins",
    "versions",
    "way",
    "withdrawn_of",
]
