"""The door, for those who run a session; coming and leaving, for those who sit on it. One blueprint."""

from catalog.checkin.views import coming, door  # noqa: F401 - they hang their pages on the blueprint
from catalog.checkin.views.blueprint import pages

__all__ = ["pages"]
