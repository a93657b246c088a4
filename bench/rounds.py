"""One row of the table: floor and page in turn, several times, so that whatever else the machine does hits both."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median, quantiles

from bench.asks import Asks, Row
from bench.load import Load, Outcome
from bench.servers import Server

ROUNDS = 3
POSTS_PER_SECOND = 2_500
"""More enrollments than this are never sent in a second, so that it is known how many people and seats are needed."""

Run = Callable[[Load], Outcome]
"""Sends a load from the clients' own process."""


class Failed(Exception):
    """Some answers were not what they had to be, so no figure of the run means anything."""


@dataclass(frozen=True)
class Measured:
    rate: float
    """Requests per second: the median of the rounds."""
    ratio: float
    """The median of each round's rate divided by the rate of the floor just before it."""
    p50: float
    p99: float
    worst: float
    """Latencies of all rounds together, in seconds."""
    cpu: float | None
    """Processor time of the server processes per request, in seconds."""
    floor_rate: float
    floor_cpu: float | None
    answered: int
    floor_answered: int
    """How many requests were answered in all, those before the rounds included."""


@dataclass(frozen=True)
class Pace:
    seconds: float
    connections: int

    @property
    def posts(self) -> int:
        return int(POSTS_PER_SECOND * self.seconds)

    @property
    def pairs(self) -> int:
        """How many enrollments a row can send altogether: warming up, every round of both, the writers at the end."""
        return self.posts * (2 * ROUNDS + 3)


def measure(row: Row, floor: Server, page: Server, pace: Pace, run: Run) -> Measured:
    warm = Pace(min(pace.seconds, 1), pace.connections)
    warmed = [send(row, server, asks, warm, run) for server, asks in ((floor, row.floor), (page, row.page))]
    floors, pages = [], []
    before = [server.cpu_seconds() for server in (floor, page)]
    for _ in range(ROUNDS):
        floors.append(send(row, floor, row.floor, pace, run))
        pages.append(send(row, page, row.page, pace, run))
    after = [server.cpu_seconds() for server in (floor, page)]
    latencies = [latency for outcome in pages for latency in outcome.latencies]
    percentiles = quantiles(latencies, n=100) if len(latencies) > 1 else latencies * 99
    return Measured(
        rate=median(outcome.rate for outcome in pages),
        ratio=median(page.rate / floor.rate for page, floor in zip(pages, floors, strict=True)),
        p50=percentiles[49],
        p99=percentiles[98],
        worst=max(latencies),
        cpu=_each(before[1], after[1], pages),
        floor_rate=median(outcome.rate for outcome in floors),
        floor_cpu=_each(before[0], after[0], floors),
        answered=_number((*pages, warmed[1])),
        floor_answered=_number((*floors, warmed[0])),
    )


def _each(before: float | None, after: float | None, outcomes: Sequence[Outcome]) -> float | None:
    return None if before is None or after is None else (after - before) / _number(outcomes)


def _number(outcomes: Iterable[Outcome]) -> int:
    return sum(len(outcome.latencies) for outcome in outcomes)


def send(row: Row, server: Server, asks: Asks, pace: Pace, run: Run) -> Outcome:
    requests = [ask.raw() for ask in asks(pace.posts)]
    outcome = run(Load(server.port, requests, row.writes, row.status, pace.seconds, pace.connections))
    if outcome.errors:
        raise Failed(f"{row.title}: {_said(outcome.errors)}")
    return outcome


def _said(errors: Counter[str]) -> str:
    return ", ".join(f"{times} times “{line}”" for line, times in errors.most_common(3))
