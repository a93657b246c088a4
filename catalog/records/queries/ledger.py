"""Reads: every line of a person's two ledgers, from credit earned here, hours from elsewhere, and seats they hold.

Three statements of plain columns, however many lines there are."""

import json
from collections import namedtuple
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from catalog.accounts.models import Person, Qualification
from catalog.attendance.models import Credit, CreditArea, CreditTopic, KnownBy, credit_tag
from catalog.competencies.models import HourTag, Ledger, Topic
from catalog.courses.models import Course, CourseArea, CourseTopic, Kind, Meeting, Offering, course_tag
from catalog.enrollment.models import Enrollment, State
from catalog.extensions import db
from catalog.records.ledger import NO_AREA, RETURNED, Entry, Rsc, Sure
from catalog.records.models import (
    EntryState,
    HourEntry,
    Standing,
    hour_entry_area,
    hour_entry_tag,
    hour_entry_topic,
)
from catalog.records.queries import leading
from catalog.records.wording import SOURCES
from catalog.wording import local

APPLIED_FOR = "One applies for this programme elsewhere. It counts as education and not as in-service hours."


def ledger(person_ids: int | Iterable[int], at: datetime) -> list[Entry]:
    """The lines in force, the latest first: earned, said and planned. Those that do not count say why."""
    found = ledgers([person_ids] if isinstance(person_ids, int) else list(person_ids), at)
    return [entry for lines in found.values() for entry in lines]


def ledgers(person_ids: list[int], at: datetime) -> dict[int, list[Entry]]:
    """The same for several people at once, by their ids, in as many statements."""
    found: dict[int, list[Entry]] = {person_id: [] for person_id in person_ids}
    values = {"people": person_ids}
    # Plain columns need no objects of the session, which would cost as much again as the statements.
    connection = db.session.connection()
    for row in _plain(connection.execute(_credits(), values)):
        found[row.person_id] += _by_leader(row, _credit(row))
    for row in _plain(connection.execute(_entries(), values)):
        found[row.person_id].append(_entry(row))
    for row in _plain(connection.execute(_seats(), {**values, "now": at})):
        found[row.person_id] += _seat(row, at)
    for lines in found.values():
        lines.sort(key=lambda entry: (entry.on, entry.key), reverse=True)
    return found


def from_elsewhere(person_id: int) -> list[Entry]:
    """The lines that were not earned here, in one statement."""
    return [_entry(row) for row in db.session.execute(_entries(), {"people": [person_id]})]


def _plain(result: sa.CursorResult[Any]) -> Iterator[Any]:
    """The rows as tuples whose columns have names; those of the library are slower to look into."""
    return map(_row_type(tuple(result.keys()))._make, result.all())


@cache
def _row_type(names: tuple[str, ...]) -> Any:
    return namedtuple("Line", names)


# The same few lists come again and again, so what was read once is kept.
@lru_cache(4096)
def _ids(of: str | None) -> frozenset[int]:
    return frozenset(map(int, of.split(","))) if of else frozenset()


@lru_cache(512)
def _words(of: str | None) -> frozenset[str]:
    return frozenset(of.split(",")) if of else frozenset()


def _joined(column: Any) -> Any:
    """The values of many rows as one text, "3,7,12"; both databases know it under different names."""
    return sa.func.aggregate_strings(sa.cast(column, sa.String), ",")


def _people() -> Any:
    return sa.bindparam("people", expanding=True)


# Earned here.


def _credit(row: Any) -> Entry:
    first = local(row.starts_at, row.zone).date() if row.starts_at else row.earned_on
    is_rsc = row.ledger == Ledger.RSC
    return Entry(
        key=f"credit-{row.id}",
        ledger=row.ledger,
        began=min(first, row.earned_on),
        on=row.earned_on,
        minutes=row.minutes,
        title=row.title,
        provider=row.provider,
        trainer=row.trainer or row.trainer_names,
        known_by=row.known_by,
        taken_by=row.taken_by,
        areas=_ids(row.areas),
        topics=_ids(row.topics),
        tags=_words(row.tags),
        is_reviewed=not row.unreviewed,
        rsc=_provider(row, min(first, row.earned_on), row.earned_on, row.trainer_id) if is_rsc else None,
        not_counted=row.not_counted_because,
        offering_id=row.offering_id,
    )


def _by_leader(row: Any, entry: Entry) -> list[Entry]:
    """The line as it is, or where somebody stood in, one line for each who led; the first keeps its key."""
    if not row.led or entry.not_counted:
        return [entry]
    is_planned = entry.sure == Sure.PLANNED

    def could(who: int, on: date) -> bool:
        return is_planned or any(one["rsc"] for one in _on(_held_by(row, who), on))

    return [
        entry._replace(
            key=f"{entry.key}.{led.who}" if position else entry.key,
            minutes=led.minutes,
            began=led.began,
            on=led.on,
            trainer=led.name,
            rsc=_provider(row, led.began, led.began if is_planned else led.on, led.who),
        )
        for position, led in enumerate(leading.split(row.led, entry.minutes, could))
        if led.minutes
    ] or [entry]


