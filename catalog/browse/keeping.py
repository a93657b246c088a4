"""One picture for each database, made anew when it has grown old.

It is old after `seconds`, and never before fifty times the time it took to make, so that drawing takes at most a
fiftieth of a processor. It is drawn in a thread of its own; a request waits for that a quarter of a second and then
takes the old one. Only the very first request waits to the end, and with `seconds` 0, as in tests, every one does.
"""

import threading
import time

from sqlalchemy.engine import Engine

from catalog import clock
from catalog.browse.facets import Picture
from catalog.browse.queries.drawing import draw
from catalog.extensions import writing

PATIENCE = 0.25
SHARE = 50


class Keeper:
    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.picture: Picture | None = None
        self.good_until = 0.0
        self.drawing: threading.Thread | None = None
        self.lock = threading.Lock()

    def get(self, seconds: int, zone: str) -> Picture:
        with self.lock:
            if self.picture is None or seconds == 0:
                return self.draw(seconds, zone)
            if time.monotonic() > self.good_until and self.drawing is None:
                self.drawing = threading.Thread(target=self._draw_aside, args=(seconds, zone), daemon=True)
                self.drawing.start()
            drawing = self.drawing
        if drawing:
            drawing.join(PATIENCE)
        return self.picture

    def draw(self, seconds: int, zone: str) -> Picture:
        began = time.monotonic()
        with self.engine.connect() as connection:
            self.picture = draw(connection, clock.now(), zone)
        took = time.monotonic() - began
        self.good_until = time.monotonic() + max(seconds, SHARE * took)
        return self.picture

    def _draw_aside(self, seconds: int, zone: str) -> None:
        # A new thread knows nothing of the request's promise to only read, and would take the write lock.
        writing.set(False)
        try:
            self.draw(seconds, zone)
        finally:
            self.drawing = None


_keepers: dict[Engine, Keeper] = {}
_making = threading.Lock()


def keeper(engine: Engine) -> Keeper:
    if kept := _keepers.get(engine):
        return kept
    with _making:
        return _keepers.setdefault(engine, Keeper(engine))


def picture(engine: Engine, seconds: int, zone: str) -> Picture:
    """The picture of this database, at most a little older than `seconds`; `zone` says where days begin."""
    return keeper(engine).get(seconds, zone)


def forget() -> None:
    """Let every picture be drawn anew, by the next request that wants it."""
    with _making:
        _keepers.clear()
