"""Writes of the trainer's desk, split by what is done."""

from catalog.teaching.services.deciding import tell_of_decisions

__all__ = ["tell_of_decisions"]
