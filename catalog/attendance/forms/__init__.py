"""The shapes of what trainers type: one cell, the whole sheet, a paper sheet, why a roster is opened again."""

from catalog.attendance.forms.cell import Typed, read
from catalog.attendance.forms.paper import PaperEntry, blank_paper, read_paper
from catalog.attendance.forms.reopen import ReopenForm
from catalog.attendance.forms.sheet import Entry, read_all

__all__ = [
    "Entry",
    "PaperEntry",
    "ReopenForm",
    "Typed",
    "blank_paper",
    "read",
    "read_all",
    "read_paper",
]
