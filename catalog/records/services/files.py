"""Writes: the file that shows what somebody wrote down."""

import sqlalchemy as sa

from catalog import clock
from catalog.extensions import db
from catalog.records.evidence import Clean
from catalog.records.models import Education, Evidence, HourEntry
from catalog.records.refusals import FileRefused

MOST_FILES = 300
MOST_BYTES = 500 * 1024 * 1024
"""Of one person, all together. Two sent at the same moment may both be the last; that does no harm."""


def keep(of: Education | HourEntry, file: Clean) -> None:
    """Raises FileRefused when the person has enough of them."""
    count, size = db.session.execute(
        sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(Evidence.size), 0)).where(
            Evidence.person_id == of.person_id
        )
    ).one()
    if count >= MOST_FILES or size + len(file.content) > MOST_BYTES:
        raise FileRefused(
            f"There is room for {MOST_FILES} files and {MOST_BYTES // 1024**2} MB, and it is used up. Remove a file "
            "that is not needed, or write this down without one."
        )
    made = Evidence(
        person_id=of.person_id,
        file_name=file.file_name,
        media_type=file.media_type,
        size=len(file.content),
        content=file.content,
        added_at=clock.now(),
    )
    db.session.add(made)
    db.session.flush()
    of.evidence_id = made.id
    db.session.flush()
