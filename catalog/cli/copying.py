"""Copies of a whole database, of one moment, on both engines; and how many rows each table had at that moment."""

import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from catalog import clock

BUSY_MILLISECONDS = 15_000
IN_USE = "55006"
"""What PostgreSQL says of a database that somebody is connected to (object_in_use)."""
LOCALES = {"i": ("icu", "ICU_LOCALE"), "b": ("builtin", "BUILTIN_LOCALE")}
"""Of the providers that PostgreSQL names by a letter, those that have a locale of their own."""
PROGRAM_FOLDERS = "usr/lib/postgresql/*/bin"

LEFT_AFTER = timedelta(days=1)
"""No backup takes so long: what is older was left by one that was killed."""
LEFT_FILE = re.compile(
    r"\.(catalog-\d{8}T\d{6}Z\.(db|dump)\.[a-z0-9_]{8}|scratch-[0-9a-f]{32}\.db)(-journal|-wal|-shm)?"
)
"""Half a copy of a backup that names itself, or a scratch file; nobody else's file has such a name."""
LEFT_DATABASES = sa.text(
    "SELECT datname FROM pg_database AS d WHERE datname ~ '^catalog_scratch_[0-9]{14}_[0-9a-f]{12}$' "
    "AND pg_get_userbyid(datdba) = current_user AND NOT EXISTS (SELECT FROM pg_stat_activity AS a "
    "WHERE a.datname = d.datname AND a.backend_type = 'client backend')"
)
STILL_AT_WORK = sa.text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE datname = :name AND usename = current_user AND backend_type = 'client backend'"
)


class CopyFailed(Exception):
    """What went wrong, as a sentence."""


def is_file(url: str) -> bool:
    return url.startswith("sqlite")


def file_of(url: str) -> Path:
    return Path(str(sa.make_url(url).database))


def named(url: str) -> str:
    """Which database this is, for people; neither a password nor anything else that opens it."""
    read = sa.make_url(url)
    if is_file(url):
        return str(read.database)
    where = read.host or read.query.get("host") or "this machine"
    return f"the database {read.database} at {where}{f':{read.port}' if read.port else ''}"


def engine(url: str) -> sa.Engine:
    return sa.create_engine(url, poolclass=sa.NullPool)


def copy(url: str, to: Path) -> dict[str, int]:
    """Copy everything, as it is at one moment, and say how many rows each table has at that moment."""
    return _copy_file(url, to) if is_file(url) else _copy_server(url, to)


def bring_back(copied: Path, url: str) -> None:
    """Fill an empty database from a copy."""
    if is_file(url):
        _refuse_no_database(copied)
        shutil.copyfile(copied, file_of(url))
    else:
        words = ["--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges"]
        _run(["pg_restore", *words, "--dbname", _plain(url), str(copied)], url)


def take_place(scratch: str, url: str) -> None:
    """Let the scratch database be the real one from now on; on both engines at once or not at all."""
    if not is_file(url):
        _take_name(scratch, url)
        return
    with closing(sqlite3.connect(file_of(scratch))) as source, closing(sqlite3.connect(file_of(url))) as held:
        # Through SQLite, which takes its lock and forgets what the log beside the old file held.
        held.execute(f"PRAGMA busy_timeout={BUSY_MILLISECONDS}")
        source.backup(held)
        held.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def counts(url: str) -> dict[str, int]:
    """How many rows each table has."""
    made = engine(url)
    with made.connect() as connection:
        counted = _counts(connection)
    made.dispose()
    return counted


def _counts(connection: Connection) -> dict[str, int]:
    quote = connection.dialect.identifier_preparer.quote
    return {
        table: connection.scalar(sa.text(f"SELECT count(*) FROM {quote(table)}")) or 0  # noqa: S608 - our own tables
        for table in sorted(sa.inspect(connection).get_table_names())
    }


def holds_anything(url: str) -> bool:
    if is_file(url) and not file_of(url).exists():
        return False
    return any(number for table, number in counts(url).items() if table != "alembic_version")


