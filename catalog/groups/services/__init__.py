"""Writes: what members of a group say, its substitutes and its next term. They flush; whoever calls commits."""

from catalog.groups.services.absences import can_come, cannot_come
from catalog.groups.services.log import confirm, decline, withdraw, write_down
from catalog.groups.services.renewing import CARRIED, plan_next
from catalog.groups.services.waitlists import end_waitlists

__all__ = [
    "CARRIED",
    "can_come",
    "cannot_come",
    "confirm",
    "decline",
    "end_waitlists",
    "plan_next",
    "withdraw",
    "write_down",
]
