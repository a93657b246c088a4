"""Writes of the framework: loading a file of it, and a coordinator's edits."""

from catalog.competencies.services.editing import edit_area, edit_rule, edit_topic, stand
from catalog.competencies.services.loading import load_framework
from catalog.competencies.services.report import LoadReport

__all__ = ["LoadReport", "edit_area", "edit_rule", "edit_topic", "load_framework", "stand"]
