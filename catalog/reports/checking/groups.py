"""What must never be of reflective practice groups and of individual RSC."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from catalog.competencies.models import Ledger
from catalog.courses.models import Course, Kind, Meeting, Offering, OfferingState, meeting_substitute
from catalog.enrollment.models import Enrollment, State
from catalog.groups.models import Absence, RscSession, RscState
from catalog.records.models import HourEntry

FOREIGN_ABSENCE = (
    sa.select(Absence.id.label("absence"), Absence.meeting_id.label("meeting"))
    .join(Enrollment, Enrollment.id == Absence.enrollment_id)
    .join(Meeting, Meeting.id == Absence.meeting_id)
    .where(Meeting.offering_id != Enrollment.offering_id)
)

# What is talked about in a group is written down nowhere, a title of a meeting included.
SAYS_CONTENT = (
    sa.select(Meeting.id.label("meeting"), Offering.id.label("offering"))
    .join(Offering, Offering.id == Meeting.offering_id)
    .join(Course, Course.id == Offering.course_id)
    .where(Course.kind == Kind.REFLECTIVE_GROUP, Meeting.title != "")
)

STANDS_IN_FOR_ONESELF = (
    sa.select(Meeting.id.label("meeting"), Offering.id.label("offering"))
    .join(Offering, Offering.id == Meeting.offering_id)
    .join(meeting_substitute, meeting_substitute.c.meeting_id == Meeting.id)
    .where(meeting_substitute.c.person_id == Offering.trainer_id)
)

_earlier = aliased(Offering)

# Of two terms that follow one, both would keep seats for the same people.
FOLLOWED_TWICE = (
    sa.select(Offering.follows_id.label("offering"), sa.func.count().label("next_terms"))
    .where(Offering.follows_id.is_not(None), Offering.state == OfferingState.SCHEDULED)
    .group_by(Offering.follows_id)
    .having(sa.func.count() > 1)
)

FOLLOWS_ANOTHER = (
    sa.select(Offering.id.label("offering"), Offering.follows_id.label("follows"))
    .outerjoin(_earlier, _earlier.id == Offering.follows_id)
    .where(
        Offering.follows_id.is_not(None),
        sa.or_(_earlier.id.is_(None), _earlier.course_id != Offering.course_id),
    )
)

CONFIRMED_OTHERWISE = (
    sa.select(RscSession.id.label("session"), HourEntry.id.label("entry"))
    .join(HourEntry, HourEntry.id == RscSession.entry_id)
    .where(
        sa.or_(
            RscSession.state != RscState.CONFIRMED,
            HourEntry.person_id != RscSession.person_id,
            sa.func.coalesce(HourEntry.provider_id, 0) != RscSession.provider_id,
            HourEntry.ledger != Ledger.RSC,
            HourEntry.minutes != RscSession.minutes,
            HourEntry.ended_on != RscSession.held_on,
        )
    )
)

PROVIDED_FOR_NOTHING = sa.select(HourEntry.id.label("entry"), HourEntry.person_id.label("person")).where(
    HourEntry.provider_id.is_not(None), ~sa.exists().where(RscSession.entry_id == HourEntry.id)
)

STILL_HOPING = (
    sa.select(Enrollment.id.label("enrollment"), Offering.id.label("offering"))
    .join(Offering, Offering.id == Enrollment.offering_id)
    .join(Course, Course.id == Offering.course_id)
    .where(
        Course.kind == Kind.REFLECTIVE_GROUP,
        Offering.state == OfferingState.SCHEDULED,
        Offering.settled_at.is_not(None),
        Enrollment.state.in_((State.WAITING, State.REQUESTED)),
    )
)

ALL: tuple[tuple[str, str, sa.Select[Any]], ...] = (
    ("foreign absence", "somebody cannot make a meeting of another group", FOREIGN_ABSENCE),
    ("group with content", "a meeting of a group has a title", SAYS_CONTENT),
    ("substitute of oneself", "a trainer stands in for themself", STANDS_IN_FOR_ONESELF),
    ("two next terms", "two terms follow the same one", FOLLOWED_TWICE),
    ("next term of another", "a term follows one of another course, or none", FOLLOWS_ANOTHER),
    ("session confirmed otherwise", "an individual session is not what its hours say", CONFIRMED_OTHERWISE),
    ("hours nobody confirmed", "hours name a provider who confirmed nothing", PROVIDED_FOR_NOTHING),
    ("waitlist of a closed group", "somebody waits for a group whose roster is closed", STILL_HOPING),
)
