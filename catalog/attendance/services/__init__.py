"""Writes: marks, and closing and reopening the roster. They flush; whoever calls commits."""

from catalog.attendance.services.closing import close, correct, refuse_to_close, reopen
from catalog.attendance.services.marking import mark

__all__ = ["close", "correct", "mark", "refuse_to_close", "reopen"]
