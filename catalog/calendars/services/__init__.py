"""Everything that changes what calendars are told, and by which addresses they read."""

from catalog.calendars.services.feeds import make_feed, revoke_feed
from catalog.calendars.services.staff import tell_staff
from catalog.calendars.services.sync import due, record, sync

__all__ = ["due", "make_feed", "record", "revoke_feed", "sync", "tell_staff"]
