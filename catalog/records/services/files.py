"""Writes: the file that shows what somebody wrote down."""

from catalog import clock
from catalog.extensions import db
from catalog.records.evidence import Clean
from catalog.records.models import Education, Evidence, HourEntry


def keep(of: Education | HourEntry, file: Clean) -> None:
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
