"""The attendance sheet, one tap or all at once; closing the roster and opening it again."""

from catalog.attendance.views import closing, sheet, walk_ins  # noqa: F401 - they hang their pages on the blueprint
from catalog.attendance.views.blueprint import pages

__all__ = ["pages"]