def refuse_damage(connection: Connection) -> None:
    """SQLite can be asked whether a file is sound; PostgreSQL has just built all of it anew, constraints and all."""
    if connection.dialect.name != "sqlite":
        return
    said = connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
    if said != ["ok"]:
        raise CopyFailed(f"SQLite says of the copy: {said[0]}.")
    if broken := connection.exec_driver_sql("PRAGMA foreign_key_check").first():
        raise CopyFailed(
            f"In the copy, row {broken[1]} of {broken[0]} refers to a row of {broken[2]} that is not there."
        )


@contextmanager
def scratch(url: str, folder: Path) -> Iterator[str]:
    """An empty database on the same engine, gone afterwards: a file in the folder, or one beside the real one."""
    if is_file(url):
        file = folder / f".scratch-{uuid4().hex}.db"
        try:
            # Before anything is in it: what people gave is for the owner of the real file alone.
            file.touch(mode=0o600)
            yield sa.URL.create("sqlite", database=str(file)).render_as_string()
        finally:
            for path in (file, *(file.with_name(file.name + end) for end in ("-journal", "-wal", "-shm"))):
                path.unlink(missing_ok=True)
        return
    name = f"{_begins(clock.now())}_{uuid4().hex[:12]}"
    server = sa.create_engine(url, poolclass=sa.NullPool, isolation_level="AUTOCOMMIT")
    try:
        with server.connect() as connection:
            connection.exec_driver_sql(f'CREATE DATABASE "{name}" TEMPLATE template0 {_alike(connection)}')
        yield sa.make_url(url).set(database=name).render_as_string(hide_password=False)
    finally:
        with server.connect() as connection:
            # A pg_restore that was ended with us may have left the server building an index for nobody.
            connection.execute(STILL_AT_WORK, {"name": name})
            _throw_away(connection, name)
            _throw_away(connection, _replaced(name))
        server.dispose()


def _begins(moment: datetime) -> str:
    """How a scratch database is named that was made at this moment; the order of names is that of time."""
    return f"catalog_scratch_{moment:%Y%m%d%H%M%S}"


def _replaced(scratch: str) -> str:
    """How the real database is named once this scratch database has its name."""
    return f"{scratch}_old"


def remove_leftovers(url: str, folder: Path, now: datetime) -> None:
    """Throw away what killed backups could not throw away themselves: their old files in the folder, and old scratch
    databases that nobody is connected to."""
    before = now - LEFT_AFTER
    for path in folder.glob(".*"):
        if LEFT_FILE.fullmatch(path.name) and path.stat().st_mtime < before.timestamp():
            path.unlink(missing_ok=True)
    if is_file(url):
        return
    server = sa.create_engine(url, poolclass=sa.NullPool, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        for name in connection.scalars(LEFT_DATABASES).all():
            if name < _begins(before):
                # Somebody may have come to it since, or another backup be at the same: the next one looks again.
                with suppress(sa.exc.DBAPIError):
                    _throw_away(connection, name)
    server.dispose()


def _alike(connection: Connection) -> str:
    """How a database is made that holds and sorts text as the real one does, whatever the server's default is."""
    row = connection.scalar(
        sa.text("SELECT to_jsonb(d) FROM pg_database AS d WHERE datname = current_database()")
    )
    words = {"ENCODING": connection.scalar(sa.text("SHOW server_encoding"))}
    words |= {"LC_COLLATE": row["datcollate"], "LC_CTYPE": row["datctype"]}
    if row.get("datlocprovider") in LOCALES:
        provider, locale = LOCALES[row["datlocprovider"]]
        # The column has another name since PostgreSQL 17.
        words |= {"LOCALE_PROVIDER": provider, locale: row.get("datlocale") or row.get("daticulocale")}
    return " ".join(f"{name} '{value}'" for name, value in words.items())


def _take_name(scratch: str, url: str) -> None:
    """Two renames in one transaction; what had the name before is thrown away with the scratch database."""
    new, name = str(sa.make_url(scratch).database), str(sa.make_url(url).database)
    server = sa.create_engine(sa.make_url(url).set(database="postgres"), poolclass=sa.NullPool)
    try:
        with server.begin() as connection:
            connection.exec_driver_sql(f'ALTER DATABASE "{name}" RENAME TO "{_replaced(new)}"')
            connection.exec_driver_sql(f'ALTER DATABASE "{new}" RENAME TO "{name}"')
    except sa.exc.OperationalError as error:
        if getattr(error.orig, "sqlstate", None) != IN_USE:
            raise
        raise CopyFailed(
            "Somebody still uses the database: stop the nodes and workers, and try again."
        ) from None
    server.dispose()


def _throw_away(connection: Connection, name: str) -> None:
    """Nobody is connected to it but, maybe, PostgreSQL itself, tidying up: that it ends by itself for a plain DROP.
    WITH (FORCE) would end it as us, and whoever is no superuser may not."""
    connection.exec_driver_sql(f'DROP DATABASE IF EXISTS "{name}"')


# SQLite.


def _copy_file(url: str, to: Path) -> dict[str, int]:
    """One long read of the write-ahead log's moment: people go on writing, and the copy is of one piece."""
    if not file_of(url).exists():
        raise CopyFailed(f"{file_of(url)} is not there.")
    with closing(sqlite3.connect(file_of(url), isolation_level=None)) as source:
        source.execute(f"PRAGMA busy_timeout={BUSY_MILLISECONDS}")
        source.execute("BEGIN")
        counted = {
            table: source.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]  # noqa: S608 - our own tables
            for (table,) in source.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
            if not table.startswith("sqlite_")
        }
        with closing(sqlite3.connect(to)) as target:
            source.backup(target)
            # A file of its own, without a log beside it that could be forgotten.
            target.execute("PRAGMA journal_mode=DELETE")
        source.execute("COMMIT")
    return counted


