"""What the tests of merges begin with: two accounts of Ana, and somebody who joins them."""

import sqlalchemy as sa

from catalog.accounts import passwords
from catalog.accounts.models import Person
from catalog.coordinating import services
from catalog.coordinating.models import Merge
from catalog.coordinating.queries import merging as queries
from catalog.extensions import db
from catalog.reports.checking import invariants
from tests import factories as make

PASSWORD = "plain words are good"


def two(**gone: object) -> tuple[Person, Person, Person]:
    """The account that is kept, the one that is gone, and a coordinator."""
    hashed = passwords.hash_of(PASSWORD)
    fields = {"email": "ana.old@example.org", "password_hash": hashed, **gone}
    return (
        make.person("Ana Sample", email="ana@example.org", password_hash=hashed),
        make.person("Ana Sample", **fields),
        make.person("Mira Sample", coordinates=True),
    )


def joined(kept: Person, gone: Person, mira: Person) -> Merge:
    db.session.flush()
    return services.merge(kept.id, gone.id, queries.preview(kept, gone, mira).stand, by=mira)


def undone(made: Merge, mira: Person) -> None:
    services.undo(made, by=mira)


def broken() -> set[str]:
    db.session.flush()
    return {name for name, _, select in invariants.ALL if db.session.execute(select).first()}


def count(table: type, **where: object) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(table).filter_by(**where)) or 0
