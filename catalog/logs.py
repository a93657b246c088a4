"""What the programs say while they run: one line for each thing, plain for people or JSON for machines.

A line names a route, never the address that was asked for, because addresses hold tokens; a person's number, never a
name; and of an error its kind and where it was raised, never the values that were being written. Every request has a
number, which is sent back, and which the page of an error shows."""

import json
import logging
import re
import secrets
import sys
import time
import traceback
from collections.abc import Mapping
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from catalog.config import Settings

HEADER = "X-Request-Id"
WELL_FORMED = re.compile(r"[A-Za-z0-9_.:-]{8,64}")
request_id: ContextVar[str] = ContextVar("request_id", default="")
"""The number of the request that is being answered; empty outside one."""

log = logging.getLogger("catalog")
requests = logging.getLogger("catalog.requests")

QUOTED = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"")
ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
LONG_WORD = re.compile(r"[A-Za-z0-9_.\-]{20,}")
PATH = re.compile(r"(?<!\S)/\S+")

SERVER = "gunicorn.error"
"""Under this name gunicorn says what goes wrong before a request reaches us, or after; it repeats addresses."""


def new_id(offered: str | None = None) -> str:
    """The number that a proxy gave, if it looks like one, else a new one."""
    return offered if offered and WELL_FORMED.fullmatch(offered) else secrets.token_hex(8)


def without_values(text: str) -> str:
    """A message without what it quotes: an error of the database or of a conversion quotes what somebody sent."""
    first = text.splitlines()[0] if text else ""
    # What stands behind these words are a statement's values, or a row's.
    first = re.split(r"\bDETAIL\b|\[parameters|\bKey \(|\bFailing row", first)[0]
    return LONG_WORD.sub("…", ADDRESS.sub("…", QUOTED.sub("…", first)))[:300].strip()


def said_of(error: BaseException) -> dict[str, str]:
    """The kind of an error, a message without values, and the lines of code that led to it."""
    frames = traceback.extract_tb(error.__traceback__)
    causes = [type(error).__name__]
    cause = error.__cause__ or error.__context__
    while cause and len(causes) < 5:
        causes.append(type(cause).__name__)
        cause = cause.__cause__ or cause.__context__
    return {
        "error": " from ".join(causes),
        "message": without_values(str(error)),
        # Lines of the program, not what it held.
        "where": " > ".join(
            f"{frame.filename.rsplit('/', 2)[-1]}:{frame.lineno} {frame.name}" for frame in frames[-8:]
        ),
    }


class Fields(logging.Filter):
    """Gives every line the number of its request, and takes the values out of what it says of an error."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id.get()
        if record.name == SERVER:
            record.msg, record.args = without_values(PATH.sub("…", record.getMessage())), None
        if record.exc_info and record.exc_info[1] is not None:
            record.failure = said_of(record.exc_info[1])
            record.exc_info, record.exc_text = None, None
        if record.args:
            record.args = _said(record.args)
        return True


def _said(args: Any) -> Any:
    """An error that is put into a line by its name alone is said without values too."""
    if isinstance(args, Mapping):
        return {key: _plain(one) for key, one in args.items()}
    return tuple(_plain(one) for one in args)


def _plain(value: object) -> object:
    return (
        f"{type(value).__name__}: {without_values(str(value))}" if isinstance(value, BaseException) else value
    )


class AsJson(logging.Formatter):
    """One object a line."""

    def format(self, record: logging.LogRecord) -> str:
        said: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            "says": record.getMessage(),
        }
        if number := getattr(record, "request_id", ""):
            said["request"] = number
        said |= getattr(record, "facts", {})
        said |= getattr(record, "failure", {})
        return json.dumps(said, ensure_ascii=False, default=str)


class AsLine(logging.Formatter):
    """For people at a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        when = datetime.fromtimestamp(record.created, UTC)
        parts = [f"{when:%Y-%m-%d %H:%M:%S} {record.levelname.lower()} {record.getMessage()}"]
        facts = {**getattr(record, "facts", {}), **getattr(record, "failure", {})}
        parts += [f"{key}={value}" for key, value in facts.items() if value not in (None, "")]
        if number := getattr(record, "request_id", ""):
            parts.append(f"request={number}")
        return " ".join(" ".join(part.split()) for part in parts)


def set_up(settings: Settings) -> None:
    """All lines of this process go to standard error, in the one form. Done twice it is done once."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(AsJson() if settings.log_format == "json" else AsLine())
    handler.addFilter(Fields())
    handler.set_name("catalog")
    root = logging.getLogger()
    root.handlers = [*(one for one in root.handlers if one.get_name() != "catalog"), handler]
    server = logging.getLogger(SERVER)
    if server.handlers:  # gunicorn serves: its own way of saying things ends here
        server.handlers = [handler]
    level = settings.log_level.upper()
    log.setLevel(level)
    root.setLevel(max(logging.getLevelName(level), logging.WARNING))


def answered(*, method: str, route: str, status: int, began: float, person_id: int | None) -> None:
    """One request, and how long it took."""
    if requests.isEnabledFor(logging.INFO):
        facts = {
            "method": method,
            "route": route,
            "status": status,
            "ms": round(1000 * (time.perf_counter() - began), 1),
            "person": person_id,
        }
        requests.info("answered", extra={"facts": facts})
