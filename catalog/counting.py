"""Counts that several machines share, in Redis. Where it is away or not configured, the database counts."""

import importlib
import logging
import threading
import time
from datetime import timedelta
from functools import cache
from typing import Any, NamedTuple

from flask import current_app

log = logging.getLogger(__name__)

SECONDS = 0.5
"""So long one waits for Redis; a request has better things to do."""
REST_SECONDS = 15
"""So long it is left alone after it did not answer: each request would wait for it again."""
PREFIX = "catalog:limit:"

ADD = """
local n = redis.call('INCRBY', KEYS[1], ARGV[2])
if n == tonumber(ARGV[2]) or redis.call('PTTL', KEYS[1]) < 0 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return {n, redis.call('PTTL', KEYS[1])}
"""
GIVE_BACK = """
local n = tonumber(redis.call('GET', KEYS[1]) or '0')
if n > 0 then redis.call('DECR', KEYS[1]) end
return n
"""


class Counted(NamedTuple):
    """How many there were in this window, and how long it still lasts."""

    number: int
    seconds: float


class Away(Exception):
    """Redis is not there, or is none of this installation's: count in the database."""


class Counts:
    """Windows that begin with the first count. Each step is one step for Redis too, so none is lost or doubled."""

    def __init__(self, url: str) -> None:
        # Imported here: most installations have no Redis.
        redis = importlib.import_module("redis")

        self.errors = (redis.RedisError, OSError)
        self.client = redis.Redis.from_url(
            url, socket_timeout=SECONDS, socket_connect_timeout=SECONDS, retry=None, health_check_interval=30
        )
        self.rests_until = 0.0
        self.lock = threading.Lock()

    def read(self, key: str) -> Counted | None:
        number, left = self._ask("read", key)
        return Counted(int(number), left / 1000) if number is not None and left > 0 else None

    def add(self, key: str, window: timedelta, amount: int = 1) -> Counted:
        number, left = self._ask("add", key, max(1, int(window.total_seconds() * 1000)), amount)
        return Counted(int(number), left / 1000)

    def give_back(self, key: str) -> None:
        self._ask("give_back", key)

    def forget(self, key: str) -> None:
        self._ask("forget", key)

    def is_there(self) -> bool:
        try:
            return bool(self.client.ping())
        except self.errors:
            return False

    def _ask(self, what: str, key: str, *words: Any) -> Any:
        if time.monotonic() < self.rests_until:
            raise Away
        try:
            return getattr(self, f"_{what}")(PREFIX + key, *words)
        except self.errors as error:
            with self.lock:
                if time.monotonic() >= self.rests_until:
                    log.warning("Redis does not answer (%s); limits are counted in the database", error)
                self.rests_until = time.monotonic() + REST_SECONDS
            raise Away from None

    def _read(self, key: str) -> tuple[Any, Any]:
        with self.client.pipeline(transaction=True) as both:
            both.get(key)
            both.pttl(key)
            number, left = both.execute()
        return number, left

    def _add(self, key: str, milliseconds: int, amount: int) -> Any:
        return self.client.eval(ADD, 1, key, milliseconds, amount)

    def _give_back(self, key: str) -> Any:
        return self.client.eval(GIVE_BACK, 1, key)

    def _forget(self, key: str) -> Any:
        return self.client.delete(key)


@cache
def _counts(url: str) -> Counts:
    return Counts(url)


def shared() -> Counts:
    """Where this installation counts. Raises Away where that is the database."""
    url = current_app.config["CATALOG"].redis_url
    if not url:
        raise Away
    return _counts(url)
