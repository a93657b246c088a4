"""Reads: which meetings there are, whose they are, and what calendars were told of them."""

from catalog.calendars.queries.feeds import feed_with, feeds_of, own_feed
from catalog.calendars.queries.planned import MOST, ids_of, of_offering, of_person, planned, seats_of
from catalog.calendars.queries.told import entries, staff

__all__ = [
    "MOST",
    "entries",
    "feed_with",
    "feeds_of",
    "ids_of",
    "of_offering",
    "of_person",
    "own_feed",
    "planned",
    "seats_of",
    "staff",
]
