"""One catalog is built, served beside its floor, and measured row by row."""

from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa

from bench import databases
from bench.asks import Row, rows
from bench.build import Built, build
from bench.rounds import Failed, Pace, Run, measure, send
from bench.servers import CATALOG, FLOOR, Server, environ, serving
from bench.statements import count
from bench.table import Line
from catalog import config, create_app
from catalog.enrollment.models import HOLDING, Enrollment
from catalog.extensions import db

WRITERS = 8


class Measuring:
    """One size on one database."""

    def __init__(self, url: str, size: int, folder: Path, *, pace: Pace, only: list[str], run: Run) -> None:
        self.url, self.folder, self.pace, self.only, self.run = url, folder, pace, only, run
        self.app = create_app(config.read(environ(url, folder), folder))
        self.built = Built(size, self.pace.pairs)
        self.acknowledged = 0
        self.said: list[str] = []
        build(self.app, self.built)

    def lines(self) -> Iterator[Line]:
        chosen = [row for row in rows(self.app, self.built) if row.name in self.only]
        with serving(FLOOR, self.url, self.folder) as floor, serving(CATALOG, self.url, self.folder) as page:
            for row in chosen:
                yield self.line(row, floor, page)
                if row.name == "hot" and "writers" in self.only and self.url.startswith(databases.SQLITE):
                    self.race(row, page)
        self.refuse_lost_seats()

    def line(self, row: Row, floor: Server, page: Server) -> Line:
        # Without a context around it, which would carry one request's person into the next.
        counted = count(self.app, row)
        with self.app.app_context():
            db.engine.dispose()
        measured = measure(row, floor, page, self.pace, self.run)
        if row.writes:
            self.acknowledged += counted.answered + measured.answered + measured.floor_answered
        return Line(row, measured, counted)

    def race(self, row: Row, page: Server) -> None:
        """Eight people at a time who all write: SQLite has one writer, and this is how long the last one waits."""
        outcome = send(row, page, row.page, Pace(self.pace.seconds, WRITERS), self.run)
        self.acknowledged += len(outcome.latencies)
        slowest = max(outcome.latencies) * 1000
        many = len(outcome.latencies)
        self.said.append(f"With {WRITERS} writers the slowest of {many:,} enrollments took {slowest:.0f} ms.")

    def refuse_lost_seats(self) -> None:
        """Every enrollment that was answered well must be there, and no other."""
        offerings = (self.built.hot, *self.built.spread)
        joined = Enrollment.offering_id.in_(offerings) & Enrollment.state.in_(HOLDING)
        with self.app.app_context():
            found = db.session.scalar(sa.select(sa.func.count()).select_from(Enrollment).where(joined))
            db.session.remove()
            db.engine.dispose()
        if found != self.acknowledged:
            raise Failed(f"{self.acknowledged} enrollments were acknowledged and {found} are there")
