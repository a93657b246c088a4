"""What must never be of hours from elsewhere."""

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from catalog.records.models import EntrySource, EntryState, Evidence, HourEntry

_later = aliased(HourEntry)

SUPERSEDED_TWICE = (
    sa.select(HourEntry.supersedes_id.label("entry"), sa.func.count().label("corrections"))
    .where(HourEntry.supersedes_id.is_not(None))
    .group_by(HourEntry.supersedes_id)
    .having(sa.func.count() > 1)
)

# Of two that stand for the same hours, both would be counted.
BOTH_IN_FORCE = (
    sa.select(HourEntry.id.label("entry"), _later.id.label("correction"))
    .join(_later, _later.supersedes_id == HourEntry.id)
    .where(HourEntry.superseded_at.is_(None))
)

GONE_FOR_NOTHING = sa.select(HourEntry.id.label("entry"), HourEntry.person_id.label("person")).where(
    HourEntry.superseded_at.is_not(None), ~sa.exists().where(_later.supersedes_id == HourEntry.id)
)

CROSSES_PEOPLE = (
    sa.select(HourEntry.id.label("entry"), HourEntry.person_id.label("person"), _later.id.label("correction"))
    .join(_later, _later.supersedes_id == HourEntry.id)
    .where(_later.person_id != HourEntry.person_id)
)

VERIFIED_BY_ONESELF = sa.select(HourEntry.id.label("entry"), HourEntry.person_id.label("person")).where(
    HourEntry.state == EntryState.VERIFIED,
    sa.or_(HourEntry.checked_by_id.is_(None), HourEntry.checked_by_id == HourEntry.person_id),
)

FOREIGN_EVIDENCE = (
    sa.select(HourEntry.id.label("entry"), Evidence.id.label("evidence"))
    .join(Evidence, Evidence.id == HourEntry.evidence_id)
    .where(Evidence.person_id != HourEntry.person_id)
)

OWN_COORDINATOR = sa.select(HourEntry.id.label("entry"), HourEntry.person_id.label("person")).where(
    HourEntry.source == EntrySource.COORDINATOR, HourEntry.added_by_id == HourEntry.person_id
)

ALL = (
    ("hours corrected twice", "an entry of hours is superseded by two", SUPERSEDED_TWICE),
    ("hours counted twice", "an entry of hours is in force beside its correction", BOTH_IN_FORCE),
    ("hours lost", "an entry of hours is superseded by none", GONE_FOR_NOTHING),
    ("hours across people", "a correction belongs to somebody else than what it corrects", CROSSES_PEOPLE),
    ("hours verified alone", "hours were verified by the person themself, or by nobody", VERIFIED_BY_ONESELF),
    ("hours of a coordinator", "a coordinator wrote down hours of their own", OWN_COORDINATOR),
    ("foreign evidence", "the file behind hours belongs to somebody else", FOREIGN_EVIDENCE),
)
