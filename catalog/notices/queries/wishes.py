"""What people want to be told, and in which words."""

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from catalog.accounts.models import Person
from catalog.extensions import db
from catalog.notices.models import LetterTemplate, Muted


def muted_by(person: Person) -> set[str]:
    """The kinds of letters that they do not want."""
    return set(db.session.scalars(sa.select(Muted.kind).where(Muted.person_id == person.id)))


def chosen_words(kind: str) -> LetterTemplate | None:
    return db.session.scalar(
        sa.select(LetterTemplate)
        .options(joinedload(LetterTemplate.changed_by))
        .where(LetterTemplate.kind == kind)
    )


def words_chosen() -> dict[str, LetterTemplate]:
    """All that a coordinator chose, by kind."""
    rows = db.session.scalars(
        sa.select(LetterTemplate).options(joinedload(LetterTemplate.changed_by)).order_by(LetterTemplate.kind)
    )
    return {row.kind: row for row in rows}
