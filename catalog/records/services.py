"""Writes about people that are kept in the trail. Accounts stand below the trail, so this stands here."""

from catalog.accounts import services as accounts
from catalog.accounts.models import Person
from catalog.notices import audit

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
