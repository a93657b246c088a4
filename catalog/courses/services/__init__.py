"""Everything that changes courses and their offerings, split by what it is about."""

from catalog.courses.services.mapping import Covered, save_mapping
from catalog.courses.services.meetings import sum_up
from catalog.courses.services.posting import edit_offering, post, refuse_group_of, refuse_posting, tell_staff
from catalog.courses.services.reviewing import (
    ask_changes,
    can_publish,
    missing,
    publish,
    review_mapping,
    submit,
)
from catalog.courses.services.substituting import name_substitute
from catalog.courses.services.timing import Row
from catalog.courses.services.writing import archive, create, edit, unarchive

__all__ = [
    "Covered",
    "Row",
    "archive",
    "ask_changes",
    "can_publish",
    "create",
    "edit",
    "edit_offering",
    "missing",
    "name_substitute",
    "post",
    "publish",
    "refuse_group_of",
    "refuse_posting",
    "review_mapping",
    "save_mapping",
    "submit",
    "sum_up",
    "tell_staff",
    "unarchive",
]
