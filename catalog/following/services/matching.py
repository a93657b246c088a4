"""A course changed, or a session of it was posted: which saved searches find something new in it.

The searches are looked through in batches, each a job and a transaction of its own; people who saved the same search
share one question to the database, and forty questions are one statement."""

from collections.abc import Iterator, Sequence
from datetime import datetime

import sqlalchemy as sa
from flask import current_app

from catalog import clock
from catalog.browse.queries.fitting import fitting, is_coming
from catalog.courses import search
from catalog.courses.models import Course, Offering
from catalog.extensions import db, insert
from catalog.following import reading
from catalog.following.models import HowOften, SavedSearch, SavedSearchHit
from catalog.following.services import telling
from catalog.following.services.interest import tell_interested
from catalog.notices.services import queue

JOB = "sessions_posted"
BATCH = 200
TOGETHER = 40
"""So many questions in one statement; SQLite takes no more than five hundred."""


@search.on_index
def ask(course: Course) -> None:
    """In the transaction that changes the course: nothing is missed, and nothing is told that was not saved."""
    if course.is_public:
        queue(JOB, {"course_id": course.id})


def look_through(course_id: int, after: str | None = None) -> None:
    """The next searches after this query, in the order of the alphabet; a job for those after them.

    Whoever waits for a date of the course is told with the first batch."""
    now = clock.now()
    if after is None:
        tell_interested(course_id)
    coming = _coming(course_id, now)
    if not coming:
        return
    queries = _queries_after(after)
    hits = _new_hits(_finders(queries, coming, now), now)
    for person_id in _at_once(hits):
        telling.ask_at_once(person_id, now)
    if len(queries) == BATCH:
        queue(JOB, {"course_id": course_id, "after": queries[-1]})


def _coming(course_id: int, now: datetime) -> list[int]:
    return list(
        db.session.scalars(
            sa.select(Offering.id)
            .join(Course, Course.id == Offering.course_id)
            .where(Course.id == course_id, is_coming(now))
        )
    )


def _queries_after(after: str | None) -> Sequence[str]:
    every = sa.select(SavedSearch.query).distinct().order_by(SavedSearch.query).limit(BATCH)
    return db.session.scalars(every if after is None else every.where(SavedSearch.query > after)).all()


def _finders(queries: Sequence[str], coming: list[int], now: datetime) -> Iterator[tuple[str, int]]:
    """Each query with each of the offerings that it finds. One that is not understood any more finds nothing, for
    without what is not known it would find too much."""
    words, zone = reading.vocabulary(), current_app.config["CATALOG"].site_zone
    filters = [(query, reading.read(query, words)) for query in queries]
    sound = [(query, asked) for query, asked in filters if not asked.problems]
    for start in range(0, len(sound), TOGETHER):
        selects = [
            fitting(asked, words, now, zone)
            .where(Offering.id.in_(coming))
            .add_columns(sa.literal_column(str(number)))
            for number, (_, asked) in enumerate(sound[start : start + TOGETHER], start)
        ]
        for offering_id, number in db.session.execute(sa.union_all(*selects)):
            yield sound[number][0], offering_id


def _new_hits(found: Iterator[tuple[str, int]], now: datetime) -> list[int]:
    """The ids of the searches that found something they had not found before."""
    of: dict[str, list[int]] = {}
    for query, offering_id in found:
        of.setdefault(query, []).append(offering_id)
    searches = sa.select(SavedSearch.id, SavedSearch.query).where(SavedSearch.query.in_(of))
    rows = [
        {"search_id": search_id, "offering_id": offering_id, "found_at": now}
        for search_id, query in (db.session.execute(searches) if of else ())
        for offering_id in of[query]
    ]
    if not rows:
        return []
    once = insert(SavedSearchHit).on_conflict_do_nothing(index_elements=["search_id", "offering_id"])
    made = db.session.execute(once.returning(SavedSearchHit.search_id), rows)
    return sorted(set(made.scalars()))


def _at_once(search_ids: list[int]) -> list[int]:
    return list(
        db.session.scalars(
            sa.select(SavedSearch.person_id)
            .distinct()
            .where(SavedSearch.id.in_(search_ids), SavedSearch.how_often == HowOften.AT_ONCE)
            .order_by(SavedSearch.person_id)
        )
    )
