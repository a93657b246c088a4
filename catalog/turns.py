"""Writers of one SQLite file take turns, first come first served.

SQLite lets whoever finds the file locked sleep and ask again, ever more seldom: of many writers the unlucky wait
long, and the file rests while all of them sleep. So the threads of a process queue up here and one of them at a time
asks. Between processes that one waits for the lock of a file beside the database, and is woken the moment it is
free; when a process is killed, its lock goes with it."""

import os
import sqlite3
import sys
from collections import deque
from contextlib import suppress
from functools import cache
from threading import Lock
from time import monotonic, sleep
from typing import Any

if sys.platform != "win32":
    import fcntl

PATIENCE_SECONDS = 15


class Turns:
    """Whose turn it is to write to one file, among the threads of this process."""

    def __init__(self, path: str) -> None:
        self._file = os.open(f"{path}-turns", os.O_RDWR | os.O_CREAT, 0o600)
        self._mutex = Lock()
        self._is_taken = False
        self._waiting: deque[Lock] = deque()

    def take(self, patience: float) -> None:
        """Raises sqlite3.OperationalError, as SQLite does, when it takes longer than these seconds."""
        turn = Lock()
        turn.acquire()
        with self._mutex:
            self._waiting.append(turn)
            self._call_next()
        began = monotonic()
        if not turn.acquire(timeout=patience) and not self._is_called(turn):
            raise sqlite3.OperationalError("database is locked")
        try:
            self._lock_file(began + patience if patience < PATIENCE_SECONDS else None)
        except BaseException:
            self._go_on()
            raise

    def _lock_file(self, until: float | None) -> None:
        """Without an end one is woken the moment it is free; somebody impatient has to ask again and again."""
        if sys.platform == "win32":
            return
        if until is None:
            fcntl.flock(self._file, fcntl.LOCK_EX)
            return
        while True:
            with suppress(BlockingIOError):
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            if monotonic() >= until:
                raise sqlite3.OperationalError("database is locked")
            sleep(0.005)

    def give(self) -> None:
        if sys.platform != "win32":
            fcntl.flock(self._file, fcntl.LOCK_UN)
        self._go_on()

    def _go_on(self) -> None:
        with self._mutex:
            self._is_taken = False
            self._call_next()

    def _call_next(self) -> None:
        if not self._is_taken and self._waiting:
            self._is_taken = True
            self._waiting.popleft().release()

    def _is_called(self, turn: Lock) -> bool:
        """Whether it was called in the very moment it gave up; else it leaves the queue."""
        with self._mutex:
            if turn in self._waiting:
                self._waiting.remove(turn)
                return False
            return True


turns = cache(Turns)
"""Those of the file at this path."""


class Connection(sqlite3.Connection):
    """Ends its turn with its transaction."""

    turns: Turns | None = None
    patience: float = PATIENCE_SECONDS

    def wait(self, path: str) -> None:
        """Until it is its turn to write to this file."""
        taking = turns(path)
        taking.take(self.patience)
        self.turns = taking

    def commit(self) -> None:
        super().commit()
        self.end_turn()

    def rollback(self) -> None:
        try:
            super().rollback()
        finally:
            self.end_turn()

    def close(self) -> None:
        try:
            super().close()
        finally:
            self.end_turn()

    def end_turn(self) -> None:
        taken, self.turns = self.turns, None
        if taken is not None:
            taken.give()


def choose(_dialect: Any, _record: Any, _words: Any, options: dict[str, Any]) -> None:
    """For SQLAlchemy's event `do_connect`: connections are of this kind."""
    options["factory"] = Connection
