"""Reads: goals, what is missing for them, and the seats that fill it."""

from catalog.endorsement.queries.goals import Standing, endorsed, endorsed_of, goal, goals_of, standing

__all__ = ["Standing", "endorsed", "endorsed_of", "goal", "goals_of", "standing"]
