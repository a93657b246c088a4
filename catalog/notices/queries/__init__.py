"""Reads: the trail, addresses that take no mail, what was mailed, and what people want to be told."""

from catalog.notices.queries.addresses import Address, Alike, address_of, addresses, alike, owners
from catalog.notices.queries.outgoing import (
    MOST_COUNTED,
    DeadMail,
    Mails,
    Outgoing,
    asked_before,
    dead,
    held_up,
    mail_of,
    outgoing,
)
from catalog.notices.queries.told import Told, told
from catalog.notices.queries.trail import (
    MOST_EXPORTED,
    PER_PAGE,
    Filters,
    Line,
    Naming,
    Trail,
    is_called,
    person_named,
    thing_named,
    trail,
    whole,
)
from catalog.notices.queries.wishes import chosen_words, muted_by, words_chosen

__all__ = [
    "MOST_COUNTED",
    "MOST_EXPORTED",
    "PER_PAGE",
    "Address",
    "Alike",
    "DeadMail",
    "Filters",
    "Line",
    "Mails",
    "Naming",
    "Outgoing",
    "Told",
    "Trail",
    "address_of",
    "addresses",
    "alike",
    "asked_before",
    "chosen_words",
    "dead",
    "held_up",
    "is_called",
    "mail_of",
    "muted_by",
    "outgoing",
    "owners",
    "person_named",
    "thing_named",
    "told",
    "trail",
    "whole",
    "words_chosen",
]
