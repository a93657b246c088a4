"""A streaming replica for pages that may be a moment old: whether it is there, and how far behind.

A thread of each process looks every two seconds, so that no request does. While the replica is away or behind, or
nobody has looked yet, the primary is read. While the primary is away, the replica is the newest there is."""

import logging
import threading
import time
from collections import deque

import sqlalchemy as sa
from flask import Flask, current_app
from sqlalchemy.engine import Engine

from catalog.config import Settings
from catalog.extensions import prepare

log = logging.getLogger(__name__)

EVERY_SECONDS = 2.0
MOST_BEHIND_SECONDS = 10.0
REMEMBERED_SECONDS = 60.0
OPTIONS = "-c default_transaction_read_only=on -c statement_timeout=30000"

WRITTEN = sa.text("SELECT (pg_current_wal_lsn() - '0/0')::bigint")
REPLAYED = sa.text("SELECT pg_is_in_recovery(), coalesce(pg_last_wal_replay_lsn() - '0/0', 0)::bigint")


class Replica:
    def __init__(self, url: str, primary_url: str, connections: int) -> None:
        wait = {"connect_timeout": 2}
        self.engine = sa.create_engine(
            url,
            pool_size=connections,
            max_overflow=2,
            pool_timeout=2,
            connect_args=wait | {"options": OPTIONS},
        )
        prepare(self.engine)
        self.primary = sa.create_engine(
            primary_url, pool_size=1, isolation_level="AUTOCOMMIT", connect_args=wait
        )
        prepare(self.primary)
        # When the primary had written how far, for as long as it matters.
        self.written: deque[tuple[float, int]] = deque()
        self.is_good = False
        self.watching: threading.Thread | None = None
        self.lock = threading.Lock()
        self.closed = threading.Event()

    def to_read(self) -> Engine | None:
        """The replica's engine, if it may be read just now."""
        if self.watching is None:
            with self.lock:
                if self.watching is None:
                    self.watching = threading.Thread(target=self._watch, daemon=True)
                    self.watching.start()
        return self.engine if self.is_good else None

    def failed(self, error: Exception) -> None:
        """A request could not read it; the next look decides again."""
        self._judge(False, str(getattr(error, "orig", None) or error))

    def _watch(self) -> None:
        self.look()
        while not self.closed.wait(EVERY_SECONDS):
            self.look()

    def close(self) -> None:
        """Look no more, and let go of the connections."""
        self.closed.set()
        if self.watching:
            self.watching.join()
        self.engine.dispose()
        self.primary.dispose()

    def look(self) -> None:
        now = time.monotonic()
        try:
            with self.primary.connect() as connection:
                self.written.append((now, connection.scalar(WRITTEN) or 0))
            is_primary_there = True
        except sa.exc.SQLAlchemyError:
            is_primary_there = False
        while self.written and self.written[0][0] < now - REMEMBERED_SECONDS and len(self.written) > 1:
            self.written.popleft()
        try:
            with self.engine.connect() as connection:
                is_replica, replayed = connection.execute(REPLAYED).one()
        except sa.exc.SQLAlchemyError as error:
            self._judge(False, str(getattr(error, "orig", None) or error))
            return
        if not is_replica:
            self._judge(False, "it is no replica any more")
        elif is_primary_there:
            behind = self._behind(now, replayed)
            self._judge(behind <= MOST_BEHIND_SECONDS, f"it is {behind:.0f} seconds behind")

    def _behind(self, now: float, replayed: int) -> float:
        """Since when the primary has been further than the replica is."""
        return min((now - at for at, written in self.written if written <= replayed), default=float("inf"))

    def _judge(self, is_good: bool, why: str) -> None:
        if self.is_good and not is_good:
            log.warning("the replica is left alone, the primary is read: %s", " ".join(why.split()))
        elif is_good and not self.is_good:
            log.info("the replica is read")
        self.is_good = is_good


def of(settings: Settings) -> Replica | None:
    if settings.replica_url is None:
        return None
    return Replica(settings.replica_url, settings.database_url, settings.threads)


def init_app(app: Flask, settings: Settings) -> None:
    app.extensions["replica"] = of(settings)


def here() -> Replica | None:
    """The replica of this installation, if it has one."""
    found: Replica | None = current_app.extensions["replica"]
    return found
