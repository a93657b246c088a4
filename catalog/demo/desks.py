"""What stands on the sample desks: a saved search, who waits for a date, materials and a letter, a log of RSC, a
meeting somebody cannot make, and two accounts of one person."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from catalog import clock
from catalog.accounts import services as accounts
from catalog.courses.models import Course, CourseState, Kind, Offering, OfferingState
from catalog.demo.cast import Cast
from catalog.enrollment.models import Enrollment, State
from catalog.extensions import db
from catalog.following import services as following
from catalog.following.models import HowOften
from catalog.groups import services as groups
from catalog.teaching import services as teaching
from catalog.teaching.models import Audience, Shown
from catalog.teaching.queries.messages import audience


def furnish(cast: Cast, at: datetime) -> None:
    with clock.at(at - timedelta(days=330)):
        _open_twice(cast)
    with clock.at(at - timedelta(days=6)):
        following.save(cast.ana, "?format=in_person&area=REF", "", HowOften.DAILY)
        _wait_for_dates(cast)
        _log_rsc(cast, at)
    with clock.at(at - timedelta(days=2)):
        _teach(cast, at)
        _miss_a_meeting(at)


def _wait_for_dates(cast: Cast) -> None:
    """Courses that are listed and have no session yet."""
    dateless = db.session.scalars(
        sa.select(Course)
        .where(
            Course.state == CourseState.PUBLISHED,
            Course.apply_url == "",
            ~sa.exists().where(Offering.course_id == Course.id),
        )
        .order_by(Course.title)
        .limit(3)
    ).all()
    for number, course in enumerate(dateless):
        for learner in cast.learners[: 9 - 3 * number]:
            following.show_interest(course, by=learner)


def _log_rsc(cast: Cast, at: datetime) -> None:
    """Two individual sessions with Tess: one is confirmed, one waits for her."""
    first, _waits = (
        groups.write_down(cast.ana, cast.tess, at.date() - timedelta(days=days), 60) for days in (40, 12)
    )
    groups.confirm(first)


def _open_twice(cast: Cast) -> None:
    """Somebody who opened a second account at another address."""
    one = cast.learners[3]
    twin = accounts.add_person(
        one.name, f"{one.email.partition('@')[0]}@work.example.org", one.password_hash or "", is_verified=True
    )
    twin.is_sample, twin.county = True, one.county


def _teach(cast: Cast, at: datetime) -> None:
    """Ivo's next session with people on it has a link and a letter."""
    seated = sa.exists().where(Enrollment.offering_id == Offering.id, Enrollment.state == State.SEATED)
    offering = db.session.scalars(
        sa.select(Offering)
        .where(
            Offering.trainer_id == cast.ivo.id,
            Offering.state == OfferingState.SCHEDULED,
            Offering.starts_at > at,
            seated,
        )
        .order_by(Offering.starts_at, Offering.id)
    ).first()
    if offering is None:
        return
    link = "https://www.example.org/reading"
    teaching.give(offering, "What to read before we meet", link, Shown.BEFORE, by=cast.ivo)
    people = audience(offering, Audience.SEATED, None)
    teaching.write(
        offering,
        Audience.SEATED,
        None,
        "Where to park",
        "Please park behind the building. The door is open from half past eight.",
        by=cast.ivo,
        seen=teaching.stand(people),
        once=None,
    )


def _miss_a_meeting(at: datetime) -> None:
    """A member of a group cannot make its next meeting."""
    member = db.session.scalars(
        sa.select(Enrollment)
        .join(Enrollment.offering)
        .join(Offering.course)
        .where(
            Course.kind == Kind.REFLECTIVE_GROUP,
            Offering.state == OfferingState.SCHEDULED,
            Offering.ends_at > at,
            Enrollment.state == State.SEATED,
        )
        .order_by(Offering.starts_at, Enrollment.id)
    ).first()
    if member:
        coming = [meeting for meeting in member.offering.sittings if meeting.starts_at > at]
        groups.cannot_come(member, coming[0])
