"""A coordinator chooses the words of a letter, or goes back to those it comes with."""

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from catalog import clock
from catalog.accounts.models import Person
from catalog.errors import RuleBroken
from catalog.extensions import db
from catalog.notices import audit
from catalog.notices.letters import Letter
from catalog.notices.models import LetterTemplate


class WordsChanged(RuleBroken):
    sentence = (
        "Somebody else changed this letter while you wrote. Their words stand below yours; "
        "save again if yours are to stay."
    )


def reword(letter: Letter, subject: str, body: str, seen: int, *, by: Person) -> None:
    """These are the letter's words from now on, also for what waits to be sent. `seen` is the version that was
    edited, 0 for the words it comes with. Raises WordsChanged when that is no longer the one that stands."""
    if (subject, body) == (letter.subject, letter.body):
        return restore(letter, seen, by=by)
    chosen = _held(letter, seen)
    before = (chosen.subject, chosen.body) if chosen else (letter.subject, letter.body)
    if before == (subject, body):
        return None
    if chosen is None:
        chosen = LetterTemplate(kind=letter.kind, version=0)
    chosen.subject, chosen.body = subject, body
    chosen.version += 1
    chosen.changed_at, chosen.changed_by_id = clock.now(), by.id
    try:
        with db.session.begin_nested():
            db.session.add(chosen)
    except IntegrityError as error:
        raise WordsChanged from error
    _note("letter.reworded", letter, by, before, (subject, body))
    return None


def restore(letter: Letter, seen: int, *, by: Person) -> None:
    """Back to the words it came with. Raises WordsChanged as `reword` does."""
    chosen = _held(letter, seen)
    if chosen is None:
        return
    before = (chosen.subject, chosen.body)
    db.session.delete(chosen)
    db.session.flush()
    _note("letter.restored", letter, by, before, (letter.subject, letter.body))


def _held(letter: Letter, seen: int) -> LetterTemplate | None:
    """The words that stand; the row is the lock, and whoever waited for it reads what it says now."""
    chosen = db.session.scalar(
        sa.select(LetterTemplate)
        .where(LetterTemplate.kind == letter.kind)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if (chosen.version if chosen else 0) != seen:
        raise WordsChanged
    return chosen


def _note(action: str, letter: Letter, by: Person, before: tuple[str, str], after: tuple[str, str]) -> None:
    audit.note(
        action,
        "letter",
        0,
        by=by,
        letter=letter.label,
        before={"subject": before[0], "text": before[1]},
        after={"subject": after[0], "text": after[1]},
    )
