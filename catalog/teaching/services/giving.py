"""Giving files and links to those with a seat, and taking them back."""

import hashlib

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from catalog import clock
from catalog.accounts.models import Person
from catalog.courses.models import Offering
from catalog.extensions import db
from catalog.notices import audit
from catalog.records.evidence import Clean
from catalog.teaching.models import Material, Shown
from catalog.teaching.refusals import MaterialRefused, SentWithOther

MOST = 30
MOST_BYTES = 60 * 1024 * 1024
"""All files of one session together, with those that were taken back and can be put back."""


def give(
    offering: Offering,
    title: str,
    what: str | Clean,
    shown: Shown,
    *,
    by: Person,
    once: str | None = None,
) -> Material:
    """Add a link, or a file that was made safe. The same form sent twice adds it once.

    Raises MaterialRefused when the session has enough of them, or SentWithOther."""
    made = Material(
        offering_id=offering.id,
        title=title,
        shown=shown,
        added_at=clock.now(),
        added_by_id=by.id,
        **_columns(what),
    )
    made.once = hashlib.sha256(f"{by.id} {offering.id} {once}".encode()).hexdigest()[:32] if once else None
    try:
        with db.session.begin_nested():
            db.session.add(made)
            db.session.flush()
    except IntegrityError:
        return _made_before(made)
    # Not before: whoever takes a seat would wait for a large file to be written.
    _hold(offering)
    _refuse_too_many(offering)
    audit.note("material.added", "offering", offering.id, by=by, title=title)
    return made


def take_back(material: Material, *, by: Person) -> None:
    """Nobody is given it any more; it can be put back."""
    _hold(material.offering)
    db.session.refresh(material, ["removed_at"])
    if material.removed_at is None:
        material.removed_at = clock.now()
        db.session.flush()
        audit.note("material.removed", "offering", material.offering_id, by=by, title=material.title)


def put_back(material: Material, *, by: Person) -> None:
    _hold(material.offering)
    db.session.refresh(material, ["removed_at"])
    if material.removed_at is not None:
        material.removed_at = None
        db.session.flush()
        _refuse_too_many(material.offering)
        audit.note("material.put_back", "offering", material.offering_id, by=by, title=material.title)


def _columns(what: str | Clean) -> dict[str, object]:
    if isinstance(what, str):
        return {"url": what, "file_name": "", "size": 0}
    return {
        "file_name": what.file_name,
        "media_type": what.media_type,
        "size": len(what.content),
        "content": what.content,
    }


def _hold(offering: Offering) -> None:
    """One at a time adds to a session, so that two do not both find room for the last."""
    db.session.execute(
        sa.select(Offering.id).where(Offering.id == offering.id).with_for_update(key_share=True)
    )


def _refuse_too_many(offering: Offering) -> None:
    there = sa.func.count(sa.case((Material.removed_at.is_(None), 1)))
    size = sa.func.coalesce(sa.func.sum(Material.size), 0)
    count, together = db.session.execute(
        sa.select(there, size).where(Material.offering_id == offering.id)
    ).one()
    if count > MOST:
        raise MaterialRefused(f"A session has at most {MOST} materials. Remove one first.")
    if together > MOST_BYTES:
        raise MaterialRefused(
            "The files of this session would be more than 60 MB. Give a link to this one instead."
        )


def _made_before(sent: Material) -> Material:
    before = db.session.scalar(sa.select(Material).where(Material.once == sent.once))
    said = ("title", "url", "file_name", "size", "shown")
    if before is None or any(getattr(before, name) != getattr(sent, name) for name in said):
        raise SentWithOther
    return before
