"""Everything that writes about one's own data, split by what is asked for."""

from catalog.privacy.services.exporting import JOB as EXPORT_JOB
from catalog.privacy.services.exporting import ask_for_export, make_export
from catalog.privacy.services.leaving import (
    GRACE,
    ask_to_leave,
    call_off,
    give_back,
    leave,
    leave_by_link,
    mail_leave_link,
)
from catalog.privacy.services.leaving import JOB as LEAVE_JOB

__all__ = [
    "EXPORT_JOB",
    "GRACE",
    "LEAVE_JOB",
    "ask_for_export",
    "ask_to_leave",
    "call_off",
    "give_back",
    "leave",
    "leave_by_link",
    "mail_leave_link",
    "make_export",
]
