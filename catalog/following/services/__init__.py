"""Writes: searches that are saved, what they find, what is told of it; and who waits for a date."""

from catalog.following.services.interest import end_interest, show_interest, tell_interested
from catalog.following.services.matching import look_through
from catalog.following.services.searches import MOST_SEARCHES, change, delete, put_back, save
from catalog.following.services.telling import ask_who_is_due, tell

__all__ = [
    "MOST_SEARCHES",
    "ask_who_is_due",
    "change",
    "delete",
    "end_interest",
    "look_through",
    "put_back",
    "save",
    "show_interest",
    "tell",
    "tell_interested",
]
