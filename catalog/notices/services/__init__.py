"""Everything that writes what must be told and done, split by who does it."""

from catalog.notices.services.bouncing import mark, read, told, try_again, try_alike_again
from catalog.notices.services.leasing import (
    LEASE,
    RETRY_AFTER,
    again,
    fail,
    finish,
    is_work_due,
    lease,
    put_off,
)
from catalog.notices.services.outbox import mail, queue, row, send, send_to
from catalog.notices.services.sending import NotGivenUp, forget, send_again, send_all_again
from catalog.notices.services.wishes import SameAddress, change_second_address, choose, mute, unmute
from catalog.notices.services.wording import WordsChanged, restore, reword

__all__ = [
    "LEASE",
    "RETRY_AFTER",
    "NotGivenUp",
    "SameAddress",
    "WordsChanged",
    "again",
    "change_second_address",
    "choose",
    "fail",
    "finish",
    "forget",
    "is_work_due",
    "lease",
    "mail",
    "mark",
    "mute",
    "put_off",
    "queue",
    "read",
    "restore",
    "reword",
    "row",
    "send",
    "send_again",
    "send_all_again",
    "send_to",
    "told",
    "try_again",
    "try_alike_again",
    "unmute",
]
