"""Writes: a link that shows one goal to somebody without an account, until it ends or is taken back."""

import secrets
from datetime import timedelta

import sqlalchemy as sa

from catalog import clock
from catalog.accounts.models import Person
from catalog.accounts.queries import token_hash
from catalog.endorsement.models import Goal, ShareLink
from catalog.extensions import db
from catalog.notices import audit


def make_share(of: Goal, label: str, days: int, *, by: Person) -> str:
    """The key of a new link. It is kept nowhere here, so it can be shown once and never again."""
    key, now = secrets.token_urlsafe(32), clock.now()
    made = ShareLink(
        goal_id=of.id,
        token_hash=token_hash(key),
        label=label,
        made_at=now,
        expires_at=now + timedelta(days=days),
    )
    db.session.add(made)
    db.session.flush()
    # For whom it is stays with the person: the trail is read by others.
    audit.note("share.made", "share_link", made.id, by=by, person_id=of.person_id, goal_id=of.id, days=days)
    return key


def revoke_share(link: ShareLink, *, by: Person) -> None:
    """From now on it opens nothing. Taking it back twice is the same as once."""
    changed = db.session.execute(
        sa.update(ShareLink)
        .where(ShareLink.id == link.id, ShareLink.revoked_at.is_(None))
        .values(revoked_at=clock.now())
        .execution_options(synchronize_session=False)
        .returning(ShareLink.goal_id, ShareLink.id)
    ).first()
    db.session.refresh(link)
    if changed:
        audit.note("share.revoked", "share_link", link.id, by=by, person_id=by.id, goal_id=link.goal_id)
