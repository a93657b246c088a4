"""Reading plain columns without a session: what it sees, and that it leaves no trace on the connections it used."""

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from catalog.accounts.models import Person
from catalog.extensions import ALONE, alone, db, writing
from tests import factories as make
from tests.statements import counted

NAMES = sa.select(Person.name)


def names() -> list[Any]:
    with alone() as connection:
        return list(connection.scalars(NAMES))


@pytest.mark.usefixtures("context")
def test_it_sees_what_the_session_has_written_so_far() -> None:
    make.person("Ana Sample")
    assert names() == ["Ana Sample"]


@pytest.mark.usefixtures("context")
def test_without_a_session_it_sees_only_what_was_committed(app: Flask) -> None:
    make.person("Ana Sample")
    db.session.commit()
    make.person("Ivo Sample")
    db.session.rollback()
    assert names() == ["Ana Sample"]


@pytest.mark.usefixtures("context")
def test_nor_does_it_forget_the_session_where_only_a_savepoint_was_given_up() -> None:
    make.person("Ana Sample")
    db.session.flush()
    nested = db.session.begin_nested()
    make.person("Ivo Sample")
    db.session.flush()
    nested.rollback()
    assert names() == ["Ana Sample"]


@pytest.mark.usefixtures("context")
def test_an_object_that_asks_for_nothing_does_not_keep_it_from_standing_alone(app: Flask) -> None:
    db.session.add(Person(name="Ana Sample"))
    assert db.session().in_transaction()
    with alone() as connection:
        assert connection.get_execution_options().items() >= ALONE[db.engine.dialect.name].items()


@pytest.mark.sqlite
@pytest.mark.usefixtures("context")
def test_a_read_without_a_session_is_one_statement() -> None:
    with counted() as statements:
        names()
    assert len(statements) == 1


@pytest.mark.usefixtures("context")
def test_the_next_session_on_the_same_connection_has_a_transaction_again() -> None:
    for _ in range(10):
        names()
    writing.set(True)
    make.person("Ana Sample")
    db.session.rollback()
    assert names() == []
