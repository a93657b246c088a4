"""Setting up an authenticator app, accepting its codes, removing it."""

from datetime import timedelta

import sqlalchemy as sa

from catalog import clock
from catalog.accounts.models import Person, SignIn
from catalog.errors import RuleBroken
from catalog.extensions import db
from catalog.factors import digits, queries, sealing
from catalog.factors.models import AuthenticatorApp
from catalog.factors.services import keeping

TO_SET_UP = timedelta(hours=1)


class OfferTooOld(RuleBroken):
    sentence = "This page was open for too long. Load it again and scan the new picture."


class WrongDigits(RuleBroken):
    sentence = (
        "That is not the code that the app shows now. Check that the phone sets its clock by itself, wait for the "
        "next code, and type its six digits."
    )


def offer(person: Person) -> str:
    """A new secret for this person's app, sealed, to be carried by the form that confirms it. Nothing is kept."""
    return sealing.seal(f"{person.id} {digits.new_secret()}")


def offered(person: Person, sealed: str) -> str:
    """The secret that was offered to this person. Raises OfferTooOld, also for what was never offered to them."""
    whose, _, secret = (sealing.unseal(sealed, TO_SET_UP) or "").partition(" ")
    if whose != str(person.id) or not secret:
        raise OfferTooOld
    return secret


def add(person: Person, sealed: str, typed: str, *, here: SignIn | None = None) -> None:
    """The app shows the right digits, so it is set up; in place of another one, where there was one."""
    secret = offered(person, sealed)
    step = digits.step_of(secret, typed, clock.now())
    if step is None:
        raise WrongDigits
    keeping.take_turns(person)
    db.session.execute(sa.delete(AuthenticatorApp).where(AuthenticatorApp.person_id == person.id))
    # The code that set it up is used up as well: it signs nobody in.
    db.session.add(
        AuthenticatorApp(
            person_id=person.id, secret=sealing.seal(secret), last_step=step, added_at=clock.now()
        )
    )
    keeping.has_begun(person, here)
    keeping.note(
        "app_added", person, "an app was set up", "An authenticator app was set up for your account."
    )


def accept(person: Person, typed: str) -> bool:
    """Whether this is the app's code now, for the first time: of two who send the same one, one is let in."""
    app = queries.app_of(person)
    secret = sealing.unseal(app.secret) if app else None
    step = digits.step_of(secret, typed, clock.now()) if secret else None
    if step is None:
        return False
    taken = db.session.execute(
        sa.update(AuthenticatorApp)
        .where(AuthenticatorApp.person_id == person.id, AuthenticatorApp.last_step < step)
        .values(last_step=step, last_used_at=clock.now())
        .execution_options(synchronize_session=False)
        .returning(AuthenticatorApp.person_id)
    )
    return taken.first() is not None


def remove(person: Person) -> None:
    """Raises LastRequired. Without an app nothing happens."""
    keeping.take_turns(person)
    app = queries.app_of(person)
    if app is None:
        return
    keeping.may_lose_one(person)
    db.session.delete(app)
    keeping.has_lost_one(person)
    keeping.note(
        "app_removed", person, "an app was removed", "The authenticator app was removed from your account."
    )
