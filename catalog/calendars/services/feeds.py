"""Secret addresses by which a calendar program reads a person's sessions, until they are taken back."""

import secrets

import sqlalchemy as sa

from catalog import clock
from catalog.accounts.models import Person
from catalog.accounts.queries import token_hash
from catalog.calendars.models import CalendarFeed
from catalog.calendars.refusals import TooManyFeeds
from catalog.extensions import db
from catalog.notices import audit

MOST = 10
"""So many addresses of one person work at once: a phone, a desk and those that were forgotten."""


def make_feed(person: Person) -> str:
    """The secret of a new address. It is kept nowhere here, so it can be shown once and never again.

    Raises TooManyFeeds."""
    working = sa.select(sa.func.count()).where(
        CalendarFeed.person_id == person.id, CalendarFeed.revoked_at.is_(None)
    )
    if (db.session.scalar(working) or 0) >= MOST:
        raise TooManyFeeds
    token = secrets.token_urlsafe(32)
    made = CalendarFeed(person_id=person.id, token_hash=token_hash(token), made_at=clock.now())
    db.session.add(made)
    db.session.flush()
    audit.note("calendar.feed_made", "calendar_feed", made.id, by=person, person_id=person.id)
    return token


def revoke_feed(feed: CalendarFeed, *, by: Person) -> None:
    """From now on it opens nothing. Taking it back twice is the same as once."""
    changed = db.session.scalar(
        sa.update(CalendarFeed)
        .where(CalendarFeed.id == feed.id, CalendarFeed.revoked_at.is_(None))
        .values(revoked_at=clock.now())
        .execution_options(synchronize_session=False)
        .returning(CalendarFeed.id)
    )
    db.session.refresh(feed)
    if changed:
        audit.note("calendar.feed_revoked", "calendar_feed", feed.id, by=by, person_id=feed.person_id)
