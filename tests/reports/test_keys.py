"""`flask catalog check` and the keys by which accounts of one person are found: they agree with the accounts."""

from typing import Any

import pytest
import sqlalchemy as sa

from catalog import clock
from catalog.accounts.models import AccountKey, KeyKind, Person
from catalog.accounts.queries import plain_address
from catalog.extensions import db
from tests import factories as make
from tests.coordinating.accounts import broken, joined

pytestmark = pytest.mark.usefixtures("context")

SAID: dict[str, Any] = {
    "email": "ana.sample@example.org",
    "second_email": "Ana@Work.example.org",
    "licence": "LPC 01-234",
    "county": "01101",
}


def past_the_session(**values: Any) -> None:
    db.session.execute(
        sa.update(Person).values(**values).execution_options(synchronize_session=False),
    )


def test_what_accounts_say_breaks_nothing() -> None:
    mira = make.person("Mira Sample", coordinates=True, county="01003")
    kept, gone = make.person("Ana Sample", **SAID), make.person("Ana Sample", email="ana+tag@example.org")
    make.person("…", county="01101", email=plain_address("İ.Dots@example.org"))
    joined(kept, gone, mira)
    assert broken() == set()


@pytest.mark.parametrize(
    "values",
    [{"email": "other@example.org"}, {"second_email": None}, {"county": "01003"}, {"county": None}],
    ids=str,
)
def test_a_key_of_what_an_account_said_before_is_found(values: dict[str, Any]) -> None:
    make.person("Ana Sample", **SAID)
    past_the_session(**values)
    assert "foreign key" in broken()


def test_a_licence_that_is_gone_is_found() -> None:
    make.person("Ana Sample", **SAID)
    past_the_session(licence=None)
    assert broken() == {"foreign key"}


def test_a_key_of_somebody_who_left_is_found() -> None:
    make.person("Ana Sample", **SAID)
    past_the_session(left_at=clock.now())
    assert broken() == {"foreign key"}


def test_an_account_without_its_keys_is_found() -> None:
    make.person("Ana Sample", **SAID)
    db.session.execute(sa.delete(AccountKey).where(AccountKey.kind == KeyKind.ADDRESS))
    assert broken() == {"no key"}
