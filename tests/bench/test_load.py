"""The bench's clients, against a server that answers what it is told to."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from bench.load import Load, run

GOOD, BAD = (b"GET /%s HTTP/1.1\r\nHost: here\r\n\r\n" % name for name in (b"good", b"bad"))


class Answers(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        body = b"x" * 100_000
        self.send_response(200 if self.path == "/good" else 404)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def port() -> Iterator[int]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        threading.Thread(target=server.serve_forever).start()
        yield server.server_address[1]
        server.shutdown()


def test_every_answer_is_counted_and_timed(port: int) -> None:
    outcome = run(Load(port, [GOOD] * 50, once=True, status=200, seconds=30, connections=4))
    assert len(outcome.latencies) == 50
    assert not outcome.errors
    assert 0 < outcome.rate < 1_000_000


def test_any_other_status_is_an_error(port: int) -> None:
    outcome = run(Load(port, [GOOD, BAD, BAD], once=True, status=200, seconds=30, connections=1))
    assert outcome.errors == {"HTTP/1.1 404 Not Found": 2}


def test_requests_are_repeated_until_the_time_is_over(port: int) -> None:
    outcome = run(Load(port, [GOOD], once=False, status=200, seconds=0.2, connections=2))
    assert len(outcome.latencies) > 2
    assert outcome.seconds >= 0.2
