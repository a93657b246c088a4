"""Writes about people that are kept in the trail. Accounts stand below the trail, so this stands here."""

from datetime import date
from typing import Any

import sqlalchemy as sa

from catalog.accounts import services as accounts
from catalog.accounts.models import Person, Qualification
from catalog.accounts.services import refuse_joined
from catalog.extensions import db
from catalog.factors import letters
from catalog.notices import audit
from catalog.records.refusals import OwnSignIns

ROLES = ("is_trainer", "coordinates", "is_administrator")


def change_roles(
    person: Person,
    *,
    by: Person | None,
    is_trainer: bool,
    coordinates: bool,
    is_administrator: bool,
    **details: str,
) -> None:
    """Give and take roles. Raises accounts.LastAdministrator; writes nothing down when nothing changes."""
    before = {role: getattr(person, role) for role in ROLES}
    after = dict(zip(ROLES, (is_trainer, coordinates, is_administrator), strict=True))
    if before == after:
        return
    accounts.set_roles(person, **after)
    audit.note(
        "person.roles",
        "person",
        person.id,
        by=by,
        person_id=person.id,
        before=before,
        after=after,
        **details,
    )


def make_administrator(person: Person) -> bool:
    """From the shell, where nobody is signed in; whether the person was none before."""
    if person.is_administrator:
        return False
    change_roles(
        person,
        by=None,
        is_trainer=person.is_trainer,
        coordinates=person.coordinates,
        is_administrator=True,
        how="from the shell",
    )
    return True


def end_sign_ins(person: Person, *, by: Person) -> int:
    """Whoever has a device of theirs is signed out, as when a phone was lost; how many there were. They are told.

    Raises OwnSignIns."""
    if person.id == by.id:
        raise OwnSignIns
    ended = accounts.end_all(person)
    audit.note("person.signed_out", "person", person.id, by=by, person_id=person.id, how_many=ended)
    if ended:
        letters.changed(
            person,
            "you were signed out everywhere",
            f"{by.name} signed you out on every device. Sign in again as you always do.",
        )
    return ended


def add_qualification(person: Person, columns: dict[str, Any], *, by: Person) -> Qualification:
    """What the person holds, with its days. The same sent twice is there once."""
    # The person's row is the lock: of two who add at once the second one sees the first.
    db.session.refresh(person, with_for_update={"key_share": True})
    refuse_joined(person.id, by=by)
    same = sa.select(Qualification).filter_by(person_id=person.id, **columns)
    if found := db.session.scalars(same).first():
        return found
    held = Qualification(person_id=person.id, **columns)
    db.session.add(held)
    db.session.flush()
    _note(person, "person.qualification_added", by, {}, columns)
    return held


def change_qualification(held: Qualification, columns: dict[str, Any], *, by: Person) -> None:
    """Say it otherwise, or end it with its last day. Writes nothing down when nothing changes.

    Rosters that are closed keep what they counted; opened and closed again they count anew."""
    before = {name: getattr(held, name) for name in columns}
    if before == columns:
        return
    for name, value in columns.items():
        setattr(held, name, value)
    db.session.flush()
    _note(held.person, "person.qualification_changed", by, before, columns, qualification=before["label"])


def set_membership(person: Person, member_until: date | None, *, by: Person) -> None:
    """Until when the members' prices are theirs; None is no member."""
    db.session.refresh(person, with_for_update={"key_share": True})
    if (before := person.member_until) == member_until:
        return
    person.member_until = member_until
    db.session.flush()
    _note(person, "person.membership", by, {"member_until": before}, {"member_until": member_until})


def set_licence(person: Person, licence: str | None, *, by: Person) -> None:
    """The number of their licence, as a coordinator says it; nothing is written down when nothing changes."""
    db.session.refresh(person, with_for_update={"key_share": True})
    before = person.licence
    accounts.set_licence(person, licence)
    if person.licence != before:
        _note(person, "person.licence", by, {"licence": before}, {"licence": person.licence})


def _note(
    person: Person, action: str, by: Person, before: dict[str, Any], after: dict[str, Any], **details: str
) -> None:
    audit.note(
        action,
        "person",
        person.id,
        by=by,
        person_id=person.id,
        before=_plain(before),
        after=_plain(after),
        **details,
    )


def _plain(columns: dict[str, Any]) -> dict[str, Any]:
    """As JSON can hold them: dates as text."""
    return {name: str(value) if isinstance(value, date) else value for name, value in columns.items()}
