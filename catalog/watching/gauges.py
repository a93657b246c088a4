"""What is true now, in the form that whoever watches the machines reads."""

import time
from collections.abc import Iterator

from flask import current_app
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from catalog import clock
from catalog.watching import queries


class Gauges(Collector):
    """Asked of the database when somebody asks, so that every process says the same."""

    def collect(self) -> Iterator[Metric]:
        now = clock.now()
        jobs = GaugeMetricFamily("catalog_jobs", "Jobs that are not done.", labels=["kind", "state"])
        ages = GaugeMetricFamily(
            "catalog_job_age_seconds", "How long the oldest due job has been due.", labels=["kind"]
        )
        letters = GaugeMetricFamily("catalog_letters", "Letters that are not sent.", labels=["state"])
        counted = {"due": 0, "waiting": 0, "dead": 0}
        for one in queries.queue(now):
            jobs.add_metric([one.kind, one.state], one.rows)
            if one.state == "due" and one.oldest:
                ages.add_metric([one.kind], max(0.0, (now - one.oldest).total_seconds()))
            if one.kind == "mail":
                counted[one.state] = one.rows
        for state, count in counted.items():
            letters.add_metric([state], count)
        yield from (jobs, ages, letters)
        yield from _seats()
        yield from _check()


_kept: dict[str, tuple[float, queries.Seats]] = {}
"""The seats as they were counted last, for each database: of many sessions that takes a fifth of a second."""


def _counted_seats() -> queries.Seats:
    """As old as the counts beside the filters of the catalog may be."""
    settings = current_app.config["CATALOG"]
    at, found = _kept.get(settings.database_url, (0.0, None))
    if found is None or time.monotonic() - at >= settings.browse_refresh_seconds:
        found = queries.seats(clock.now())
        _kept[settings.database_url] = time.monotonic(), found
    return found


def _seats() -> Iterator[Metric]:
    found = _counted_seats()
    yield GaugeMetricFamily("catalog_coming_sessions", "Sessions that are to begin.", value=found.sessions)
    seats = GaugeMetricFamily("catalog_seats", "Seats of the sessions that are to begin.", labels=["state"])
    seats.add_metric(["taken"], found.taken)
    seats.add_metric(["free"], found.free)
    yield seats


def _check() -> Iterator[Metric]:
    if last := queries.last_check():
        yield GaugeMetricFamily(
            "catalog_check_broken_rows", "Rows that the last check found broken.", value=last.rows
        )
        yield GaugeMetricFamily(
            "catalog_check_ended_seconds", "When the last check ended.", value=last.ended_at.timestamp()
        )
