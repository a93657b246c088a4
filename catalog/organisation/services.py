"""Linking accounts here with accounts at an organisation's provider.

An account that is here already is never linked because an address is the same. Whoever comes from the provider signs
in to it first, the way they always do, second step and all, in the same browser, and then says that the two belong
together. Nobody has a role here because of anything that a provider says."""

import hashlib
from datetime import timedelta

import sqlalchemy as sa

from catalog import clock
from catalog.accounts import services as accounts
from catalog.accounts.models import Person
from catalog.errors import RuleBroken
from catalog.extensions import db, insert
from catalog.factors import letters
from catalog.factors import queries as factors
from catalog.notices import audit
from catalog.organisation import queries
from catalog.organisation.models import Identity, UsedState
from catalog.organisation.provider import Claims


class UsedAlready(RuleBroken):
    sentence = "This way back was used already. Please begin again."


class LinkedElsewhere(RuleBroken):
    sentence = "This sign-in belongs to another account here. Sign in with it, and unlink it there first."


class LastWay(RuleBroken):
    sentence = (
        "Your account has no password and no passkey, so this is your only way in. Add a passkey first."
    )


def use_up(state: str) -> None:
    """Raises UsedAlready when somebody came back from this way before, be it at the same moment."""
    now = clock.now()
    db.session.execute(sa.delete(UsedState).where(UsedState.used_at <= now - timedelta(hours=1)))
    row = insert(UsedState).values(state_hash=hashlib.sha256(state.encode()).hexdigest(), used_at=now)
    done = db.session.execute(
        row.on_conflict_do_nothing(index_elements=["state_hash"]).returning(UsedState.state_hash)
    )
    if done.first() is None:
        raise UsedAlready


def used(identity: Identity, claims: Claims) -> None:
    identity.last_used_at = clock.now()
    identity.email = claims.email[:254]
    db.session.flush()


def sign_up(claims: Claims) -> Person:
    """A new account for somebody whose address the provider has confirmed. Raises EmailTaken."""
    name = " ".join(claims.name.split())[:120] or claims.email.partition("@")[0]
    person = accounts.add_person(name, claims.email, None, is_verified=True)
    _insert(person, claims)
    audit.note("identity.linked", "person", person.id, by=person, person_id=person.id, issuer=claims.issuer)
    return person


def link(person: Person, claims: Claims, name: str) -> None:
    """Raises LinkedElsewhere. To link what is linked to the person already changes nothing."""
    there = db.session.scalar(
        sa.select(Identity)
        .where(Identity.issuer == claims.issuer, Identity.subject == claims.subject)
        .with_for_update()
    )
    if there and there.person_id == person.id:
        return
    if there and there.person.merged_into_id is None:
        raise LinkedElsewhere
    if there:  # its account was joined with another one since
        db.session.delete(there)
        db.session.flush()
    if not _insert(person, claims):
        raise LinkedElsewhere
    audit.note("identity.linked", "person", person.id, by=person, person_id=person.id, issuer=claims.issuer)
    letters.changed(
        person,
        "another way to sign in",
        f"From now on you can also sign in through {name}, as {claims.email or claims.subject}.",
    )


def _insert(person: Person, claims: Claims) -> bool:
    """Of two who link the same one at once, one is refused."""
    row = insert(Identity).values(
        issuer=claims.issuer,
        subject=claims.subject,
        person_id=person.id,
        email=claims.email[:254],
        linked_at=clock.now(),
        last_used_at=clock.now(),
    )
    once = row.on_conflict_do_nothing(index_elements=["issuer", "subject"]).returning(Identity.id)
    return db.session.execute(once).first() is not None


def unlink(identity: Identity, name: str) -> None:
    """Raises LastWay."""
    person = identity.person
    ways = len(queries.identities_of(person)) - 1
    if person.password_hash is None and not factors.passkeys_of(person) and not ways:
        raise LastWay
    db.session.delete(identity)
    db.session.flush()
    audit.note(
        "identity.unlinked", "person", person.id, by=person, person_id=person.id, issuer=identity.issuer
    )
    letters.changed(person, "a way to sign in ended", f"You no longer sign in through {name}.")
