"""Reads: who is on what, who waits, and what one person should be told about it."""

from catalog.enrollment.queries.alternatives import Alternative, alternatives
from catalog.enrollment.queries.coming import Coming, coming
from catalog.enrollment.queries.loading import (
    enrollment_with_offering,
    live_of,
    offering_to_join,
    offering_with_meetings,
)
from catalog.enrollment.queries.rosters import (
    Fill,
    RosterRow,
    ended,
    fills,
    history,
    label_of,
    other_offerings,
    people_of,
    roster,
)
from catalog.enrollment.queries.standing import (
    Standing,
    first_waiting,
    is_full_for_good,
    last_moved,
    live_enrollment,
    missing_prerequisites,
    overlapping,
    place_in_queue,
    seats_left,
    standing,
    waiting,
    why_closed,
)

__all__ = [
    "Alternative",
    "Coming",
    "Fill",
    "RosterRow",
    "Standing",
    "alternatives",
    "coming",
    "ended",
    "enrollment_with_offering",
    "fills",
    "first_waiting",
    "history",
    "is_full_for_good",
    "label_of",
    "last_moved",
    "live_enrollment",
    "live_of",
    "missing_prerequisites",
    "offering_to_join",
    "offering_with_meetings",
    "other_offerings",
    "overlapping",
    "people_of",
    "place_in_queue",
    "roster",
    "seats_left",
    "standing",
    "waiting",
    "why_closed",
]
