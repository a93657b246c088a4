"""What passes by itself is told apart from what somebody has to mend."""

import errno
from pathlib import Path

import pytest
import sqlalchemy as sa

from catalog import outages


def error_of(url: str, *statements: str, timeout: float = 0.1) -> BaseException:
    """What the driver and SQLAlchemy really raise."""
    options = {"timeout": timeout} if url.startswith("sqlite") else {"connect_timeout": 2}
    engine = sa.create_engine(url, connect_args=options, poolclass=sa.NullPool)
    try:
        with engine.connect() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)
    except sa.exc.SQLAlchemyError as error:
        return error
    raise AssertionError("it went well")


def test_a_lock_that_somebody_holds_passes(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/here.db"
    holds = sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with holds.connect() as connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        assert outages.passes(error_of(url, "CREATE TABLE sample (id INTEGER)"))


def test_a_file_that_cannot_be_opened_or_is_no_database_passes(tmp_path: Path) -> None:
    assert outages.passes(error_of(f"sqlite:///{tmp_path}/away/here.db", "SELECT 1"))
    (tmp_path / "broken.db").write_bytes(b"no database at all" * 100)
    assert outages.passes(error_of(f"sqlite:///{tmp_path}/broken.db", "SELECT * FROM sqlite_master"))


def test_a_server_that_nobody_answers_at_passes() -> None:
    assert outages.passes(error_of("postgresql+psycopg://nobody@127.0.0.1:1/none", "SELECT 1"))


def test_a_pool_that_is_used_up_passes() -> None:
    assert outages.passes(sa.exc.TimeoutError("every connection is in use"))


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
def test_a_full_disk_passes(number: int) -> None:
    assert outages.passes(OSError(number, "no room"))


def test_a_mistake_of_ours_does_not(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/here.db"
    assert not outages.passes(error_of(url, "SELECT * FROM no_such_table"))
    assert not outages.passes(
        error_of(url, "CREATE TABLE a (id INTEGER UNIQUE)", *["INSERT INTO a VALUES (1)"] * 2)
    )
    assert not outages.passes(PermissionError(errno.EACCES, "not allowed"))
    assert not outages.passes(ValueError("a mistake"))
