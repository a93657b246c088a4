"""Scratch databases: files in the run's folder, or a PostgreSQL that is made for the run."""

import contextlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import sqlalchemy as sa

from tests import engines

SQLITE, POSTGRESQL = "sqlite", "postgresql"
NAMES = {SQLITE: "SQLite", POSTGRESQL: "PostgreSQL"}


@contextlib.contextmanager
def opened(kind: str, folder: Path) -> Iterator[Callable[[str], str]]:
    """A function from a name to the URL of an empty database. All of them are gone afterwards.

    What is committed is flushed to the disk on both: enrollments are compared with a floor that is as durable."""
    if kind == SQLITE:
        yield lambda name: f"sqlite:///{folder / name}.db"
        return
    given = os.environ.get("TEST_DATABASE_URL")
    with contextlib.ExitStack() as stack:
        server = given or stack.enter_context(_own_postgres())

        def create(name: str) -> str:
            own = f"catalog_bench_{os.getpid()}_{name}"
            stack.callback(engines.drop_database, server, own)
            return engines.create_database(server, own)

        yield create


@contextlib.contextmanager
def _own_postgres() -> Iterator[str]:
    with engines.throwaway_cluster(durable=True) as cluster:
        # Millions of rows are made without looking each reference up, which only a superuser may; see `large.fill`.
        engines.execute(cluster.inside, "ALTER ROLE catalog SUPERUSER")
        yield cluster.url


def why_absent(kind: str) -> str | None:
    """The line that says how to get a database that this machine does not have."""
    is_there = kind == SQLITE or os.environ.get("TEST_DATABASE_URL") or engines.find_postgres_bin()
    return None if is_there else engines.NO_POSTGRES


def version(url: str) -> str:
    """What runs there, and a warning where it may lose what it has acknowledged."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        kind = connection.dialect.name
        number = ".".join(str(part) for part in connection.dialect.server_version_info or ())
        settings = ("fsync", "synchronous_commit") if kind == POSTGRESQL else ()
        lax = [name for name in settings if connection.scalar(sa.text(f"SHOW {name}")) == "off"]
    return f"{NAMES[kind]} {number}" + (f", NOT DURABLE: {' and '.join(lax)} off" if lax else "")
