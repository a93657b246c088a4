"""Two hundred clients that take their time leave the site to everybody else, as `make run` serves it."""

import contextlib
import os
import re
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

import pytest

from catalog import config
from catalog.cli.serve import answers, server_command
from catalog.config import Settings
from tests.deploy import slow
from tests.engines import free_port

ROOT = Path(__file__).resolve().parents[2]
pytestmark = [pytest.mark.serves, pytest.mark.sqlite]


@pytest.fixture(scope="module")
def port(settings: Settings, app: object, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The very command that `make run` starts the server with."""
    own = {"DEMO": "1", "DATABASE_URL": settings.database_url, "PORT": str(free_port())}
    folder = tmp_path_factory.mktemp("slow")
    told = config.read(own, folder)
    environ = os.environ | own | {"INSTANCE": str(folder)}
    server = subprocess.Popen(server_command(told), cwd=ROOT, env=environ)
    until = time.monotonic() + 60
    while not answers(told) and time.monotonic() < until:
        time.sleep(0.1)
    yield told.port
    server.terminate()
    server.wait(40)


@pytest.mark.parametrize(
    ("begins", "trickles"),
    [
        (slow.HEAD, True),
        (slow.BODY, True),
        (slow.CHUNKS, True),
        (slow.TOO_LARGE, True),
        (slow.STAYS, False),
        (slow.READS_NOT, False),
        (b"", False),
    ],
    ids=["heads", "bodies", "chunks", "too large", "never hang up", "never read", "say nothing"],
)
def test_a_page_comes_within_two_seconds(port: int, begins: bytes, trickles: bool) -> None:
    slow.seconds_for(port)
    with slow.crowd(port, begins, trickles=trickles):
        assert slow.slowest(port) < 2


def test_more_of_them_than_there_are_places_leave_the_site_as_well(port: int) -> None:
    with slow.crowd(port, slow.HEAD, 2600):
        assert slow.slowest(port) < 2


def test_a_slow_head_is_let_go_with_a_word(port: int) -> None:
    with slow.crowd(port, slow.HEAD, 1) as crowd:
        crowd[0].settimeout(15)
        assert crowd[0].recv(100).startswith(b"HTTP/1.1 408 ")


def ask(port: int, request: bytes) -> bytes:
    with closing(socket.create_connection(("127.0.0.1", port), timeout=10)) as one:
        one.sendall(request)
        said = b""
        with contextlib.suppress(ConnectionResetError):
            while piece := one.recv(65536):
                said += piece
    return said


def test_two_requests_sent_at_once_are_both_answered_in_order(port: int) -> None:
    first = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    said = ask(port, first + slow.STAYS.replace(b"/healthz", b"/nowhere"))
    assert re.findall(rb"HTTP/1.1 (\d+)", said) == [b"200", b"404"]


def test_a_connection_is_used_again_and_again(port: int) -> None:
    with closing(HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        for _ in range(3):
            connection.request("GET", "/healthz")
            answer = connection.getresponse()
            assert (answer.status, answer.read()) == (200, b"ok\n")
        connection.request("POST", "/sign-in", "a" * 100_000, {"Content-Type": "text/plain"})
        answer = connection.getresponse()
        assert answer.status == 400
        answer.read()
        connection.request("GET", "/healthz")
        assert connection.getresponse().read() == b"ok\n"


ANNOUNCED = b"Expect: 100-continue\r\nConnection: close\r\n\r\n"


def announce(port: int, begins: bytes, body: bytes) -> bytes:
    """All that is said to a client who sends the body once it is asked for it."""
    with closing(socket.create_connection(("127.0.0.1", port), timeout=10)) as one:
        one.sendall(begins.replace(b"\r\n\r\n", b"\r\n" + ANNOUNCED, 1))
        said = one.recv(65536)
        if said.startswith(b"HTTP/1.1 100 "):
            one.sendall(body)
        while piece := one.recv(65536):
            said += piece
    return said


@pytest.mark.parametrize(
    ("begins", "body"),
    [
        (slow.BODY.replace(b" 1000\r\n", b" 3\r\n"), b"a=b"),
        (slow.CHUNKS.removesuffix(b"5\r\n"), b"3\r\na=b\r\n0\r\n\r\n"),
    ],
    ids=["of a length", "in chunks"],
)
def test_a_body_that_is_announced_is_asked_for_once(port: int, begins: bytes, body: bytes) -> None:
    said = announce(port, begins, body)
    assert re.findall(rb"HTTP/1.1 (\d+)", said) == [b"100", b"400"]


def test_a_body_that_is_there_already_is_not_asked_for(port: int) -> None:
    said = ask(port, slow.BODY.replace(b" 1000\r\n\r\n", b" 3\r\n" + ANNOUNCED + b"a=b"))
    assert re.findall(rb"HTTP/1.1 (\d+)", said) == [b"400"]


def test_a_body_that_is_too_large_is_not_asked_for(port: int) -> None:
    said = announce(port, slow.TOO_LARGE, b"a=b")
    assert re.findall(rb"HTTP/1.1 (\d+)", said) == [b"413"]


def test_a_body_in_chunks_is_read(port: int) -> None:
    said = ask(
        port, slow.CHUNKS.replace(b"Transfer", b"Connection: close\r\nTransfer") + b"a=b&c\r\n0\r\n\r\n"
    )
    assert said.startswith(b"HTTP/1.1 400 ")


def test_what_is_no_request_is_refused(port: int) -> None:
    assert b"400 Bad Request" in ask(port, b"hello\r\n\r\n")
    endless = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: " + b"a" * 200_000
    assert re.match(rb"HTTP/1.1 4\d\d ", ask(port, endless))
