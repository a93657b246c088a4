"""Writes of the framework: loading a file of it, and a coordinator's edits."""

from catalog.competencies.services.editing import (
    add_tag,
    edit_area,
    edit_category,
    edit_tag,
    edit_topic,
    find_by_new_names,
    stand,
)
from catalog.competencies.services.exporting import exported
from catalog.competencies.services.loading import load_framework
from catalog.competencies.services.report import LoadReport
from catalog.competencies.services.ruling import (
    add_policy,
    add_rule,
    begin,
    edit_policy,
    edit_rule,
    first_day_changed,
)

__all__ = [
    "LoadReport",
    "add_policy",
    "add_rule",
    "add_tag",
    "begin",
    "edit_area",
    "edit_category",
    "edit_policy",
    "edit_rule",
    "edit_tag",
    "edit_topic",
    "exported",
    "find_by_new_names",
    "first_day_changed",
    "load_framework",
    "stand",
]
