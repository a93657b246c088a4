"""Lines from elsewhere: said by the person, or written by a coordinator."""

from functools import cache
from typing import Any

import sqlalchemy as sa

from catalog.attendance.models import KnownBy
from catalog.competencies.models import Ledger, Topic
from catalog.records.ledger import NO_AREA, RETURNED, Entry, Rsc, Sure
from catalog.records.models import EntryState, HourEntry, hour_entry_area, hour_entry_tag, hour_entry_topic
from catalog.records.queries.ledger import columns
from catalog.records.wording import SOURCES


@cache
def statement() -> sa.Select[Any]:
    from_topics = (
        sa.select(columns.joined(Topic.area_id))
        .join(hour_entry_topic, hour_entry_topic.c.topic_id == Topic.id)
        .where(hour_entry_topic.c.entry_id == HourEntry.id)
    )

    def listed(table: sa.Table, column: str) -> Any:
        return columns.listed(HourEntry, table.c[column], table.c.entry_id == HourEntry.id)

    return sa.select(
        HourEntry.id,
        HourEntry.person_id,
        HourEntry.ledger,
        HourEntry.title,
        HourEntry.began_on,
        HourEntry.ended_on,
        HourEntry.minutes,
        HourEntry.trainer,
        HourEntry.provider,
        HourEntry.provider_id,
        HourEntry.checked_by_id,
        HourEntry.is_group,
        HourEntry.provider_standing,
        HourEntry.provider_categories,
        HourEntry.source,
        HourEntry.state,
        HourEntry.reason,
        listed(hour_entry_area, "area_id").label("areas"),
        listed(hour_entry_topic, "topic_id").label("topics"),
        from_topics.correlate(HourEntry).scalar_subquery().label("areas_of_topics"),
        columns.tagged(HourEntry, hour_entry_tag, "entry_id").label("tags"),
    ).where(
        HourEntry.person_id.in_(columns.people()),
        HourEntry.superseded_at.is_(None),
        HourEntry.state != EntryState.WITHDRAWN,
    )


def line(row: Any) -> Entry:
    is_verified = row.state == EntryState.VERIFIED
    known = KnownBy.COORDINATOR if is_verified else KnownBy.SELF_REPORTED
    if is_verified and row.provider_id is not None and row.provider_id == row.checked_by_id:
        known = KnownBy.PROVIDER
    reason = f"{RETURNED}: {row.reason}" if row.state == EntryState.RETURNED else ""
    areas, topics = columns.ids(row.areas) | columns.ids(row.areas_of_topics), columns.ids(row.topics)
    if not reason and row.ledger == Ledger.TRAINING and not areas:
        reason = NO_AREA
    return Entry(
        key=f"entry-{row.id}",
        ledger=row.ledger,
        began=row.began_on,
        on=row.ended_on,
        minutes=row.minutes,
        title=row.title,
        provider=row.provider,
        trainer=row.trainer,
        sure=Sure.VERIFIED if is_verified else Sure.PENDING,
        known_by=known,
        taken_by=SOURCES[row.source],
        areas=areas,
        topics=topics,
        tags=columns.words(row.tags),
        # What people say of their own trainings is looked at together with the training.
        is_reviewed=is_verified,
        rsc=Rsc(
            f"person-{row.provider_id}"
            if row.provider_id
            else " ".join(row.trainer.casefold().split()) or "nobody",
            row.provider_standing,
            frozenset(row.provider_categories.split()),
            row.is_group,
        )
        if row.ledger == Ledger.RSC
        else None,
        not_counted=reason,
    )
