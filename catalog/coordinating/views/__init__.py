"""The coordinator's desk: what needs somebody today, people and their doubles, tables that are brought in."""

import catalog.coordinating.lead
import catalog.coordinating.models  # noqa: F401 - the tables are known once the pages are
from catalog.coordinating.views import desk, granting, imports, merging, standing  # noqa: F401 - their pages are hung on it
from catalog.coordinating.views.blueprint import pages

__all__ = ["pages"]
