"""The database: its base class, its types, its transactions. The lowest floor of the house."""

import select
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, ClassVar, TypeVar

import sqlalchemy as sa
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session
from flask_wtf.csrf import CSRFProtect
from sqlalchemy import event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Dialect, Engine
from sqlalchemy.orm import DeclarativeBase, MappedColumn, make_transient_to_detached, mapped_column
from sqlalchemy.orm.attributes import instance_dict
from sqlalchemy.orm.util import identity_key
from sqlalchemy.types import TypeDecorator

from catalog import turns

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC instant on both databases; SQLite alone would hand it back without its zone."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without its zone cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    metadata = sa.MetaData(naming_convention=NAMES)
    type_annotation_map: ClassVar = {dict[str, Any]: sa.JSON, datetime: UtcDateTime}


def stored_by_value(enum: type[StrEnum], **column: Any) -> MappedColumn[Any]:
    """A column that stores the enum's value as text and refuses, in the database, any other value.

    The constraint is named by the naming convention: ck_<table>_<name of the enum>."""
    kind = sa.Enum(
        enum,
        values_callable=lambda members: [member.value for member in members],
        native_enum=False,
        create_constraint=True,
        length=40,
        name=enum.__name__.lower(),
    )
    return mapped_column(kind, **column)


elsewhere: ContextVar[Engine | None] = ContextVar("elsewhere", default=None)
"""The engine that is read instead of the primary while a page is made that may be a moment old."""


class Routed(Session):
    def get_bind(self, *words: Any, **named: Any) -> Engine | Connection:
        return elsewhere.get() or super().get_bind(*words, **named)


db = SQLAlchemy(metadata=Base.metadata, session_options={"class_": Routed})
migrate = Migrate()
login = LoginManager()
csrf = CSRFProtect()

writing: ContextVar[bool] = ContextVar("writing", default=True)
"""Whether the next SQLite transaction takes the write lock at its start. Requests that only read set it to
False, so that they never wait for a writer; everything else starts with the lock, because a SQLite transaction
that reads first and writes later can fail half-way. PostgreSQL does not look at it."""


HAS_BEGUN = "has_begun"
"""Said of a session whose transaction has a connection. With its first object it is in one that has none yet."""


def _begin(session: Any, _transaction: Any, _connection: Any) -> None:
    session.info[HAS_BEGUN] = True


def _end(session: Any, transaction: Any) -> None:
    # That of a savepoint ends inside another, which goes on.
    if transaction.parent is None:
        session.info.pop(HAS_BEGUN, None)


def _rest(_session: Any) -> None:
    """What follows the end of a transaction reads: the answer is written, without the write lock."""
    writing.set(False)


event.listen(db.session, "after_begin", _begin)
event.listen(db.session, "after_transaction_end", _end)
event.listen(db.session, "after_commit", _rest)
event.listen(db.session, "after_rollback", _rest)


def insert(into: type[Base]) -> Any:
    """An insert that can say what follows from a row that is there already; both databases spell it alike."""
    kind = sqlite.insert if db.engine.dialect.name == "sqlite" else postgresql.insert
    return kind(into)


def start_writing() -> None:
    """End the read so far and let the next statement begin a transaction that writes.

    For the few requests that do slow work, such as checking a password, before they write."""
    db.session.rollback()
    writing.set(True)


ALONE: dict[str, dict[str, Any]] = {
    "sqlite": {"no_begin": True},
    "postgresql": {"isolation_level": "AUTOCOMMIT"},
}
"""How a connection to each database is told that its statements stand alone, outside any transaction."""


@contextmanager
def alone() -> Iterator[Connection]:
    """A connection for statements of plain columns: the session's, where its transaction has begun, else one from the
    pool.

    From the pool each statement stands alone: it sees the database as it is at its own moment, and what it writes is
    committed with it. That spares the server's two answers to BEGIN and COMMIT, and SQLite's write lock is not held
    by whoever only reads. What follows from such a read has to be looked at once more by what writes it."""
    if db.session.registry.has() and HAS_BEGUN in db.session().info:
        yield db.session.connection()
        return
    engine = elsewhere.get() or db.engine
    with engine.connect().execution_options(**ALONE[engine.dialect.name]) as connection:
        yield connection


SHORTLY_MS = 250


