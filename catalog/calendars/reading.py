"""What a calendar program is given to read: a file of one session, a person's feed, a feed of many sessions."""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import NamedTuple

from catalog.accounts.models import Person
from catalog.calendars import queries
from catalog.calendars.compare import compare
from catalog.calendars.events import Told, feed, published
from catalog.calendars.facts import Planned
from catalog.config import Settings

PAST = timedelta(days=60)
"""So long after it is over a meeting stays in a person's feed."""
CANCELLED = timedelta(days=30)
"""So long what was called off stays in a feed, marked as such, for programs that only look now and then."""
SOME_TIME = datetime(2000, 1, 1, tzinfo=UTC)
EVERY = timedelta(hours=1)
"""How often a program is asked to look again."""


class Feed(NamedTuple):
    """What a feed says now; `tag` changes exactly when that does, and is known before anything is written out."""

    name: str
    told: Sequence[Told]

    @property
    def tag(self) -> str:
        # When it was last changed follows from what it says.
        said = repr([(self.name, *(one._replace(stamp=SOME_TIME) for one in self.told))])
        return hashlib.sha256(said.encode()).hexdigest()[:32]

    @property
    def changed_at(self) -> datetime | None:
        return max((one.stamp for one in self.told), default=None)

    def text(self, settings: Settings) -> bytes:
        return feed(self.told, settings, self.name, EVERY)


def file_of(
    offering_id: int, person: Person | None, at: datetime, settings: Settings, *, shows_link: bool
) -> bytes:
    """One session, to save. To a calendar that knows it from a letter it is the same event."""
    planned = queries.of_offering(offering_id)
    entries = queries.entries(person.id, [offering_id]) if person else {}
    seats = queries.seats_of(person.id) if person else {}
    found = islice(compare(planned, entries, seats, at, settings.site_url), len(planned))
    links = {one.meeting_id: one.online_link for one in planned} if shows_link else {}
    return published([_with_link(one.told, links) for one in found], settings)


def feed_of(person: Person, at: datetime, settings: Settings) -> Feed:
    """Everything that is theirs, and for a while what was called off or is theirs no more."""
    theirs = [one for one in queries.of_person(person.id, since=at - PAST) if is_shown(one, at)]
    seats = queries.seats_of(person.id)
    links = _links(person, theirs, seats)
    entries = queries.entries(person.id, since=at - CANCELLED)
    found = (one.told for one in compare(theirs, entries, seats, at, settings.site_url))
    told = [_with_link(one, links) for one in found if not one.is_off or one.facts.until > at - CANCELLED]
    return Feed(f"{settings.site_name}: {person.name}", told)


def feed_of_many(planned: Iterable[Planned], name: str, site_url: str) -> Feed:
    """For everybody: nothing of any person, and no online link."""
    return Feed(name, [_public(one, site_url) for one in planned])


def is_shown(planned: Planned, at: datetime) -> bool:
    """What was called off is shown for a while only."""
    return not planned.is_off or planned.cancelled_at is None or planned.cancelled_at > at - CANCELLED


def _links(person: Person, theirs: Iterable[Planned], seats: Collection[int]) -> dict[int, str]:
    """The online links of these meetings, where the person has a seat or may see those of what they teach."""
    sees_all = person.is_trainer or person.is_coordinator
    return {one.meeting_id: one.online_link for one in theirs if sees_all or one.offering_id in seats}


def _with_link(told: Told, links: Mapping[int, str]) -> Told:
    link = "" if told.is_off else links.get(told.meeting_id, "")
    return told._replace(facts=told.facts._replace(text=f"{told.facts.text}\n{link}")) if link else told


def _public(planned: Planned, site_url: str) -> Told:
    return Told(
        planned.meeting_id,
        planned.offering_id,
        planned.facts(site_url),
        planned.version,
        planned.is_off,
        planned.changed_at,
    )
