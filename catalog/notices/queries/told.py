"""Whether somebody was told, as far as we know."""

from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from catalog.extensions import db
from catalog.notices.models import Job, JobState
from catalog.notices.outcomes import NO_LONGER_SO


class Told(NamedTuple):
    """When a letter was asked for, and when it left; None while it waits, or when it was held back as outdated."""

    asked_at: datetime
    left_at: datetime | None


def told(dedupe_key: str) -> Told | None:
    """The letter of this key, if there is one. What was given up counts as left: nobody waits for it any more."""
    row = db.session.execute(
        sa.select(Job.created_at, Job.state, Job.done_at, Job.outcome).where(Job.dedupe_key == dedupe_key)
    ).first()
    if row is None:
        return None
    if row.state == JobState.READY or row.outcome == NO_LONGER_SO:
        return Told(row.created_at, None)
    return Told(row.created_at, row.done_at or row.created_at)
