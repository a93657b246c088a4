"""The attendance sheet, one tap or all at once; closing the roster and opening it again."""

from catalog.attendance.views import (  # noqa: F401 - they hang their pages on the blueprint
    closing,
    overdue,
    paper,
    sheet,
    walk_ins,
)
from catalog.attendance.views.blueprint import pages

__all__ = ["pages"]
