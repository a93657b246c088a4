"""What must never be of accounts that were joined with another one."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from catalog.accounts.models import Person, SignIn
from catalog.coordinating.models import Merge
from catalog.endorsement.models import Goal
from catalog.enrollment.models import LIVE, Enrollment
from catalog.following.models import Interest
from catalog.records.models import Education, HourEntry

_kept = aliased(Person)

# What of theirs would still be live: a place, a goal, an interest, a sign-in; and what they have, which goes along.
OWNS = sa.union_all(
    *(
        sa.select(Person.id.label("person"), sa.literal(table.__tablename__).label("kind"), of.label("row"))
        .join(table, whose == Person.id)
        .where(Person.merged_into_id.is_not(None), *live)
        for table, of, whose, live in (
            (Enrollment, Enrollment.id, Enrollment.person_id, [Enrollment.state.in_(LIVE)]),
            (Goal, Goal.id, Goal.person_id, [Goal.dropped_at.is_(None)]),
            (Interest, Interest.id, Interest.person_id, [Interest.ended_at.is_(None)]),
            (SignIn, SignIn.id, SignIn.person_id, []),
            (HourEntry, HourEntry.id, HourEntry.person_id, []),
            (Education, Education.id, Education.person_id, []),
        )
    )
).subquery()

ASTRAY = (
    sa.select(Person.id.label("person"), Person.merged_into_id.label("into"))
    .outerjoin(_kept, _kept.id == Person.merged_into_id)
    .where(Person.merged_into_id.is_not(None), sa.or_(_kept.id.is_(None), _kept.merged_into_id.is_not(None)))
)

UNWRITTEN = sa.select(Person.id.label("person"), Person.merged_into_id.label("into")).where(
    Person.merged_into_id.is_not(None),
    ~sa.exists().where(Merge.gone_id == Person.id, Merge.undone_at.is_(None)),
)

ALL: tuple[tuple[str, str, sa.Select[Any]], ...] = (
    (
        "joined and live",
        "an account that was joined with another one still owns something live",
        sa.select(OWNS),
    ),
    ("joined astray", "an account was joined with one that is gone itself", ASTRAY),
    ("joined unwritten", "an account is gone, and no merge says why", UNWRITTEN),
)
