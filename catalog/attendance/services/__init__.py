"""Writes: marks, and closing and reopening the roster. They flush; whoever calls commits."""

from catalog.attendance.services.closing import close, correct, refuse_to_close, reopen
from catalog.attendance.services.marking import mark
from catalog.attendance.services.own_pace import finished, give_hours, refuse_to_give
from catalog.attendance.services.paper import Guest, GuestRefused, type_in
from catalog.attendance.services.walk_ins import make_room, new_person, take_in, walk_in

__all__ = [
    "Guest",
    "GuestRefused",
    "close",
    "correct",
    "finished",
    "give_hours",
    "make_room",
    "mark",
    "new_person",
    "refuse_to_close",
    "refuse_to_give",
    "reopen",
    "take_in",
    "type_in",
    "walk_in",
]