def _refuse_no_database(file: Path) -> None:
    with file.open("rb") as content:
        if content.read(16) != b"SQLite format 3\0":
            raise CopyFailed(f"{file.name} is no copy of a SQLite database.")


# PostgreSQL.


def _copy_server(url: str, to: Path) -> dict[str, int]:
    """Rows are counted in the very snapshot that pg_dump copies."""
    made = sa.create_engine(url, poolclass=sa.NullPool, isolation_level="REPEATABLE READ")
    with made.connect() as connection:
        snapshot = connection.scalar(sa.text("SELECT pg_export_snapshot()"))
        counted = _counts(connection)
        words = ["--format", "custom", "--no-owner", "--no-privileges", "--snapshot", str(snapshot)]
        _run(["pg_dump", *words, "--file", str(to), "--dbname", _plain(url)], url)
    made.dispose()
    return counted


def _plain(url: str) -> str:
    """As PostgreSQL's own programs read it. The password is not in it: whoever lists processes would see it."""
    named = sa.make_url(url)
    # Built anew: `set(password=None)` would leave the password as it is.
    return sa.URL.create(
        "postgresql", named.username, None, named.host, named.port, named.database, named.query
    ).render_as_string()


def _run(command: list[str], url: str) -> None:
    password = sa.make_url(url).password
    environ = os.environ | ({"PGPASSWORD": str(password)} if password else {})
    program = _program(command[0])
    done = subprocess.run([program, *command[1:]], env=environ, capture_output=True, text=True, check=False)
    if done.returncode:
        said = " ".join(done.stderr.split()) or f"it ended with status {done.returncode}"
        raise CopyFailed(f"{command[0]} says: {said}")


def _program(name: str) -> str:
    """The newest installed: it reads every older server, and an older one reads none that is newer."""
    found = sorted(
        Path("/").glob(f"{PROGRAM_FOLDERS}/{name}"), key=lambda path: _version(path.parent.parent.name)
    )
    program = str(found[-1]) if found else shutil.which(name)
    if program is None:
        raise CopyFailed(f"{name} was not found; get it with: apt-get install postgresql-client.")
    return program


def _version(folder: str) -> tuple[int, ...]:
    return tuple(int(part) for part in folder.split(".") if part.isdigit())
