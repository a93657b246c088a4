"""What gunicorn says by itself, in the two forms of the catalog's own lines (`catalog/logs.py`).

Its master never reads the program, so it has its own hand for both. The processes that answer requests use it only
until they have read it; from then on their lines go the catalog's way, with the numbers of requests."""

import json
import logging
import traceback
from datetime import UTC, datetime
from typing import Any

from gunicorn.glogging import Logger


class AsJson(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        said = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            "says": record.getMessage(),
        }
        if record.exc_info and record.exc_info[0]:
            frames = traceback.extract_tb(record.exc_info[2])[-8:]
            said["error"] = record.exc_info[0].__name__
            said["where"] = " > ".join(
                f"{frame.filename.rsplit('/', 2)[-1]}:{frame.lineno} {frame.name}" for frame in frames
            )
        return json.dumps(said, ensure_ascii=False)


class AsLine(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        when = datetime.fromtimestamp(record.created, UTC)
        said = f"{when:%Y-%m-%d %H:%M:%S} {record.levelname.lower()} {record.getMessage()}"
        if record.exc_info:
            said += "\n" + self.formatException(record.exc_info)
        return said


class PlainLog(Logger):
    lines: type[logging.Formatter] = AsLine

    def _set_handler(self, log: logging.Logger, output: str | None, fmt: Any, stream: Any = None) -> None:
        super()._set_handler(log, output, self.lines() if log is self.error_log else fmt, stream)


class JsonLog(PlainLog):
    lines = AsJson
