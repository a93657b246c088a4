"""A double tap, or a second try after a lost connection, sends a form twice; what it makes is made once."""

from datetime import timedelta

import sqlalchemy as sa

from catalog import clock
from catalog.accounts.models import Person
from catalog.courses.models import Course, CourseState, Offering
from catalog.courses.services.meetings import Timed
from catalog.extensions import db

MOMENT = timedelta(minutes=1)


def same_course(title: str, by: Person) -> Course | None:
    """The draft with this title that the person made a moment ago.

    On PostgreSQL the second of two requests waits here until the first has committed."""
    db.session.execute(sa.select(Person.id).where(Person.id == by.id).with_for_update())
    return db.session.scalar(
        sa.select(Course)
        .where(
            Course.owner_id == by.id,
            Course.title == title,
            Course.state == CourseState.DRAFT,
            Course.version == 1,
            Course.created_at > clock.now() - MOMENT,
        )
        .limit(1)
    )


def same_offering(course: Course, planned: list[Timed], place: str, by: Person) -> Offering | None:
    """The session of this course, at these times and this place, that the person posted a moment ago.

    The course must be held, or two requests would not see each other."""
    found = db.session.scalars(
        sa.select(Offering).where(
            Offering.course_id == course.id,
            Offering.trainer_id == by.id,
            Offering.place == place,
            Offering.created_at > clock.now() - MOMENT,
        )
    )
    times = [(one.starts_at, one.ends_at) for one in planned]
    same = (
        one for one in found if times == [(meeting.starts_at, meeting.ends_at) for meeting in one.meetings]
    )
    return next(same, None)
