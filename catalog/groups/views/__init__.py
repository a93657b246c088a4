"""Reflective practice groups: terms, substitutes, absences, and the log of individual RSC."""

from catalog.groups import models as _models  # noqa: F401 - the tables are known once the pages are
from catalog.groups.views import group, log, renewing  # noqa: F401
from catalog.groups.views.blueprint import pages

__all__ = ["pages"]
