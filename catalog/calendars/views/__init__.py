"""Invitations that update themselves, feeds that calendar programs read, and a month on one page."""

from catalog.calendars import models as _models  # noqa: F401 - the tables are known once the pages are
from catalog.calendars.views.blueprint import pages

__all__ = ["pages"]
