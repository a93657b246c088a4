"""What must never be about closed rosters: credit stands on the marks that stand, whatever the rule makes of them."""

from typing import Any

import sqlalchemy as sa

from catalog.attendance.models import Credit, Mark, RosterClosing
from catalog.courses.models import Meeting, Offering
from catalog.enrollment.models import Enrollment, State

_is_closed = sa.exists().where(RosterClosing.offering_id == Offering.id, RosterClosing.reopened_at.is_(None))

SETTLED_AND_OPEN = sa.select(Offering.id.label("offering"), Offering.settled_at).where(
    Offering.settled_at.is_not(None) != _is_closed
)

# Whoever left and came back may be marked twice at a meeting; the longer of the two counts.
_best = (
    sa.select(
        Enrollment.person_id,
        Meeting.offering_id,
        Meeting.ledger,
        sa.func.max(Mark.minutes).label("minutes"),
    )
    .join(Mark, Mark.enrollment_id == Enrollment.id)
    .join(Meeting, Meeting.id == Mark.meeting_id)
    .join(Offering, Offering.id == Meeting.offering_id)
    .where(Offering.settled_at.is_not(None))
    .group_by(Enrollment.person_id, Meeting.offering_id, Meeting.ledger, Meeting.id)
    .subquery()
)
_attended = (
    sa.select(
        _best.c.person_id, _best.c.offering_id, _best.c.ledger, sa.func.sum(_best.c.minutes).label("minutes")
    )
    .group_by(_best.c.person_id, _best.c.offering_id, _best.c.ledger)
    .subquery()
)
_of_the_credit = sa.and_(
    _attended.c.person_id == Credit.person_id,
    _attended.c.offering_id == Credit.offering_id,
    _attended.c.ledger == Credit.ledger,
)

CREDIT_NOT_AS_MARKED = (
    sa.select(
        Credit.id.label("credit"),
        Credit.offering_id.label("offering"),
        Credit.attended_minutes.label("attended"),
        _attended.c.minutes.label("marked"),
    )
    .join(Offering, Offering.id == Credit.offering_id)
    .outerjoin(_attended, _of_the_credit)
    .where(
        Offering.settled_at.is_not(None),
        Credit.superseded_at.is_(None),
        Credit.attended_minutes != sa.func.coalesce(_attended.c.minutes, 0),
    )
)

CLOSED_WITHOUT_CREDIT = (
    sa.select(Enrollment.id.label("enrollment"), Enrollment.offering_id.label("offering"))
    .join(Offering, Offering.id == Enrollment.offering_id)
    .where(
        Offering.settled_at.is_not(None),
        Enrollment.state == State.SEATED,
        ~sa.exists().where(
            Credit.offering_id == Enrollment.offering_id,
            Credit.person_id == Enrollment.person_id,
            Credit.superseded_at.is_(None),
        ),
    )
)

ALL: tuple[tuple[str, str, sa.Select[Any]], ...] = (
    (
        "settled and open",
        "a session is settled and its roster open, or the other way round",
        SETTLED_AND_OPEN,
    ),
    ("credit not as marked", "a credit in force says other minutes than the marks", CREDIT_NOT_AS_MARKED),
    ("closed without credit", "a roster was closed and somebody on it has no credit", CLOSED_WITHOUT_CREDIT),
)
