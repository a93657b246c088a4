"""Reads: one person's hours, their way through the sessions, and what they hold."""

from catalog.records.queries.hours import AreaTotal, Hours, LedgerTotal, hours
from catalog.records.queries.people import qualifications
from catalog.records.queries.way import Step, Way, way

__all__ = ["AreaTotal", "Hours", "LedgerTotal", "Step", "Way", "hours", "qualifications", "way"]