def _held_by(row: Any, who: int | None) -> list[dict[str, Any]]:
    return [one for one in json.loads(row.held or "[]") if one["who"] == who]


def _provider(row: Any, began: date, on: date, who_id: int | None) -> Rsc:
    """Whoever led as they stood then, by the qualifications that are on record.

    Hours of a group count for the meetings on whose day they could provide RSC. So it is the last day from its
    beginning on which they could; where there is none, its last day."""
    every = _held_by(row, who_id)
    days = sorted({on, *(_day(one["until"]) or on for one in every)}, reverse=True)
    could = (day for day in days if began <= day <= on and any(one["rsc"] for one in _on(every, day)))
    held = _on(every, next(could, on))
    codes = frozenset(one["code"] for one in held if one["code"])
    provides = any(one["rsc"] for one in held)
    standing = (
        Standing.ENDORSED if provides or codes else Standing.NOT_ENDORSED if who_id else Standing.UNKNOWN
    )
    who = f"person-{who_id}" if who_id else "nobody"
    return Rsc(who, standing, codes, is_group=True)


def _on(every: list[dict[str, Any]], day: date) -> list[dict[str, Any]]:
    return [
        one for one in every if (_day(one["from"]) or date.min) <= day <= (_day(one["until"]) or date.max)
    ]


def _day(said: str | None) -> date | None:
    return date.fromisoformat(said[:10]) if said else None


def _held() -> Any:
    """What those who lead an offering hold, as one JSON text; only looked up for RSC."""
    one = leading.json_object(
        "who",
        Qualification.person_id,
        "code",
        Qualification.category_code,
        "rsc",
        sa.case((Qualification.provides_rsc, 1), else_=0),
        "from",
        sa.cast(Qualification.held_from, sa.String),
        "until",
        sa.cast(Qualification.held_until, sa.String),
    )
    leads = sa.or_(
        Qualification.person_id == Offering.trainer_id, Qualification.person_id.in_(leading.stand_ins())
    )
    return sa.select(leading.json_list(one)).where(leads).correlate(Offering).scalar_subquery()


def _credits() -> sa.Select[Any]:
    return _credits_on(db.engine.dialect.name)


@cache
def _credits_on(_database: str) -> sa.Select[Any]:
    trainer = aliased(Person)

    def listed(column: Any, *where: Any) -> Any:
        return sa.select(_joined(column)).where(*where).correlate(Credit).scalar_subquery()

    unreviewed = sa.or_(
        sa.exists().where(CreditArea.credit_id == Credit.id, ~CreditArea.was_reviewed),
        sa.exists().where(CreditTopic.credit_id == Credit.id, ~CreditTopic.was_reviewed),
    )
    return (
        sa.select(
            Credit.id,
            Credit.person_id,
            Credit.ledger,
            Credit.minutes,
            Credit.earned_on,
            Credit.known_by,
            Credit.taken_by,
            Credit.not_counted_because,
            Credit.offering_id,
            Offering.starts_at,
            Offering.zone,
            Offering.trainer_id,
            Course.title,
            Course.provider,
            Course.trainer_names,
            trainer.name.label("trainer"),
            listed(CreditArea.area_id, CreditArea.credit_id == Credit.id).label("areas"),
            listed(CreditTopic.topic_id, CreditTopic.credit_id == Credit.id).label("topics"),
            sa.select(_joined(HourTag.code))
            .join(credit_tag, credit_tag.c.tag_id == HourTag.id)
            .where(credit_tag.c.credit_id == Credit.id)
            .correlate(Credit)
            .scalar_subquery()
            .label("tags"),
            unreviewed.label("unreviewed"),
            sa.case((Credit.ledger == Ledger.RSC, _held())).label("held"),
            leading.attended(trainer).label("led"),
        )
        .join(Offering, Offering.id == Credit.offering_id)
        .join(Course, Course.id == Offering.course_id)
        .outerjoin(trainer, trainer.id == Offering.trainer_id)
        .where(Credit.person_id.in_(_people()), Credit.superseded_at.is_(None), Credit.minutes > 0)
    )


# Said by the person, or written by a coordinator.


def _entry(row: Any) -> Entry:
    is_verified = row.state == EntryState.VERIFIED
    known = KnownBy.COORDINATOR if is_verified else KnownBy.SELF_REPORTED
    if is_verified and row.provider_id is not None and row.provider_id == row.checked_by_id:
        known = KnownBy.PROVIDER
    reason = f"{RETURNED}: {row.reason}" if row.state == EntryState.RETURNED else ""
    areas, topics = _ids(row.areas) | _ids(row.areas_of_topics), _ids(row.topics)
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
        tags=_words(row.tags),
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


