"""Making accounts, taking them over, and what people say of themselves."""

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from catalog import clock
from catalog.accounts import mailing, proofs
from catalog.accounts.claims import has_no_password, has_other_way, link_for
from catalog.accounts.models import Person
from catalog.accounts.queries import account_with_email, plain_address
from catalog.accounts.services.choosing import tell_of_other
from catalog.accounts.services.telling import tell
from catalog.errors import RuleBroken
from catalog.extensions import db
from catalog.places import county_name


class EmailTaken(RuleBroken):
    sentence = "There is an account with this address by now. Sign in to it instead."


def ask_to_sign_up(email: str, back: str) -> None:
    """A letter goes to this address, whatever there is: how to open an account, to take one over, or to sign in.

    Nothing is written down of an address that has no account; what its owner needs stands in the link."""
    address, person = plain_address(email), account_with_email(email)
    # Asked also of nobody: what there is at an address is not to be read from the time it takes.
    comes_otherwise = has_other_way(person.id if person else 0)
    if person is None:
        mailing.post("sign_up", address, link=proofs.SIGN_UP.url_for(address, back))
    elif person.merged_into_id is not None:
        tell_of_other(person)
    elif has_no_password(person) and not comes_otherwise:
        mailing.post("claim", address, person, link=link_for(person, back))
    else:
        mailing.post("known", address, person)


def add_person(name: str, email: str, password_hash: str | None, *, is_verified: bool = False) -> Person:
    """A new account; raises EmailTaken, decided by the database and not by a look beforehand.

    `is_verified` says that they were shown to read mail there: by a link, or by who vouches for them."""
    person = _new(name, email, password_hash, is_verified=is_verified)
    tell("person.signed_up", person)
    return person


def add_unclaimed(name: str, email: str) -> Person:
    """An account that somebody else makes: nobody can sign in to it until it is claimed. Raises EmailTaken."""
    return _new(name, email, None)


def _new(name: str, email: str, password_hash: str | None, *, is_verified: bool = False) -> Person:
    person = Person(
        name=" ".join(name.split()),
        email=plain_address(email),
        password_hash=password_hash,
        created_at=clock.now(),
        email_verified_at=clock.now() if is_verified else None,
    )
    try:
        with db.session.begin_nested():
            db.session.add(person)
    except IntegrityError as error:
        raise EmailTaken from error
    return person


class ClaimedAlready(RuleBroken):
    sentence = "This account has its password already. Sign in with it."


def claim(person: Person, password_hash: str) -> None:
    """Give an unclaimed account its password, by the link that was mailed: so the address is proven as well. Of two
    who do so at once, the second is refused."""
    changed = db.session.execute(
        sa.update(Person)
        .where(Person.id == person.id, Person.password_hash.is_(None))
        .values(password_hash=password_hash, email_verified_at=clock.now())
        .execution_options(synchronize_session=False)
        .returning(Person.id)
    ).first()
    if changed is None:
        raise ClaimedAlready
    db.session.refresh(person)
    tell("person.claimed", person)


def change_account(
    person: Person, *, name: str, county: str | None, zone: str | None, licence: str | None
) -> None:
    """What people say of themselves. Nothing is told when nothing changes."""
    after = {"name": " ".join(name.split()), "county": county, "zone": zone, "licence": _number(licence)}
    before = {column: getattr(person, column) for column in after}
    if before == after:
        return
    for column, value in after.items():
        setattr(person, column, value)
    db.session.flush()
    tell("person.account_edited", person, before=_in_words(before), after=_in_words(after))


def set_licence(person: Person, licence: str | None) -> None:
    """As a coordinator says it, who writes it in the trail."""
    person.licence = _number(licence)
    db.session.flush()


def _number(licence: str | None) -> str | None:
    return " ".join((licence or "").split()) or None


def _in_words(columns: dict[str, str | None]) -> dict[str, str | None]:
    return {**columns, "county": county_name(columns["county"])}
