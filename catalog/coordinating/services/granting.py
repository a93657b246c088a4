"""Giving somebody the coordinator's role for a part or for a while, and ending it."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from catalog import clock
from catalog.accounts.models import Person, RoleGrant
from catalog.coordinating import letters
from catalog.coordinating.queries import granting as queries
from catalog.coordinating.refusals import EndedAlready, NotForOneself, NotYours, WithoutEnd
from catalog.extensions import db
from catalog.notices import audit


def grant(
    person: Person,
    *,
    by: Person,
    counties: Sequence[str],
    providers: Sequence[str],
    until: datetime | None,
    reason: str,
) -> RoleGrant:
    """Administrators give it as they like. A coordinator hands on their own role, or a part of it, until a day, and
    for no longer than they have it. The same form sent twice gives it once.

    Raises NotForOneself, WithoutEnd or NotYours."""
    if person.id == by.id:
        raise NotForOneself
    # Whoever gives is held, so that a role which ends at this moment is not handed on; and whoever gets it, so that
    # the same form sent again sees the first. In the order of their numbers: two may give each other one.
    both = sa.select(Person.id).where(Person.id.in_((by.id, person.id))).order_by(Person.id)
    db.session.execute(both.with_for_update(key_share=True)).all()
    db.session.refresh(by)
    made = RoleGrant(
        person_id=person.id,
        counties=list(counties),
        providers=list(providers),
        begins_at=clock.now(),
        until=until,
        reason=" ".join(reason.split()),
        is_delegated=not by.is_administrator,
        granted_at=clock.now(),
        granted_by_id=by.id,
    )
    if made.is_delegated:
        _refuse_more_than_theirs(made, by)
    if same := _there_already(made):
        return same
    db.session.add(made)
    person.has_grants = True
    db.session.flush()
    db.session.expire(person, ["grants"])
    audit.note(
        "role.granted",
        "person",
        person.id,
        by=by,
        person_id=person.id,
        reason=made.reason or None,
        role=queries.said(made),
        until=until.isoformat() if until else None,
    )
    letters.granted(made)
    return made


def _there_already(made: RoleGrant) -> RoleGrant | None:
    """The same role in force, from the same giver and for the same reason."""
    names = ("counties", "providers", "until", "reason", "is_delegated")
    theirs = db.session.scalars(
        sa.select(RoleGrant)
        .where(RoleGrant.person_id == made.person_id, RoleGrant.granted_by_id == made.granted_by_id)
        .order_by(RoleGrant.id)
    )
    in_force = [one for one in theirs if one.is_in_force(clock.now())]
    return next((one for one in in_force if all(getattr(one, n) == getattr(made, n) for n in names)), None)


def _refuse_more_than_theirs(made: RoleGrant, by: Person) -> None:
    if made.until is None:
        raise WithoutEnd
    if not by.may_hand_on(made, clock.now()):
        raise NotYours


def end(made: RoleGrant, *, by: Person) -> None:
    """From now on it is not in force, and what its holder handed on of it is not either. Raises EndedAlready."""
    db.session.refresh(made, with_for_update=True)
    if not made.is_in_force(clock.now()):
        raise EndedAlready
    made.ended_at, made.ended_by_id = clock.now(), by.id
    db.session.flush()
    audit.note(
        "role.ended", "person", made.person_id, by=by, person_id=made.person_id, role=queries.said(made)
    )
    letters.ended(made)
