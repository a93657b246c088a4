"""Who would come to a course when it has a date: said with one click, taken back with another, told once."""

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from catalog import clock
from catalog.accounts.models import Person
from catalog.accounts.services import refuse_joined
from catalog.courses.models import Course, Offering
from catalog.extensions import db, insert
from catalog.following import letters, queries
from catalog.following.models import Interest
from catalog.following.refusals import HasDates, NothingToWaitFor


def show_interest(course: Course, *, by: Person) -> None:
    """Tell this person once when a session is posted. Said twice it is said once. Raises HasDates, NothingToWaitFor.

    Whoever was told of an earlier date waits for the next one."""
    if course.is_applied_for_elsewhere:
        raise NothingToWaitFor
    if queries.sessions_to_join(course.id):
        raise HasDates
    refuse_joined(by.id, by=by)
    row = insert(Interest).values(course_id=course.id, person_id=by.id, since=clock.now())
    waits_no_more = sa.or_(Interest.ended_at.is_not(None), Interest.told_at.is_not(None))
    db.session.execute(
        row.on_conflict_do_update(
            index_elements=["course_id", "person_id"],
            set_={"since": row.excluded.since, "told_at": None, "ended_at": None},
            where=waits_no_more,
        )
    )


def end_interest(course: Course, *, by: Person) -> None:
    """Taken back. Who never asked has nothing to take back, and nothing changes."""
    db.session.execute(
        sa.update(Interest)
        .where(Interest.course_id == course.id, Interest.person_id == by.id, Interest.ended_at.is_(None))
        .values(ended_at=clock.now())
        .execution_options(synchronize_session=False)
    )


def tell_interested(course_id: int) -> None:
    """Everybody who waits for a date of this course, once there is one. They are marked as told by the statement that
    finds them, so that of two workers only one tells them."""
    sessions = queries.sessions_to_join(course_id)
    if not sessions:
        return
    now = clock.now()
    told = db.session.execute(
        sa.update(Interest)
        .where(Interest.course_id == course_id, queries.WAITS)
        .values(told_at=now)
        .execution_options(synchronize_session=False)
        .returning(Interest.person_id, Interest.since)
    ).all()
    rounds = {person_id: since.isoformat() for person_id, since in told}
    people = db.session.scalars(
        sa.select(Person).where(Person.id.in_(rounds), Person.merged_into_id.is_(None)).order_by(Person.id)
    )
    with_meetings = _with_meetings([offering.id for offering in sessions])
    for person in people:
        letters.dated(person, sessions[0].course, with_meetings, rounds[person.id])


def _with_meetings(ids: list[int]) -> list[Offering]:
    return list(
        db.session.scalars(
            sa.select(Offering)
            .where(Offering.id.in_(ids))
            .options(selectinload(Offering.meetings))
            .order_by(Offering.starts_at.is_(None), Offering.starts_at, Offering.id)
        )
    )
