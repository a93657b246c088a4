"""Searches that tell of new sessions, and lists of those who wait for a first date."""

from catalog.following import aside  # noqa: F401 - it says what the page of a course says of waiting
from catalog.following import models as _models  # noqa: F401 - the tables are known once the pages are
from catalog.following.views import interest, searches  # noqa: F401 - they hang their pages on the blueprint
from catalog.following.views.blueprint import pages

__all__ = ["pages"]
