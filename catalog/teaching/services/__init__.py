"""Writes of the trainer's desk, split by what is done."""

from catalog.teaching.services.deciding import tell_of_decisions
from catalog.teaching.services.giving import give, put_back, take_back
from catalog.teaching.services.series import Scope, Wanted, edit_series
from catalog.teaching.services.writing import preview, stand, write

__all__ = [
    "Scope",
    "Wanted",
    "edit_series",
    "give",
    "preview",
    "put_back",
    "stand",
    "take_back",
    "tell_of_decisions",
    "write",
]
