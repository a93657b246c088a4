"""The proof that it is oneself who leaves, for whoever has no password: a link that is mailed to them.

Only they can use it, signed in, and once: it is made from the last time that they asked to leave, and using it is
another such time. A password that was chosen meanwhile ends it as well, and so does another address."""

from datetime import timedelta

from catalog.accounts.links import Link
from catalog.accounts.models import Person
from catalog.privacy.queries import departure_of

LEAVE = Link("delete an account", "/account/leave/", timedelta(hours=1))


def leave_link(person: Person) -> str:
    return LEAVE.url_for(*_as_it_is(person))


def is_theirs(person: Person, key: str) -> bool:
    """Whether the link was mailed to this person, is not too old, and was not used."""
    return person.password_hash is None and LEAVE.read(key) == _as_it_is(person)


def _as_it_is(person: Person) -> list[int | str]:
    last = departure_of(person.id)
    return [person.id, person.email, last.id if last else 0]
