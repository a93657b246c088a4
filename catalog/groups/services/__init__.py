"""Writes: what members of a group say, its substitutes and its next term. They flush; whoever calls commits."""

from catalog.groups.services.absences import can_come, cannot_come

__all__ = ["can_come", "cannot_come"]
