"""What searches have found is told: at once, or in a digest of the morning. One letter a person, whatever they saved.

That something was told is written on the hit in the transaction that queues the letter, by a statement that only
takes what nobody told yet; so nothing is told twice, whoever asks at the same time."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import aliased, joinedload, selectinload

from catalog import clock
from catalog.accounts.models import Person
from catalog.browse.queries.fitting import fitting
from catalog.courses.models import Offering, Seat
from catalog.enrollment.models import IS_WAITING, LIVE, Enrollment
from catalog.extensions import db
from catalog.following import letters, queries, reading
from catalog.following.models import HowOften, Interest, SavedSearch, SavedSearchHit
from catalog.notices.services import queue

JOB = "tell_of_sessions"
GATHER = 5
"""What is posted within so many minutes by the clock is told in one letter."""
MORNING = time(7)
KEPT = timedelta(days=60)
"""What was found is forgotten so long after the session began; until then it is known to have been told."""


def last_moment(how_often: HowOften, now: datetime, zone: str) -> datetime:
    """Up to when everything found is due: the last five minutes by the clock, the last seven in the morning,
    or that on a Monday."""
    if how_often == HowOften.AT_ONCE:
        return now - timedelta(minutes=now.minute % GATHER, seconds=now.second, microseconds=now.microsecond)
    local = now.astimezone(ZoneInfo(zone))
    day = local.date() if local.time() >= MORNING else local.date() - timedelta(days=1)
    if how_often == HowOften.WEEKLY:
        day -= timedelta(days=day.weekday())
    return datetime.combine(day, MORNING, ZoneInfo(zone))


def ask_at_once(person_id: int, found_at: datetime) -> None:
    """At the end of the minutes in which letters are gathered."""
    ask(person_id, last_moment(HowOften.AT_ONCE, found_at, "UTC") + timedelta(minutes=GATHER))


def ask(person_id: int, at: datetime) -> None:
    """Once for each person and moment, however much is found."""
    queue(JOB, {"person_id": person_id}, at=at, dedupe_key=f"{JOB} {person_id} {at:%Y-%m-%dT%H:%M}")


def ask_who_is_due() -> None:
    """Once an hour: everybody for whom something found is due, in the morning of their own zone."""
    now = clock.now()
    _forget(now)
    waiting = (
        sa.select(SavedSearch.person_id, SavedSearch.how_often, Person.zone)
        .join(Person, Person.id == SavedSearch.person_id)
        .join(SavedSearchHit, SavedSearchHit.search_id == SavedSearch.id)
        .add_columns(sa.func.min(SavedSearchHit.found_at, type_=SavedSearchHit.found_at.type))
        .where(SavedSearchHit.told_at.is_(None))
        .group_by(SavedSearch.person_id, SavedSearch.how_often, Person.zone)
        .order_by(SavedSearch.person_id)
    )
    due = {
        person_id
        for person_id, how_often, zone, first in db.session.execute(waiting)
        if first <= last_moment(how_often, now, _zone(zone))
    }
    for person_id in sorted(due):
        ask(person_id, now)


def tell(person_id: int) -> None:
    """One letter with everything that is due to this person, or none. What no longer fits, because it was called off,
    is over or was moved, is left out; what is full by now is said to be."""
    person = db.session.get(Person, person_id)
    if person is None or person.merged_into_id:
        return
    now = clock.now()
    searches = queries.searches(person)
    due = {one.id: _take(one, last_moment(one.how_often, now, _zone(person.zone)), now) for one in searches}
    known = _known(person, {offering_id for ids in due.values() for offering_id in ids}, now)
    fit = _still_fitting(searches, due, now)
    groups = []
    for one in searches:
        new = [offering_id for offering_id in fit[one.id] if offering_id not in known]
        known.update(new)
        if new:
            groups.append((one.label, one.query, _sessions(new)))
    if groups:
        letters.found(person, groups)


def _take(search: SavedSearch, until: datetime, now: datetime) -> list[int]:
    """Of what was found until then, what nobody has told yet: it is told now, by this transaction alone."""
    taken = list(
        db.session.scalars(
            sa.update(SavedSearchHit)
            .where(
                SavedSearchHit.search_id == search.id,
                SavedSearchHit.told_at.is_(None),
                SavedSearchHit.found_at <= until,
            )
            .values(told_at=now)
            .execution_options(synchronize_session=False)
            .returning(SavedSearchHit.offering_id)
        )
    )
    if taken:
        search.told_at = now
        db.session.flush()
    return taken


def _known(person: Person, offering_ids: set[int], now: datetime) -> set[int]:
    """Those this person knows of: they are on it, another of their searches told it before, or it was told to them as
    the date that they waited for. Whoever is told by two searches at once hears of it with the first."""
    if not offering_ids:
        return set()
    hit, by = aliased(SavedSearchHit), aliased(SavedSearch)
    told_before = (
        sa.select(hit.offering_id)
        .join(by, by.id == hit.search_id)
        # What was there when the search was saved was never told.
        .where(by.person_id == person.id, hit.found_at > by.saved_at, hit.told_at < now)
    )
    on_it = sa.select(Enrollment.offering_id).where(
        Enrollment.person_id == person.id, Enrollment.state.in_(LIVE)
    )
    waited_for = (
        sa.select(Offering.id)
        .join(Interest, Interest.course_id == Offering.course_id)
        .where(Interest.person_id == person.id, Interest.told_at >= Offering.created_at)
    )
    return {
        offering_id
        for known in (
            told_before.where(hit.offering_id.in_(offering_ids)),
            on_it.where(Enrollment.offering_id.in_(offering_ids)),
            waited_for.where(Offering.id.in_(offering_ids)),
        )
        for offering_id in db.session.scalars(known)
    }


def _still_fitting(
    searches: Sequence[SavedSearch], due: Mapping[int, list[int]], now: datetime
) -> dict[int, list[int]]:
    words, zone = reading.vocabulary(), current_app.config["CATALOG"].site_zone
    found: dict[int, list[int]] = {}
    for one in searches:
        filters = reading.read(one.query, words)
        sound = due[one.id] if not filters.problems else []
        asked = fitting(filters, words, now, zone).where(Offering.id.in_(sound))
        order = (Offering.starts_at.is_(None), Offering.starts_at, Offering.id)
        found[one.id] = list(db.session.scalars(asked.order_by(*order))) if sound else []
    return found


def _sessions(offering_ids: list[int]) -> list[tuple[Offering, bool]]:
    free = sa.exists().where(Seat.offering_id == Offering.id, ~Seat.is_taken)
    waits = sa.exists().where(Enrollment.offering_id == Offering.id, IS_WAITING)
    is_full = sa.and_(Offering.capacity.is_not(None), sa.or_(~free, waits))
    rows = db.session.execute(
        sa.select(Offering, is_full)
        .options(joinedload(Offering.course), selectinload(Offering.meetings))
        .where(Offering.id.in_(offering_ids))
    ).tuples()
    found = {offering.id: (offering, full) for offering, full in rows}
    return [found[offering_id] for offering_id in offering_ids if offering_id in found]


def _forget(now: datetime) -> None:
    begun = sa.select(Offering.id).where(Offering.starts_at < now - KEPT)
    db.session.execute(
        sa.delete(SavedSearchHit)
        .where(SavedSearchHit.offering_id.in_(begun))
        .execution_options(synchronize_session=False)
    )


def _zone(of_person: str | None) -> str:
    return of_person or current_app.config["CATALOG"].site_zone
