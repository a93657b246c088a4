"""Taking somebody's second step away: the phone is lost, and the recovery codes with it."""

import sqlalchemy as sa

from catalog.accounts import services as accounts
from catalog.accounts.models import Person
from catalog.errors import ReasonNeeded, RuleBroken
from catalog.extensions import db
from catalog.factors import letters
from catalog.factors.models import AuthenticatorApp, Challenge, Passkey, RecoveryCode
from catalog.factors.services import keeping
from catalog.notices import audit


class OnesOwn(RuleBroken):
    sentence = "Another administrator has to do this for you."


def forget_factors(person: Person, by: Person | None, reason: str | None = None) -> None:
    """Everything but the password is gone, and every sign-in of theirs ends. `by` is the administrator who found out
    who is asking, None for the command line. Raises OnesOwn, and ReasonNeeded for an administrator without one."""
    if by is not None and by.id == person.id:
        raise OnesOwn
    if by is not None and not (reason or "").strip():
        raise ReasonNeeded
    keeping.take_turns(person)
    for kind in (AuthenticatorApp, Passkey, RecoveryCode, Challenge):
        db.session.execute(sa.delete(kind).where(kind.person_id == person.id))
    person.second_step_since = None
    accounts.end_all(person)
    db.session.flush()
    audit.note(
        "factor.forgotten",
        "person",
        person.id,
        by=by,
        person_id=person.id,
        reason=(reason or "").strip() or None,
    )
    letters.changed(
        person,
        "your second step was taken away",
        "Your app, passkeys and recovery codes were removed, so that you can get in again with your password. "
        + (f"{by.name} did this." if by else "Whoever runs this site did this."),
    )


@accounts.on_recovery
def _recovered(person: Person) -> str:
    """From the command line, for somebody who cannot get in any more."""
    if person.second_step_since is None:
        return ""
    forget_factors(person, None)
    return "the second step at sign-in was taken away"
