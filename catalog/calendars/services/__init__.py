"""Everything that changes what calendars are told, and by which addresses they read."""

from catalog.calendars.services.feeds import make_feed, revoke_feed
from catalog.calendars.services.staff import tell_staff
from catalog.calendars.services.sync import confirm, due, record, sync

__all__ = ["confirm", "due", "make_feed", "record", "revoke_feed", "sync", "tell_staff"]
