"""Addresses: confirming the one an account has, and taking another one."""

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from catalog import clock
from catalog.accounts import mailing, proofs
from catalog.accounts.models import AddressChange, Person
from catalog.accounts.queries import account_with_email, masked, plain_address
from catalog.accounts.services import keys
from catalog.accounts.services.people import EmailTaken
from catalog.accounts.services.sign_ins import end_all
from catalog.accounts.services.telling import tell
from catalog.errors import RuleBroken
from catalog.extensions import db


class NotVerified(RuleBroken):
    sentence = "Confirm your email address first; a seat is only kept for somebody we can write to."


def refuse_unverified(person: Person) -> None:
    """Whoever takes a seat for themself reads mail at their address."""
    if not person.is_verified:
        raise NotVerified


def ask_to_verify(person: Person, back: str) -> None:
    mailing.post("verify", person.email, person, link=proofs.verify_link(person, back))


def verify(person: Person) -> None:
    """Said twice it is the same."""
    if person.is_verified:
        return
    person.email_verified_at = clock.now()
    db.session.flush()
    tell("person.verified", person)


class SameAddress(RuleBroken):
    sentence = "This is the address you have. Enter the one you want instead."


def ask_for_address(person: Person, email: str) -> None:
    """A link goes to the new address, and the old one is told. Whether somebody else has the new address is said
    there alone. Raises SameAddress."""
    new = plain_address(email)
    if new == person.email:
        raise SameAddress
    change = AddressChange(person=person, old_email=person.email, new_email=new, asked_at=clock.now())
    db.session.add(change)
    db.session.flush()
    if account_with_email(new) is None:
        mailing.post("address_new", new, link=proofs.NEW_ADDRESS.url_for(change.id))
    else:
        mailing.post("address_taken", new)
    not_me = proofs.NOT_ME.url_for(change.id)
    mailing.post("address_old", person.email, person, new=masked(new), link=not_me)
    tell("person.address_asked", person)


class UsedAlready(RuleBroken):
    sentence = "This link was used already, or something else was asked for since."


def confirm_address(change: AddressChange) -> None:
    """The new address is theirs, and proven. Raises UsedAlready for the second of two, or EmailTaken."""
    _mark(change, "confirmed_at", AddressChange.confirmed_at.is_(None), AddressChange.revoked_at.is_(None))
    person = change.person
    _set_address(person, change.old_email, change.new_email)
    if person.second_email == person.email:
        person.second_email = None
    db.session.flush()
    tell("person.address_changed", person)


def revoke_address(change: AddressChange) -> None:
    """It was somebody else, who must have known the password: it is gone, everything is signed out, the old address
    stays or comes back, and a link to choose a password goes there. Raises UsedAlready, or EmailTaken."""
    _mark(change, "revoked_at", AddressChange.revoked_at.is_(None))
    # Looked at once nobody else can confirm it any more: somebody may have, a moment ago.
    was_confirmed = change.confirmed_at is not None
    person = change.person
    db.session.refresh(person, with_for_update=True)
    if was_confirmed and person.email == change.new_email:
        _set_address(person, change.new_email, change.old_email)
    person.password_hash = None
    db.session.execute(
        sa.update(AddressChange)
        .where(
            AddressChange.person_id == person.id,
            AddressChange.confirmed_at.is_(None),
            AddressChange.revoked_at.is_(None),
        )
        .values(revoked_at=clock.now())
        .execution_options(synchronize_session=False)
    )
    db.session.flush()
    end_all(person)
    mailing.post("reset", change.old_email, person, link=proofs.reset_link(person))
    tell("person.address_revoked", person)


def _mark(change: AddressChange, column: str, *still: sa.ColumnElement[bool]) -> None:
    """Of two at once the second finds it marked."""
    marked = db.session.execute(
        sa.update(AddressChange)
        .where(AddressChange.id == change.id, *still)
        .values({column: clock.now()})
        .execution_options(synchronize_session=False)
        .returning(AddressChange.id)
    ).first()
    if marked is None:
        raise UsedAlready
    db.session.refresh(change)


def _set_address(person: Person, before: str, after: str) -> None:
    try:
        with db.session.begin_nested():
            changed = db.session.execute(
                sa.update(Person)
                .where(Person.id == person.id, Person.email == before, Person.merged_into_id.is_(None))
                .values(email=after, email_verified_at=clock.now())
                .execution_options(synchronize_session=False)
                .returning(Person.id)
            ).first()
    except IntegrityError as error:
        raise EmailTaken from error
    if changed is None:
        raise UsedAlready
    keys.follow(db.session.connection(), [person.id])
    db.session.refresh(person)
