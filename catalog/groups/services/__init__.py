"""Writes: what members of a group say, its substitutes and its next term. They flush; whoever calls commits."""

from catalog.groups.services.absences import can_come, cannot_come
from catalog.groups.services.waitlists import end_waitlists

__all__ = ["can_come", "cannot_come", "end_waitlists"]
