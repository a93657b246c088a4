"""Somebody else holds the lock for longer than anybody waits: a page that says so, and then it works again."""

import contextlib
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from catalog.extensions import PATIENCE_SECONDS
from tests.failures.conftest import Place, is_readable
from tests.servers import at_once

pytestmark = pytest.mark.serves


@contextlib.contextmanager
def lock_held(place: Place) -> Iterator[None]:
    """By another program: the write lock of SQLite, or the table of enrollments of PostgreSQL."""
    engine = sa.create_engine(place.site.database_url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    take = ["BEGIN IMMEDIATE"]
    if engine.dialect.name == "postgresql":
        take = ["BEGIN", "LOCK TABLE enrollment IN EXCLUSIVE MODE"]
    with engine.connect() as connection:
        for statement in take:
            connection.exec_driver_sql(statement)
        yield
        connection.exec_driver_sql("ROLLBACK")


def test_whoever_waited_in_vain_is_told_and_readers_do_not_wait(place: Place) -> None:
    with lock_held(place):
        answer, page = at_once([place.joins, lambda: place.ana.get("/")])
    assert is_readable(answer)
    assert page.status == 200
    assert page.seconds < PATIENCE_SECONDS / 3 < answer.seconds < 3 * PATIENCE_SECONDS
    assert "the data cannot be reached" in place.log()
    assert place.joins().status == 303
    place.joined()
