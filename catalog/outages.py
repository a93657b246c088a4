"""Which errors pass by themselves: a database that is busy, away or full. Such a request may be repeated."""

import errno

import sqlalchemy as sa

SQLITE = ("BUSY", "LOCKED", "FULL", "CANTOPEN", "IOERR", "READONLY", "NOTADB", "CORRUPT")
"""How the names of SQLite's answers begin that speak of the file or of others who use it."""
POSTGRES = ("08", "53", "57P", "58", "55P03", "40001", "40P01")
"""How PostgreSQL's codes begin that speak of the connection, of room, of a stop, or of others who were first."""
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def passes(error: BaseException) -> bool:
    """Whether the same request may succeed a little later, without anybody changing the program."""
    if isinstance(error, OSError):
        return error.errno in NO_ROOM
    if isinstance(error, sa.exc.TimeoutError):  # every connection of the pool is in use
        return True
    if not isinstance(error, sa.exc.DBAPIError):
        return False
    return error.connection_invalidated or _says_so(error.orig)


def _says_so(error: BaseException | None) -> bool:
    if name := getattr(error, "sqlite_errorname", None):
        return str(name).removeprefix("SQLITE_").startswith(SQLITE)
    if code := getattr(error, "sqlstate", None):
        return str(code).startswith(POSTGRES)
    # Whoever could not even connect has no code; psycopg names the failure in its class alone.
    return type(error).__name__ in ("OperationalError", "ConnectionTimeout") and hasattr(error, "sqlstate")


def first_line(error: Exception) -> str:
    """What the database said, without the statement and its values, which may be somebody's."""
    said = str(getattr(error, "orig", None) or error).strip()
    return f"{type(error).__name__}: {said.splitlines()[0] if said else ''}"