@contextmanager
def writing_beside() -> Iterator[Connection]:
    """A short transaction of its own that writes, beside whatever the request does; it is committed at the end.

    On SQLite it waits a quarter of a second for its turn and then gives up, with an OperationalError: it is for what
    may as well be written later."""
    is_sqlite = db.engine.dialect.name == "sqlite"
    before = writing.set(True)
    try:
        with db.engine.connect() as connection:
            if is_sqlite:
                _be_patient(connection, SHORTLY_MS / 1000, SHORTLY_MS / 1000)
            try:
                with connection.begin():
                    yield connection
            finally:
                if is_sqlite:
                    _be_patient(connection, PATIENCE_SECONDS, BUSY_SECONDS)
    finally:
        writing.reset(before)


def _be_patient(connection: Connection, for_turn: float, for_lock: float) -> None:
    """In seconds. Said to the driver: a statement of ours would begin a transaction first."""
    opened: Any = connection.connection.dbapi_connection
    if isinstance(opened, turns.Connection):
        opened.patience = for_turn
    cursor = connection.connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={for_lock * 1000:.0f}")
    cursor.close()


Row = TypeVar("Row", bound=Base)


def known(kind: type[Row], values: Mapping[Any, Any]) -> Row:
    """The object of a row that was read, or was just written, as plain columns. The session holds it as if it had
    loaded it itself, which takes several times as long. Columns that
    are not among the `values` are read when they are asked for."""
    found = db.session.identity_map.get(identity_key(kind, values["id"]))
    if found is not None:
        return found
    made: Row = kind.__mapper__.class_manager.new_instance()
    instance_dict(made).update(values)
    make_transient_to_detached(made)
    db.session.add(made)
    return made


def prepare(engine: Engine) -> None:
    """Set up the engine's connections, and have those replaced that a restarted server has left behind."""
    if engine.dialect.name != "sqlite":
        event.listen(engine, "do_connect", _connect_in_time)
        event.listen(engine, "connect", _open_postgres)
        event.listen(engine, "checkout", _refuse_closed)
        event.listen(engine, "do_connect", _without_jit)
        return
    if engine.url.database not in (None, "", ":memory:"):
        event.listen(engine, "do_connect", turns.choose)
    event.listen(engine, "connect", _open_sqlite)
    event.listen(engine, "begin", _begin_sqlite)


PATIENCE_SECONDS = 15
"""How long anybody waits for a lock; whoever waits longer is told to come back."""
BUSY_SECONDS = 15 if sys.platform == "win32" else 6
"""How long whoever's turn it is waits for SQLite's own lock. All of ours wait for their turn, so it is somebody else
who holds it; and those who come after would each wait as long again."""
CONNECT_SECONDS = 10


def _connect_in_time(_dialect: Any, _record: Any, _words: Any, options: dict[str, Any]) -> None:
    """A server that does not answer at all is away; by itself a connection would wait for minutes."""
    options.setdefault("connect_timeout", CONNECT_SECONDS)


def _open_postgres(connection: Any, _record: Any) -> None:
    connection.autocommit = True
    connection.execute(f"SET lock_timeout = '{PATIENCE_SECONDS}s'")
    connection.autocommit = False


def _refuse_closed(connection: Any, _record: Any, _proxy: Any) -> None:
    """A connection at rest has nothing to read; where there is something, it is the server's farewell.

    To look costs nothing, unlike a statement to the server and back before each request. The pool opens another."""
    if connection.closed or _has_something_to_read(connection.fileno()):
        raise sa.exc.DisconnectionError("the database server has closed this connection")


def _has_something_to_read(file: int) -> bool:
    if sys.platform == "win32":
        return bool(select.select([file], [], [], 0)[0])
    # select() knows only the first 1,024 files of a process, and a server may hold many connections.
    look = select.poll()
    look.register(file, select.POLLIN)
    return bool(look.poll(0))


def _without_jit(_dialect: Any, _record: Any, _words: Any, options: dict[str, Any]) -> None:
    """A statement that looks expensive would be compiled before it runs, which takes seconds and saves us none."""
    options.setdefault("options", "-c jit=off")


def _open_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    for pragma in (
        f"busy_timeout={BUSY_SECONDS * 1000}",
        "journal_mode=WAL",
        "foreign_keys=ON",
        # FULL: a seat that was acknowledged survives a power cut; NORMAL may lose the last commits.
        "synchronous=FULL",
    ):
        connection.execute("PRAGMA " + pragma)


def _begin_sqlite(connection: Connection) -> None:
    if connection.get_execution_options().get("no_begin"):
        return
    if not writing.get():
        connection.exec_driver_sql("BEGIN")
        return
    opened: Any = connection.connection.dbapi_connection
    if isinstance(opened, turns.Connection):
        opened.wait(str(connection.engine.url.database))
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    except BaseException:
        if isinstance(opened, turns.Connection):
            opened.end_turn()
        raise
