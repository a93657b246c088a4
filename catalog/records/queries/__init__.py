"""Reads: one person's hours, their way through the sessions, and what they hold and bring along."""

from catalog.records.queries.education import (
    education,
    education_of,
    education_to_look_at,
    evidence_with_content,
    programmes,
)
from catalog.records.queries.hours import AreaTotal, Hours, LedgerTotal, hours
from catalog.records.queries.people import qualifications
from catalog.records.queries.way import Step, Way, way

__all__ = [
    "AreaTotal",
    "Hours",
    "LedgerTotal",
    "Step",
    "Way",
    "education",
    "education_of",
    "education_to_look_at",
    "evidence_with_content",
    "hours",
    "programmes",
    "qualifications",
    "way",
]
