"""Whether this process can serve: what `/readyz` asks. Each problem is one word, and the log has the rest.

Without its database nothing can be served. Without the replica or Redis everything can, only not as well; that is
said, and the process stays ready."""

import logging
import shutil
import threading
import time
from functools import cache
from pathlib import Path
from typing import NamedTuple

import sqlalchemy as sa
from alembic.script import ScriptDirectory
from flask import Flask

from catalog import counting
from catalog.config import Settings

log = logging.getLogger(__name__)

SECONDS = 3
"""So long the database may take; whoever asks has given up by then."""
GOOD_FOR_SECONDS = 1.0
"""However often strangers ask, the database is looked at once in so long."""
LEAST_ROOM = 200 * 1024 * 1024
"""Bytes that a SQLite database must still be able to grow by."""


class Found(NamedTuple):
    missing: tuple[str, ...] = ()
    without: tuple[str, ...] = ()

    def __str__(self) -> str:
        if self.missing:
            return f"not ready: {', '.join(self.missing)}"
        return f"ready, without {' and '.join(self.without)}" if self.without else "ready"


class Look:
    """The last look, and the thread that takes the next one. It may hang; nobody waits for it longer than SECONDS."""

    def __init__(self, app: Flask) -> None:
        self.settings: Settings = app.config["CATALOG"]
        self.root = Path(app.root_path)
        url = sa.make_url(self.settings.database_url)
        self.file = Path(str(url.database)) if url.drivername == "sqlite" else None
        self.found = Found()
        self.at = float("-inf")
        self.looking: threading.Thread | None = None
        self.lock = threading.Lock()

    def look(self) -> Found:
        with self.lock:
            if time.monotonic() < self.at + GOOD_FOR_SECONDS:
                return self.found
            looking = self.looking
            if looking is None or not looking.is_alive():
                looking = self.looking = threading.Thread(target=self._look, daemon=True)
                looking.start()
        looking.join(SECONDS)
        return Found(("database",)) if looking.is_alive() else self.found

    def _look(self) -> None:
        self.found = Found((*self._database(), *self._disk()), tuple(self._beside()))
        self.at = time.monotonic()

    def _database(self) -> list[str]:
        if self.file and not self.file.exists():
            return ["database"]
        try:
            version = _version(self.settings.database_url)
        except sa.exc.SQLAlchemyError as error:
            log.warning("not ready: the database does not answer (%s)", getattr(error, "orig", None) or error)
            return ["database"]
        return [] if version == expected(self.root) else ["migration"]

    def _disk(self) -> list[str]:
        return ["disk"] if self.file and _room(self.file) < LEAST_ROOM else []

    def _beside(self) -> list[str]:
        found = []
        if self.settings.replica_url and not _answers(self.settings.replica_url):
            found.append("replica")
        if self.settings.redis_url and not counting.Counts(self.settings.redis_url).is_there():
            found.append("redis")
        return found


@cache
def expected(root: Path) -> str | None:
    """The migration that this code was written for."""
    return ScriptDirectory(str(root / "migrations")).get_current_head()


def _version(url: str) -> str | None:
    """The migration that the database has. A connection of its own: those of the pool may be the ones that hang."""
    engine = _engine(url)
    with engine.connect() as connection:
        if not sa.inspect(connection).has_table("alembic_version"):
            return None
        version: str | None = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
        return version


def _answers(url: str) -> bool:
    try:
        with _engine(url).connect() as connection:
            return bool(connection.scalar(sa.text("SELECT 1")) == 1)
    except sa.exc.SQLAlchemyError:
        return False


def _engine(url: str) -> sa.Engine:
    if url.startswith("sqlite"):
        return sa.create_engine(url, poolclass=sa.NullPool, connect_args={"timeout": SECONDS - 1})
    words = {"connect_timeout": SECONDS - 1, "options": f"-c statement_timeout={1000 * (SECONDS - 1)}"}
    return sa.create_engine(url, poolclass=sa.NullPool, connect_args=words)


def _room(file: Path) -> int:
    try:
        return shutil.disk_usage(file.parent).free
    except OSError:
        return 0
