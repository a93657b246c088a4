"""Writes of the trainer's desk, split by what is done."""

from catalog.teaching.services.deciding import tell_of_decisions
from catalog.teaching.services.writing import preview, stand, write

__all__ = ["preview", "stand", "tell_of_decisions", "write"]
