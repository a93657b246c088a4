"""Full-text search of courses: one document a course, one interface, a back end for each database.

A document has a title, `words` (provider, trainers, areas, topics, counties, places, kind, language) and a `body`
(summary, audience, prerequisites), weighted in that order. Text is folded here, in Python, before it is stored and
before it is asked for, so that both databases see the same plain words: no accents, no punctuation.

A course matches when it has every word that was typed. Word endings are forgiven (stems), and the last word may
be unfinished. A stem cannot be completed ("attachme" does not begin "attach"), so unstemmed words are kept beside
the stems: in a second table on SQLite, in the same tsvector on PostgreSQL.

The tables are made by migration 0003 and vanish with their course by a trigger (SQLite) or a foreign key."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from catalog.accounts.models import Person
from catalog.competencies.models import Area, Topic
from catalog.courses.models import Course, CourseArea, CourseTopic, Meeting, Offering, meeting_trainer
from catalog.courses.wording import KINDS
from catalog.extensions import db
from catalog.places import counties

MOST_WORDS = 12
LONGEST_WORD = 40
GRAMMAR = frozenset(
    re.findall(r"\w+", "a an and are as at by for from in into is it of on or that the to with")
)
"""Words that are in every text and find nothing; they count only when nothing else was typed."""

# Letters that carry their stroke or ligature inside and so have no accent that could be taken off.
SINGLE = str.maketrans(
    {"ø": "o", "đ": "d", "ð": "d", "ł": "l", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ı": "i"}
)

STEMS = sa.table("course_search", sa.column("rowid", sa.Integer), sa.column("course_search", sa.Text))
TYPED = sa.table(
    "course_search_typed", sa.column("rowid", sa.Integer), sa.column("course_search_typed", sa.Text)
)
ENGLISH: sa.ColumnElement[Any] = sa.literal_column("'english'::regconfig")
SIMPLE: sa.ColumnElement[Any] = sa.literal_column("'simple'::regconfig")
DOCUMENTS = sa.table("course_search", sa.column("course_id", sa.Integer), sa.column("document"))


def plain_words(text: str) -> list[str]:
    """The words of a text in lower case, without accents and punctuation."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(letter for letter in folded if not unicodedata.combining(letter))
    return [word[:LONGEST_WORD] for word in re.findall(r"[^\W_]+", letters.translate(SINGLE))]


def asked_words(text: str) -> list[str]:
    """The words that count in what somebody typed, at most twelve."""
    words = plain_words(text)
    return ([word for word in words if word not in GRAMMAR] or words)[:MOST_WORDS]


def matching(text: str) -> sa.Select[Any] | None:
    """The courses that have all these words, as (course_id, rank); a lower rank fits better.

    None when there is no word in the text. Published or not is the caller's question."""
    words = asked_words(text)
    if not words:
        return None
    return _matching_sqlite(words) if _is_sqlite() else _matching_postgres(words)


def hits(text: str) -> list[sa.Select[Any]]:
    """Selects of the ids of the courses that `matching` finds, without the cost of ranking them: a course is found
    when one of them has it. They are not made one by UNION, because SQLite is ten times as quick without.

    There are none when there is no word in the text."""
    words = asked_words(text)
    if not words:
        return []
    found = _branches(words) if _is_sqlite() else [_matching_postgres(words)]
    return [select.with_only_columns(select.selected_columns.course_id) for select in found]


Listener = Callable[[Course], None]
_listeners: list[Listener] = []


def on_index(listener: Listener) -> Listener:
    """Said once, when the application starts, by a feature above: it is told of each course that changed, or whose
    mapping or offerings did, in the transaction that changes it."""
    _listeners.append(listener)
    return listener


def index(course: Course) -> None:
    """Write the course's document anew; call it whenever the course, its mapping or its offerings change."""
    db.session.flush()
    _write([course.id])
    for listener in _listeners:
        listener(course)


def reindex_all() -> None:
    db.session.flush()
    db.session.execute(sa.delete(DOCUMENTS))
    if _is_sqlite():
        db.session.execute(sa.delete(TYPED))
    _write(None)


def _is_sqlite() -> bool:
    return db.engine.dialect.name == "sqlite"


# Asking.


def _matching_sqlite(words: Sequence[str]) -> sa.Select[Any]:
    either = sa.union_all(*_branches(words)).subquery()
    return sa.select(either.c.course_id, sa.func.min(either.c.rank).label("rank")).group_by(
        either.c.course_id
    )


def _branches(words: Sequence[str]) -> list[sa.Select[Any]]:
    """Those that have all the words in some ending, and those whose last word is still being typed."""
    *head, last = [f'"{word}"' for word in words]
    whole = sa.select(STEMS.c.rowid.label("course_id"), _bm25("course_search")).where(
        STEMS.c.course_search.match(" ".join([*head, last]))
    )
    begun = sa.select(TYPED.c.rowid.label("course_id"), _bm25("course_search_typed")).where(
        TYPED.c.course_search_typed.match(last + "*")
    )
    if head:
        begun = begun.where(
            TYPED.c.rowid.in_(sa.select(STEMS.c.rowid).where(STEMS.c.course_search.match(" ".join(head))))
        )
    return [whole, begun]


