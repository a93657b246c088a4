"""The audit trail is only added to: the database itself refuses anything else, but for what the law says must go."""

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from catalog.extensions import db
from catalog.notices import audit
from catalog.notices.models import AuditEntry, TrailOpened
from tests import factories as make

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def _entry(context: None) -> None:
    audit.note("person.claimed", "person", make.person().id, by=None)
    db.session.commit()


def entries() -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(AuditEntry)) or 0


@pytest.mark.usefixtures("_entry")
def test_an_entry_is_not_changed() -> None:
    with pytest.raises(IntegrityError, match="only added to"):
        db.session.execute(sa.update(AuditEntry).values(reason="otherwise"))


@pytest.mark.usefixtures("_entry")
def test_an_entry_is_not_deleted() -> None:
    with pytest.raises(IntegrityError, match="only added to"):
        db.session.execute(sa.delete(AuditEntry))
    db.session.rollback()
    assert entries() == 1


@pytest.mark.usefixtures("_entry")
def test_what_must_go_can_be_taken_out() -> None:
    with audit.opened():
        db.session.execute(sa.update(AuditEntry).values(reason="taken out"))
    db.session.commit()
    assert db.session.scalars(sa.select(AuditEntry.reason)).one() == "taken out"


@pytest.mark.usefixtures("_entry")
def test_afterwards_it_is_closed_again() -> None:
    with audit.opened():
        db.session.execute(sa.update(AuditEntry).values(reason="taken out"))
    with pytest.raises(IntegrityError, match="only added to"):
        db.session.execute(sa.delete(AuditEntry))


@pytest.mark.usefixtures("_entry")
def test_a_transaction_that_fails_leaves_it_closed() -> None:
    with pytest.raises(ZeroDivisionError), audit.opened():
        raise ZeroDivisionError
    db.session.rollback()
    assert db.session.scalars(sa.select(TrailOpened)).all() == []
    with pytest.raises(IntegrityError, match="only added to"):
        db.session.execute(sa.delete(AuditEntry))


@pytest.mark.usefixtures("_entry")
@pytest.mark.postgres
def test_nobody_empties_it_at_once() -> None:
    if db.engine.dialect.name != "postgresql":
        pytest.skip("only PostgreSQL can")
    with pytest.raises(IntegrityError, match="only added to"):
        db.session.execute(sa.text("TRUNCATE audit_entry"))
