"""Writes: marks, and closing and reopening the roster. They flush; whoever calls commits."""

from catalog.attendance.services.closing import close, correct, refuse_to_close, reopen
from catalog.attendance.services.marking import mark
from catalog.attendance.services.walk_ins import make_room, new_person, take_in, walk_in

__all__ = [
    "close",
    "correct",
    "make_room",
    "mark",
    "new_person",
    "refuse_to_close",
    "reopen",
    "take_in",
    "walk_in",
]
