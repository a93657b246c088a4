"""Saving over somebody else's change is refused: every form carries the version it was opened with."""

import sqlalchemy as sa

from catalog import clock
from catalog.courses.models import Course, Offering
from catalog.courses.refusals import Stale
from catalog.extensions import db


def hold(course_id: int) -> None:
    """Let others who change the course or its sessions wait until this transaction ends.

    On SQLite there is only one writer anyway."""
    db.session.execute(sa.select(Course.id).where(Course.id == course_id).with_for_update())


def claim(thing: Course | Offering, version: int) -> None:
    """Count the edit, or raise Stale when the thing was changed since that version.

    One statement both compares and counts, so of two people who save at once the second one is told. On
    PostgreSQL the row stays locked until the commit, and whatever is read afterwards is the newest."""
    kind = type(thing)
    counted = db.session.execute(
        sa.update(kind)
        .where(kind.id == thing.id, kind.version == min(max(version, 0), 2**31 - 1))
        .values(version=kind.version + 1, updated_at=clock.now())
        .execution_options(synchronize_session=False)
        .returning(kind.version)
    ).scalar()
    db.session.refresh(thing)
    if counted is None:
        raise Stale
