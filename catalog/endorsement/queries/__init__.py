"""Reads: goals, what is missing for them, and the seats that fill it."""

from catalog.endorsement.queries.application import application, certificates_of, papers_of, without_pdf
from catalog.endorsement.queries.goals import Standing, endorsed, endorsed_of, goal, goals_of, standing
from catalog.endorsement.queries.shares import open_link, share_of, shares_of

__all__ = [
    "Standing",
    "application",
    "certificates_of",
    "endorsed",
    "endorsed_of",
    "goal",
    "goals_of",
    "open_link",
    "papers_of",
    "share_of",
    "shares_of",
    "standing",
    "without_pdf",
]
