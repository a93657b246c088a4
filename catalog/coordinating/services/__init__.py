"""Writes of the coordinator's desk, called by their verb: services.merge, services.undo."""

from catalog.coordinating.services.doubles import not_the_same
from catalog.coordinating.services.merging import merge
from catalog.coordinating.services.undoing import undo

__all__ = ["merge", "not_the_same", "undo"]
