"""Invitations that update themselves, feeds that calendar programs read, and a month on one page."""

from catalog.calendars import invitations as _invitations  # noqa: F401 - letters carry them once the pages are known
from catalog.calendars import models as _models  # noqa: F401 - the tables are known once the pages are
from catalog.calendars.views import feeds, months
from catalog.calendars.views.blueprint import pages

__all__ = ["feeds", "months", "pages"]
