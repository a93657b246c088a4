"""The trainer's desk: what needs them, whole terms, materials, letters to a roster."""

from catalog.teaching import models as _models  # noqa: F401 - the tables are known once the pages are
from catalog.teaching.views import copying, desk, materials, messages, series  # noqa: F401
from catalog.teaching.views.blueprint import pages

__all__ = ["pages"]
