"""The coordinator's desk: what needs somebody today, people and their doubles, tables that are brought in."""

from catalog.coordinating import models as _models  # noqa: F401 - the tables are known once the pages are
from catalog.coordinating.views import imports  # noqa: F401 - they hang their pages on the blueprint
from catalog.coordinating.views.blueprint import pages

__all__ = ["pages"]
