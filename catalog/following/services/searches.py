"""Saving a search, changing it, deleting it and putting it back."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.exc import IntegrityError

from catalog import clock
from catalog.accounts.models import Person
from catalog.accounts.services import refuse_joined
from catalog.browse.filters import Filters
from catalog.browse.queries.fitting import fitting
from catalog.browse.vocabulary import Vocabulary
from catalog.extensions import db
from catalog.following import reading
from catalog.following.models import HowOften, SavedSearch, SavedSearchHit
from catalog.following.refusals import NotUnderstood, SavedAlready, SearchTooLong, TooManySearches
from catalog.following.services import telling

MOST_SEARCHES = 20
"""A person may have so many; more than anybody reads mail for."""


def save(person: Person, query: str, label: str, how_often: HowOften) -> SavedSearch:
    """Tell this person of sessions that fit from now on; those that fit already are no news.

    An empty label is made from the filters. Raises TooManySearches, SavedAlready, SearchTooLong, NotUnderstood."""
    words = reading.vocabulary()
    filters = _understood(query, words)
    # The person's row is the lock: of two that come at once the second one is counted.
    db.session.refresh(person, with_for_update={"key_share": True})
    refuse_joined(person.id, by=person)
    many = sa.select(sa.func.count()).select_from(SavedSearch).where(SavedSearch.person_id == person.id)
    if (db.session.scalar(many) or 0) >= MOST_SEARCHES:
        raise TooManySearches(MOST_SEARCHES)
    made = SavedSearch(
        person_id=person.id,
        query=filters.key,
        label=label or reading.label(filters, words),
        how_often=how_often,
        saved_at=clock.now(),
    )
    _write(made)
    _know_what_is_there(made, filters, words)
    return made


def change(search: SavedSearch, query: str, label: str, how_often: HowOften) -> None:
    """Another name, another rhythm, or other filters, from which on what fits already is no news.

    A label that was made from the filters is made anew with them."""
    words = reading.vocabulary()
    before, filters = reading.read(search.query, words), _understood(query, words)
    was_made = label in ("", reading.label(before, words))
    search.label = reading.label(filters, words) if was_made else label
    search.how_often = how_often
    if (query_before := search.query) != filters.key:
        search.query = filters.key
    _write(search)
    if query_before != search.query:
        _know_what_is_there(search, filters, words)
    _tell_what_waits(search)


def delete(search: SavedSearch) -> dict[str, Any]:
    """What it takes to put it back: its words, and the sessions that wait to be told."""
    untold = _hits(search).where(SavedSearchHit.told_at.is_(None)).limit(100)
    gone = {
        "query": search.query,
        "label": search.label,
        "how_often": search.how_often.value,
        "untold": list(db.session.scalars(untold)),
    }
    db.session.delete(search)
    db.session.flush()
    return gone


def put_back(person: Person, gone: dict[str, Any]) -> SavedSearch:
    """As it was before it was deleted. Raises what `save` does."""
    made = save(person, gone["query"], gone["label"], HowOften(gone["how_often"]))
    db.session.execute(
        sa.update(SavedSearchHit)
        .where(SavedSearchHit.search_id == made.id, SavedSearchHit.offering_id.in_(gone["untold"]))
        .values(told_at=None)
        .execution_options(synchronize_session=False)
    )
    _tell_what_waits(made)
    return made


def _tell_what_waits(search: SavedSearch) -> None:
    """Somebody who wants it at once does not wait for the next hour with what was found before."""
    if search.how_often == HowOften.AT_ONCE:
        telling.ask_at_once(search.person_id, clock.now())


def _understood(query: str, words: Vocabulary) -> Filters:
    filters = reading.read(query, words)
    if filters.problems:
        raise NotUnderstood(" ".join(filters.problems))
    if len(filters.key) > reading.LONGEST_QUERY:
        raise SearchTooLong
    return filters


def _write(search: SavedSearch) -> None:
    try:
        with db.session.begin_nested():
            db.session.add(search)
            db.session.flush()
    except IntegrityError:
        raise SavedAlready from None


def _hits(search: SavedSearch) -> sa.Select[tuple[int]]:
    return sa.select(SavedSearchHit.offering_id).where(SavedSearchHit.search_id == search.id)


def _know_what_is_there(search: SavedSearch, filters: Filters, words: Vocabulary) -> None:
    """Write down everything that fits already as found and told, by one statement."""
    now, zone = clock.now(), current_app.config["CATALOG"].site_zone
    there = fitting(filters, words, now, zone).where(~sa.exists(_hits(search).where(_same_offering())))
    columns = ("search_id", "offering_id", "found_at", "told_at")
    stamp = _instant(now)
    rows = there.with_only_columns(
        sa.literal(search.id), *there.selected_columns, stamp.label("found"), stamp.label("told")
    )
    db.session.execute(sa.insert(SavedSearchHit).from_select(columns, rows))


def _same_offering() -> sa.ColumnElement[bool]:
    return SavedSearchHit.offering_id == sa.literal_column("offering.id")


def _instant(at: datetime) -> sa.BindParameter[datetime]:
    return sa.literal(at, SavedSearchHit.found_at.type)
