"""Writes: two accounts become one. Which rows changed hands is kept, so that exactly these can go back."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from catalog import clock
from catalog.accounts.models import Person, SignIn
from catalog.coordinating import belongings, letters
from catalog.coordinating.belongings import AT_REST, Key
from catalog.coordinating.models import Merge
from catalog.coordinating.queries import merging as queries
from catalog.coordinating.queries.merging import Preview
from catalog.coordinating.refusals import NotAsShown, SamePerson
from catalog.coordinating.services.holding import hold_people, hold_sessions
from catalog.endorsement.models import Goal, ShareLink
from catalog.extensions import Base, db
from catalog.notices import audit
from catalog.notices import services as notices


def merge(kept_id: int, gone_id: int, seen: str, *, by: Person) -> Merge:
    """What belongs to `gone` belongs to `kept` from now on, and nobody signs in to `gone` any more.

    `seen` is what the preview showed. Raises whatever the preview refuses, and NotAsShown when it shows something
    else by now."""
    hold_sessions((kept_id, gone_id))
    people = hold_people(kept_id, gone_id)
    if len(people) != 2:
        raise SamePerson
    kept, gone = people[kept_id], people[gone_id]
    preview = queries.preview(kept, gone, by)
    if preview.refusal:
        raise preview.refusal
    if seen != preview.stand:
        raise NotAsShown
    try:
        moved = _move(preview)
    except IntegrityError as error:
        # Somebody wrote the same for both this moment.
        db.session.rollback()
        raise NotAsShown from error
    made = Merge(kept_id=kept.id, gone_id=gone.id, merged_at=clock.now(), merged_by_id=by.id, moved=moved)
    db.session.add(made)
    db.session.flush()
    _tell(made, preview, by)
    return made


def _move(preview: Preview) -> dict[str, Any]:
    kept, gone = preview.kept, preview.gone
    for key, rows in preview.moves.items():
        one = belongings.named(key)
        db.session.execute(
            sa.update(one.table)
            .where(one.column == gone.id, one.is_one_of(rows))
            .values({one.column: kept.id})
        )
    changes = [*_put_at_rest(preview), *_close_links(preview)]
    for name, value in preview.fills.items():
        setattr(kept, name, value)
    gone.merged_into_id = kept.id
    db.session.execute(sa.delete(SignIn).where(SignIn.person_id == gone.id))
    db.session.flush()
    db.session.expire_all()
    return {
        "rows": preview.moves,
        "left": {key: [list(row) for row in rows] for key, rows in preview.left.items()},
        "changes": changes,
        "fills": {name: _plain(value) for name, value in preview.fills.items()},
    }


def _put_at_rest(preview: Preview) -> list[dict[str, Any]]:
    """What both have is kept's; gone's stays behind and is at rest. Where only gone's was live, kept's is now."""
    changes = []
    for table, column in AT_REST.items():
        for theirs, own in preview.left.get(f"{table}.person_id", {}).items():
            if _value(table, theirs, column) is None:
                changes.append(_change(table, theirs, column, clock.now()))
                if _value(table, own, column) is not None:
                    changes.append(_change(table, own, column, None))
    return changes


def _close_links(preview: Preview) -> list[dict[str, Any]]:
    """Links to a goal that stays behind would show what has gone elsewhere."""
    goals = [key[0] for key in preview.left.get("goal.person_id", {})]
    links = db.session.scalars(
        sa.select(ShareLink.id).where(ShareLink.goal_id.in_(goals), ShareLink.revoked_at.is_(None))
    ).all()
    return [_change("share_link", (link,), "revoked_at", clock.now()) for link in links]


def _value(table: str, key: Key, column: str) -> Any:
    of = Base.metadata.tables[table]
    return db.session.scalar(sa.select(of.c[column]).where(of.c.id == key[0]))


def _change(table: str, key: Key, column: str, after: datetime | None) -> dict[str, Any]:
    of = Base.metadata.tables[table]
    before = _value(table, key, column)
    db.session.execute(sa.update(of).where(of.c.id == key[0]).values({column: after}))
    return {
        "table": table,
        "id": key[0],
        "column": column,
        "before": _plain(before),
        "after": _plain(after),
    }


def _plain(value: Any) -> Any:
    """As JSON can hold it."""
    return value.isoformat() if isinstance(value, date) else value


def _tell(made: Merge, preview: Preview, by: Person) -> None:
    kept, gone = preview.kept, preview.gone
    audit.note(
        "person.merged",
        "person",
        gone.id,
        by=by,
        person_id=kept.id,
        merge=made.id,
        moved=sum(preview.counts.values()),
        left=sum(preview.left_counts.values()),
    )
    letters.joined(kept, gone)
    reckon_anew(kept, named_otherwise=kept.name != gone.name)


def reckon_anew(*people: Person, named_otherwise: bool) -> None:
    """Summaries of goals are reckoned by the worker, and certificates under another name are issued anew."""
    for person in people:
        goals = sa.select(sa.exists().where(Goal.person_id == person.id, Goal.dropped_at.is_(None)))
        if db.session.scalar(goals):
            notices.queue("recount_person", {"person_id": person.id})
        if named_otherwise:
            notices.queue("reissue_certificates", {"person_id": person.id})