def _bm25(table: str) -> sa.Label[float]:
    return sa.func.bm25(sa.literal_column(table), 10.0, 4.0, 1.0).label("rank")


def _matching_postgres(words: Sequence[str]) -> sa.Select[Any]:
    *head, last = words
    asked = sa.func.plainto_tsquery(ENGLISH, _written(" ".join(head))).op("&&")(
        sa.func.plainto_tsquery(ENGLISH, _written(last)).op("||")(
            sa.func.to_tsquery(SIMPLE, _written(f"'{last}':*"))
        )
    )
    rank = (-sa.func.ts_rank(DOCUMENTS.c.document, asked)).label("rank")
    return sa.select(DOCUMENTS.c.course_id, rank).where(DOCUMENTS.c.document.op("@@")(asked))


def _written(words: str) -> sa.BindParameter[str]:
    """The words as a part of the statement: PostgreSQL then knows how many courses have them, and finds a common word
    by date and a rare one by the index. A plan that it keeps for any words is many times as slow for the common."""
    return sa.bindparam(None, words, type_=sa.Text(), unique=True, literal_execute=True)


# Writing.

WRITE_SQLITE = (
    "DELETE FROM course_search WHERE rowid = :id",
    "INSERT INTO course_search (rowid, title, words, body) VALUES (:id, :title, :words, :body)",
    "DELETE FROM course_search_typed WHERE rowid = :id",
    "INSERT INTO course_search_typed (rowid, title, words, body) VALUES (:id, :title, :words, :body)",
)
WRITE_POSTGRES = (
    "DELETE FROM course_search WHERE course_id = :id",
    """INSERT INTO course_search (course_id, document) VALUES (:id,
        setweight(to_tsvector('english', :title), 'A') || setweight(to_tsvector('simple', :title), 'A') ||
        setweight(to_tsvector('english', :words), 'B') || setweight(to_tsvector('simple', :words), 'B') ||
        setweight(to_tsvector('english', :body), 'D') || setweight(to_tsvector('simple', :body), 'D'))""",
)


def _write(ids: Sequence[int] | None) -> None:
    if rows := _documents(ids):
        for statement in WRITE_SQLITE if _is_sqlite() else WRITE_POSTGRES:
            db.session.execute(sa.text(statement), rows)


def _documents(ids: Sequence[int] | None) -> list[dict[str, Any]]:
    """What is known of each course in words, in a handful of statements for all of them."""
    found: dict[int, set[str]] = defaultdict(set)
    for statement in _related(ids):
        for course_id, *names in db.session.execute(statement):
            found[course_id].update(name for name in names if name)
    return [_document(course, found[course.id]) for course in db.session.execute(_courses(ids))]


def _document(course: sa.Row[Any], related: Iterable[str]) -> dict[str, Any]:
    words = [course.provider, course.sponsor, course.trainer_names, course.location, course.language]
    words += [KINDS[course.kind], *sorted(_county(name) for name in related)]
    body = [course.summary, course.audience, course.prerequisites]
    return {
        "id": course.id,
        "title": " ".join(plain_words(course.title)),
        "words": " ".join(plain_words(" ".join(words))),
        "body": " ".join(plain_words(" ".join(body))),
    }


def _county(name: str) -> str:
    """A county's code becomes its name; anything else stays."""
    county = counties().get(name)
    return f"{county.name} County" if county else name


def _courses(ids: Sequence[int] | None) -> sa.Select[Any]:
    course = Course.__table__.c
    columns = (course.id, course.title, course.kind, course.provider, course.sponsor, course.trainer_names)
    texts = (course.location, course.language, course.summary, course.audience, course.prerequisites)
    return _of(ids, sa.select(*columns, *texts), course.id)


def _related(ids: Sequence[int] | None) -> list[sa.Select[Any]]:
    """Statements whose rows are a course's id and names that belong to it."""
    trainer, helper = aliased(Person), aliased(Person)
    return [
        _of(ids, sa.select(CourseArea.course_id, Area.name).join(CourseArea.area), CourseArea.course_id),
        _of(
            ids,
            sa.select(CourseTopic.course_id, Topic.name, Topic.name_ecmh).join(CourseTopic.topic),
            CourseTopic.course_id,
        ),
        _of(ids, sa.select(Course.id, trainer.name).join(trainer, trainer.id == Course.owner_id), Course.id),
        _of(
            ids,
            sa.select(Offering.course_id, Offering.county, Offering.place, Offering.language, trainer.name)
            .outerjoin(trainer, trainer.id == Offering.trainer_id)
            .distinct(),
            Offering.course_id,
        ),
        _of(
            ids,
            sa.select(Offering.course_id, Meeting.place, helper.name)
            .join(Meeting, Meeting.offering_id == Offering.id)
            .outerjoin(meeting_trainer, meeting_trainer.c.meeting_id == Meeting.id)
            .outerjoin(helper, helper.id == meeting_trainer.c.person_id)
            .where(sa.or_(Meeting.place != "", helper.id.is_not(None)))
            .distinct(),
            Offering.course_id,
        ),
    ]


def _of(ids: Sequence[int] | None, statement: sa.Select[Any], column: Any) -> sa.Select[Any]:
    return statement if ids is None else statement.where(column.in_(ids))
