"""The secret addresses of a person's feed."""

from collections.abc import Sequence

import sqlalchemy as sa

from catalog.accounts.models import Person
from catalog.accounts.queries import token_hash
from catalog.calendars.models import CalendarFeed
from catalog.extensions import db

MOST_SHOWN = 50


def feeds_of(person: Person) -> Sequence[CalendarFeed]:
    """Those that work first, each the newest first; of very many the newest."""
    return db.session.scalars(
        sa.select(CalendarFeed)
        .where(CalendarFeed.person_id == person.id)
        .order_by(CalendarFeed.revoked_at.is_not(None), CalendarFeed.made_at.desc(), CalendarFeed.id.desc())
        .limit(MOST_SHOWN)
    ).all()


def own_feed(person: Person, feed_id: int) -> CalendarFeed | None:
    return db.session.scalar(
        sa.select(CalendarFeed).where(CalendarFeed.id == feed_id, CalendarFeed.person_id == person.id)
    )


def feed_with(token: str) -> CalendarFeed | None:
    """The feed with this secret, revoked or not."""
    return db.session.scalar(sa.select(CalendarFeed).where(CalendarFeed.token_hash == token_hash(token)))