@cache
def _entries() -> sa.Select[Any]:
    from_topics = (
        sa.select(_joined(Topic.area_id))
        .join(hour_entry_topic, hour_entry_topic.c.topic_id == Topic.id)
        .where(hour_entry_topic.c.entry_id == HourEntry.id)
    )

    def listed(table: sa.Table, column: str) -> Any:
        return (
            sa.select(_joined(table.c[column]))
            .where(table.c.entry_id == HourEntry.id)
            .correlate(HourEntry)
            .scalar_subquery()
        )

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
        sa.select(_joined(HourTag.code))
        .join(hour_entry_tag, hour_entry_tag.c.tag_id == HourTag.id)
        .where(hour_entry_tag.c.entry_id == HourEntry.id)
        .correlate(HourEntry)
        .scalar_subquery()
        .label("tags"),
    ).where(
        HourEntry.person_id.in_(_people()),
        HourEntry.superseded_at.is_(None),
        HourEntry.state != EntryState.WITHDRAWN,
    )


# Seats that are held: what they will give if all goes as planned.


def _seat(row: Any, at: datetime) -> list[Entry]:
    first = local(row.starts_at, row.zone).date() if row.starts_at else at.date()
    last = local(row.ends_at, row.zone).date() if row.ends_at else first
    minutes = {Ledger.TRAINING: row.training or 0, Ledger.RSC: row.rsc or 0}
    reason = APPLIED_FOR if row.apply_url else ""
    lines = [
        Entry(
            key=f"seat-{row.id}",
            ledger=of,
            began=first,
            on=last,
            minutes=min(worth, row.credit_cap_minutes) if row.credit_cap_minutes is not None else worth,
            title=row.title,
            provider=row.provider,
            trainer=row.trainer or row.trainer_names,
            sure=Sure.PLANNED,
            areas=_ids(row.areas),
            topics=_ids(row.topics),
            tags=_words(row.tags),
            is_reviewed=not row.unreviewed,
            rsc=_provider(row, first, first, row.trainer_id) if of == Ledger.RSC else None,
            not_counted=reason or (NO_AREA if of == Ledger.TRAINING and not row.areas else ""),
            offering_id=row.offering_id,
        )
        for of, worth in minutes.items()
        if worth
    ]
    return [one for line in lines for one in (_by_leader(row, line) if line.rsc else [line])]


def _seats() -> sa.Select[Any]:
    return _seats_on(db.engine.dialect.name)


@cache
def _seats_on(_database: str) -> sa.Select[Any]:
    trainer = aliased(Person)

    def listed(column: Any, *where: Any) -> Any:
        return sa.select(_joined(column)).where(*where).correlate(Course).scalar_subquery()

    def worth(ledger: Ledger) -> Any:
        return (
            sa.select(sa.func.sum(Meeting.minutes))
            .where(Meeting.offering_id == Offering.id, Meeting.ledger == ledger)
            .correlate(Offering)
            .scalar_subquery()
        )

    unreviewed = sa.or_(
        sa.exists().where(CourseArea.course_id == Course.id, CourseArea.reviewed_at.is_(None)),
        sa.exists().where(CourseTopic.course_id == Course.id, CourseTopic.reviewed_at.is_(None)),
    )
    has_credit = sa.exists().where(
        Credit.person_id == Enrollment.person_id,
        Credit.offering_id == Enrollment.offering_id,
        Credit.superseded_at.is_(None),
    )
    gives_rsc = sa.or_(Course.kind == Kind.REFLECTIVE_GROUP, Course.rsc_minutes > 0)
    return (
        sa.select(
            Enrollment.id,
            Enrollment.person_id,
            Enrollment.offering_id,
            Offering.starts_at,
            Offering.ends_at,
            Offering.zone,
            Offering.trainer_id,
            Course.title,
            Course.provider,
            Course.trainer_names,
            Course.apply_url,
            Course.credit_cap_minutes,
            trainer.name.label("trainer"),
            worth(Ledger.TRAINING).label("training"),
            worth(Ledger.RSC).label("rsc"),
            listed(CourseArea.area_id, CourseArea.course_id == Course.id).label("areas"),
            listed(CourseTopic.topic_id, CourseTopic.course_id == Course.id).label("topics"),
            sa.select(_joined(HourTag.code))
            .join(course_tag, course_tag.c.tag_id == HourTag.id)
            .where(course_tag.c.course_id == Course.id)
            .correlate(Course)
            .scalar_subquery()
            .label("tags"),
            unreviewed.label("unreviewed"),
            sa.case((gives_rsc, _held())).label("held"),
            sa.case((gives_rsc, leading.planned(trainer))).label("led"),
        )
        .join(Offering, Offering.id == Enrollment.offering_id)
        .join(Course, Course.id == Offering.course_id)
        .outerjoin(trainer, trainer.id == Offering.trainer_id)
        .where(
            Enrollment.person_id.in_(_people()),
            Enrollment.state == State.SEATED,
            Offering.state == "scheduled",
            ~has_credit,
            # Over, and the roster is not closed yet: the hours are still to come. Once it is closed there is credit.
            sa.or_(
                Offering.ends_at.is_(None),
                Offering.ends_at > sa.bindparam("now"),
                Offering.settled_at.is_(None),
            ),
        )
    )
