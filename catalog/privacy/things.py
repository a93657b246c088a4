"""What of the database is about somebody, what they only did for others, and what becomes of it when they leave.

It is read off the tables: a column called `person_id` says whose a row is, any other column that names a person says
who did something. Where that is not so, it stands here with the reason. A table of tomorrow is therefore in the
export, and is deleted with its person, until somebody says otherwise."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import sqlalchemy as sa

from catalog.coordinating.belongings import Belonging, naming_people
from catalog.extensions import Base

SECRET = re.compile(
    r"password|secret|token|hash|digest|fingerprint|otp|recovery|credential|public_key|private_key|sign_count|^handle$|^challenge$"
    r"|^once$|^tap$|^leased_by$|^dedupe_key$|^import_key$"
)
"""Columns that are never exported: keys to an account or to a page, and marks of forms and machines."""

STAYS_FOR_OTHERS = {
    "audit_entry.person_id": "The trail says what was done; without it nobody could answer for a decision.",
    "certificate.person_id": "A certificate that was issued can be checked by whoever it is shown to.",
    "credit.person_id": "Hours given on a session are in its reports and stand behind its certificates.",
    "departure.person_id": "That somebody left, and when.",
    "enrollment.person_id": "A session had so many people; its seats, marks and hours hang on it.",
    "meeting_substitute.person_id": "A meeting was led by somebody.",
    "meeting_trainer.person_id": "A meeting was led by somebody.",
    "role_grant.person_id": "Who could decide what, and when, as far as decisions stand.",
}
"""Rows about a person that stay when they leave, under nobody's name."""
GOES_TOO = ("not_same.high_id", "not_same.low_id")
"""Rows that go with a person although no `person_id` names them."""
NAMED_ALONE = ("course.owner_id",)
"""Columns that forget who it was: the row belongs to the catalog from then on."""
BESIDE = ("goal_standing", "renewal_standing")
"""Tables of the reports with a `person_id` that refers to nobody; they are reckoned anew every hour."""

AUTHORED = {
    "course.owner_id": ("title", "summary", "objectives", "audience", "prerequisites", "trainer_names"),
    "dispute_entry.by_id": ("act", "text"),
    "material.added_by_id": ("title", "url", "file_name", "media_type", "size", "content"),
    "review.by_id": ("act", "text"),
    "roster_message.by_id": ("audience", "subject", "text"),
}
"""What somebody wrote or handed in for others is theirs too, and is exported with these columns."""
ONLY = {
    # The words of letters hold links that open an account, so they are left where they were sent.
    "job": ("id", "kind", "created_at", "done_at", "outcome"),
    "personal_export": ("id", "asked_at", "made_at", "expires_at", "size"),
}


def is_subject(one: Belonging) -> bool:
    """Whether a row is about the person, and not just something that they did."""
    return one.column.name == "person_id"


@cache
def subjects() -> tuple[Belonging, ...]:
    return tuple(one for one in naming_people() if is_subject(one))


@cache
def deeds() -> tuple[Belonging, ...]:
    return tuple(one for one in naming_people() if not is_subject(one))


def goes(one: Belonging) -> bool:
    """Whether the row is deleted when its person leaves."""
    return (is_subject(one) and one.key not in STAYS_FOR_OTHERS) or one.key in GOES_TOO


def exported_columns(table: sa.Table) -> list[sa.Column[Any]]:
    """Everything but secrets."""
    chosen = ONLY.get(table.name)
    return [
        column
        for column in table.columns
        if (column.name in chosen if chosen else not SECRET.search(column.name))
    ]


def deed_columns(one: Belonging) -> list[sa.Column[Any]]:
    """Of what somebody did for others: which row it is and when, and what they wrote themselves."""
    authored = AUTHORED.get(one.key, ())
    return [
        column
        for column in one.table.columns
        if column.primary_key
        or column is one.column
        or column.name in authored
        or (column.name.endswith(("_at", "_on")) or column.name == "at")
    ]


@cache
def hanging_on(table: sa.Table) -> tuple[tuple[sa.Table, sa.Column[Any]], ...]:
    """Tables whose rows belong to a row of this one and are about nobody else by themselves, such as the lines of a
    plan; with the column by which they do."""
    with_subject = {one.table.name for one in subjects()}
    return tuple(
        (other, key.parent)
        for other in Base.metadata.sorted_tables
        if other is not table and other.name not in with_subject
        for key in other.foreign_keys
        if key.column.table is table and key.constraint is not None and len(key.constraint.columns) == 1
    )


def text_columns() -> Iterator[tuple[sa.Table, sa.Column[Any]]]:
    """Every column of every table that could hold a name."""
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, sa.String | sa.JSON) and not isinstance(column.type, sa.Enum):
                yield table, column
