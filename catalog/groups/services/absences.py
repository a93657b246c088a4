"""A member says beforehand that they cannot make a meeting, and takes it back. Nobody asks why.

No word of it is in the audit trail, which coordinators read: it stays between the members and whoever leads."""

import sqlalchemy as sa

from catalog import clock
from catalog.courses.models import Meeting
from catalog.enrollment.models import Enrollment, State
from catalog.extensions import db, insert
from catalog.groups import letters
from catalog.groups.models import Absence
from catalog.groups.refusals import HasBegun, NotAMember


def cannot_come(enrollment: Enrollment, meeting: Meeting) -> None:
    """Said twice, it is said once. Raises NotAMember or HasBegun."""
    _refuse(enrollment, meeting)
    once = insert(Absence).on_conflict_do_nothing(index_elements=["enrollment_id", "meeting_id"])
    said = once.values(enrollment_id=enrollment.id, meeting_id=meeting.id, said_at=clock.now())
    made = db.session.execute(said.returning(Absence.id)).first()
    if made is not None:
        letters.cannot_come(meeting, made[0])


def can_come(enrollment: Enrollment, meeting: Meeting) -> None:
    """Taken back, the row is gone. Raises NotAMember or HasBegun."""
    _refuse(enrollment, meeting)
    said = sa.and_(Absence.enrollment_id == enrollment.id, Absence.meeting_id == meeting.id)
    db.session.execute(sa.delete(Absence).where(said))


def _refuse(enrollment: Enrollment, meeting: Meeting) -> None:
    # The row is the lock: whoever is taken off the group this moment says nothing more in it.
    db.session.refresh(enrollment, ["state"], with_for_update={"key_share": True})
    if enrollment.state != State.SEATED or enrollment.offering_id != meeting.offering_id:
        raise NotAMember
    if meeting.offering.is_cancelled or meeting.starts_at <= clock.now():
        raise HasBegun
