"""The meetings of the sessions that filters leave, for a calendar."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from catalog.browse.filters import Filters, Show
from catalog.browse.queries.conditions import SCHEDULED, of_course, of_offering
from catalog.browse.vocabulary import Vocabulary
from catalog.calendars.facts import Planned
from catalog.calendars.queries import planned
from catalog.calendars.reading import CANCELLED
from catalog.courses.models import Meeting, MeetingKind, Offering

MOST = 300
"""So many meetings stand in the calendar of a search, the next ones; a search that finds more should be narrowed."""
PAST = timedelta(days=1)


def meetings(filters: Filters, vocabulary: Vocabulary, now: datetime, zone: str) -> list[Planned]:
    """Those to come, also of sessions that have begun: whoever follows a search sees a series to its end. What was
    called off in the last weeks is among them, so that calendars learn of it."""
    if filters.show == Show.COURSES:
        filters = filters.shown_as(Show.OFFERINGS)
    stands = sa.or_(SCHEDULED, Offering.cancelled_at > now - CANCELLED)
    return planned(
        Meeting.starts_at > now - PAST,
        Meeting.kind == MeetingKind.SITTING,
        stands,
        *of_offering(filters, now, zone, Offering.minutes),
        *of_course(filters, vocabulary, few=False),
        most=MOST,
    )
