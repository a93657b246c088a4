"""Reads: the links somebody made to their goals, and the goal behind a link that still opens it."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from catalog.accounts.queries import token_hash
from catalog.endorsement.models import Goal, ShareLink
from catalog.extensions import db

MOST_SHOWN = 50


def shares_of(of: Goal, at: datetime) -> Sequence[ShareLink]:
    """Those that open it first, each the newest first; of very many the newest."""
    ended = sa.case((sa.and_(ShareLink.revoked_at.is_(None), ShareLink.expires_at > at), 0), else_=1)
    return db.session.scalars(
        sa.select(ShareLink)
        .where(ShareLink.goal_id == of.id)
        .order_by(ended, ShareLink.made_at.desc(), ShareLink.id.desc())
        .limit(MOST_SHOWN)
    ).all()


def share_of(of: Goal, share_id: int) -> ShareLink | None:
    return db.session.scalar(sa.select(ShareLink).where(ShareLink.id == share_id, ShareLink.goal_id == of.id))


def open_link(key: str, at: datetime) -> ShareLink | None:
    """The link with this key, while it opens something: neither revoked nor expired, of a goal that was not left
    aside."""
    found = db.session.scalar(
        sa.select(ShareLink)
        .join(ShareLink.goal)
        .options(
            contains_eager(ShareLink.goal).options(
                joinedload(Goal.person, innerjoin=True), joinedload(Goal.category, innerjoin=True)
            )
        )
        .where(ShareLink.token_hash == token_hash(key), Goal.dropped_at.is_(None))
    )
    return found if found and found.is_open(at) else None
