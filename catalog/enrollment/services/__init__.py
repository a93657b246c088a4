"""Everything that changes who is on an offering, split by who does it."""

from catalog.enrollment.services.joining import accept, decline, enroll, refuse_if_closed, withdraw
from catalog.enrollment.services.queue import (
    hold_longer,
    lapse,
    lapse_offers,
    move_queue,
    settle_queue,
    wait_for_joiners,
)
from catalog.enrollment.services.reminding import remind, remind_of_offer
from catalog.enrollment.services.staffing import (
    add,
    approve,
    cancel,
    change_capacity,
    move,
    put_first,
    refuse,
    remove,
    seat_now,
)
from catalog.enrollment.services.switching import refuse_to_switch, switch

__all__ = [
    "accept",
    "add",
    "approve",
    "cancel",
    "change_capacity",
    "decline",
    "enroll",
    "hold_longer",
    "lapse",
    "lapse_offers",
    "move",
    "move_queue",
    "put_first",
    "refuse",
    "refuse_if_closed",
    "refuse_to_switch",
    "remind",
    "remind_of_offer",
    "remove",
    "seat_now",
    "settle_queue",
    "switch",
    "wait_for_joiners",
    "withdraw",
]
