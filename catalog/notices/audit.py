"""The audit trail: one function to write it, and one that is told what people do with their own accounts."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from catalog import clock
from catalog.accounts.models import Person
from catalog.accounts.services import on_change
from catalog.extensions import db
from catalog.notices.models import AuditEntry, TrailOpened


def note(
    action: str,
    about: str,
    about_id: int,
    *,
    by: Person | None,
    person_id: int | None = None,
    reason: str | None = None,
    **details: Any,
) -> None:
    """Write down what `by` did, in the transaction that does it. Details are plain JSON values."""
    db.session.add(
        AuditEntry(
            at=clock.now(),
            action=action,
            about=about,
            about_id=about_id,
            by_id=by.id if by else None,
            person_id=person_id,
            reason=reason,
            details=details,
        )
    )


@contextmanager
def opened() -> Iterator[None]:
    """The one way to change or delete entries, for what the law says must go: a statement within it is not refused.
    Whoever uses it notes in the trail what was taken out, and why. Within one transaction; nobody else's sees it."""
    db.session.execute(sa.insert(TrailOpened).values(id=1))
    yield
    db.session.flush()
    db.session.execute(sa.delete(TrailOpened))


@on_change
def _own_account(action: str, person: Person, details: dict[str, Any]) -> None:
    note(action, "person", person.id, by=person, person_id=person.id, **details)
