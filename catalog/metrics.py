"""What is counted while requests are answered, for those who watch the machines.

Several processes answer requests. Each counts in a file of its own under PROMETHEUS_MULTIPROC_DIR, which the start
of the server makes and empties, and whoever asks any of them is told the sum. Where the variable is not set there is
one process, and it counts in its memory."""

import os
import time
from collections.abc import Iterable

import prometheus_client as prometheus
from prometheus_client import multiprocess
from prometheus_client.registry import Collector

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
CONTENT_TYPE = prometheus.CONTENT_TYPE_LATEST

_own = prometheus.CollectorRegistry()
REQUESTS = prometheus.Counter(
    "catalog_requests_total", "Requests answered.", ["method", "route", "status"], registry=_own
)
SECONDS = prometheus.Histogram(
    "catalog_request_seconds", "How long answers took.", ["route"], buckets=BUCKETS, registry=_own
)
ERRORS = prometheus.Counter(
    "catalog_errors_total", "Errors that nobody expected.", ["route", "error"], registry=_own
)
METHODS = ("GET", "HEAD", "POST", "OPTIONS")


def answered(method: str, route: str, status: int, began: float) -> None:
    REQUESTS.labels(method if method in METHODS else "other", route, str(status)).inc()
    SECONDS.labels(route).observe(time.perf_counter() - began)


def failed(route: str, error: BaseException) -> None:
    ERRORS.labels(route, type(error).__name__).inc()


def text(beside: Iterable[Collector]) -> bytes:
    """Everything that was counted, by all processes, and what these collectors say now."""
    registry = prometheus.CollectorRegistry()
    if os.environ.get(FOLDER):
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    else:
        registry.register(_own)
    for one in beside:
        registry.register(one)
    return prometheus.generate_latest(registry)
