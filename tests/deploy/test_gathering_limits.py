"""How long and how much the server that gathers requests gives one client, and all of them; with short times."""

import contextlib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection

import pytest

from tests.engines import free_port
from tests.nodes import status, wait_until
from tests.servers import ROOT

pytestmark = pytest.mark.serves

HEAD, BODY, ANSWER, PLACES = 1.0, 2.0, 1.0, 30
PROGRAM = f"""
import gathering

gathering.HEAD_SECONDS, gathering.BODY_SECONDS, gathering.ANSWER_SECONDS = {HEAD}, {BODY}, {ANSWER}
gathering.LINGER_SECONDS, gathering.SLOWEST_BYTES = 0.5, 1024
gathering.LONGEST_HEAD, gathering.LARGEST_GATHERED, gathering.MOST_GATHERED = 4096, 100_000, 150_000


class Hasty(gathering.GatheringWorker):
    pass


def app(environ, start_response):
    size = len(environ["wsgi.input"].read()) if environ["PATH_INFO"] == "/read" else 0
    said = b"x" * 20_000_000 if environ["PATH_INFO"] == "/long" else str(size).encode()
    start_response("200 OK", [("Content-Length", str(len(said)))])
    return [said]
"""


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """One process, two threads, little patience; it has read nothing of the catalog, so it starts in a blink."""
    folder, port = tmp_path_factory.mktemp("hasty"), free_port()
    (folder / "hasty.py").write_text(PROGRAM)
    words = [
        "--bind",
        f"127.0.0.1:{port}",
        "--worker-class",
        "hasty.Hasty",
        "--threads",
        "2",
        "--no-control-socket",
    ]
    words += ["--worker-connections", str(PLACES), "--keep-alive", "35", "--log-level", "error"]
    paths = {"PYTHONPATH": f"{folder}:{ROOT}", "PATH": ""}
    server = subprocess.Popen([sys.executable, "-m", "gunicorn", *words, "hasty:app"], cwd=folder, env=paths)
    wait_until(lambda: status(port, "/") == 200)
    yield port
    server.terminate()
    server.wait(40)


def to(port: int, begins: bytes) -> socket.socket:
    made = socket.create_connection(("127.0.0.1", port), timeout=15)
    made.sendall(begins)
    return made


def end_of(one: socket.socket) -> tuple[bytes, float]:
    """What was said until the other end hung up, and how long that took."""
    began, said = time.monotonic(), b""
    with contextlib.suppress(ConnectionResetError):
        while piece := one.recv(65536):
            said += piece
    return said, time.monotonic() - began


def trickle(one: socket.socket, seconds: float) -> int:
    """Returns how many bytes were sent in that time."""
    until, sent = time.monotonic() + seconds, 0
    with contextlib.suppress(OSError):
        while time.monotonic() < until:
            sent += one.send(b"a")
            time.sleep(0.1)
    return sent


POST = b"POST /read HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n"


@pytest.mark.parametrize(
    ("begins", "seconds"),
    [
        (b"GET / HTTP/1.1\r\nX: ", HEAD),
        (POST % 500, BODY),
        (POST.replace(b"Content-Length: %d", b"Transfer-Encoding: chunked"), BODY),
    ],
    ids=["head", "body", "body in chunks"],
)
def test_a_request_that_trickles_has_so_long_and_is_told(port: int, begins: bytes, seconds: float) -> None:
    with closing(to(port, begins)) as one:
        trickle(one, seconds + 1.5)
        assert end_of(one)[0].startswith(b"HTTP/1.1 408 ")


def test_a_long_body_has_longer(port: int) -> None:
    with closing(to(port, POST % 3000)) as one:
        sent = trickle(one, BODY + 1)
        one.sendall(b"a" * (3000 - sent))
        assert one.recv(1000).startswith(b"HTTP/1.1 200 ")


def test_whoever_says_nothing_has_as_long_as_a_head(port: int) -> None:
    with closing(to(port, b"")) as one:
        said, seconds = end_of(one)
    assert said == b""
    assert HEAD - 0.2 < seconds < HEAD + 3


def test_a_head_without_an_end_is_refused(port: int) -> None:
    with closing(to(port, b"GET / HTTP/1.1\r\nX: " + b"a" * 5000)) as one:
        assert end_of(one)[0].startswith(b"HTTP/1.1 431 ")


def test_an_answer_that_nobody_takes_holds_no_thread_for_long(port: int) -> None:
    with contextlib.ExitStack() as crowd:
        for _ in range(2):
            crowd.enter_context(closing(to(port, b"GET /long HTTP/1.1\r\nHost: x\r\n\r\n")))
        time.sleep(0.3)
        began = time.monotonic()
        assert status(port, "/") == 200
        assert time.monotonic() - began < ANSWER + 3


def test_what_is_too_large_is_handed_on_unread_and_the_connection_ends(port: int) -> None:
    with closing(to(port, POST.replace(b"/read", b"/") % 200_000)) as one:
        said, _ = end_of(one)
    assert said.startswith(b"HTTP/1.1 200 ")
    assert b"Connection: close" in said


def test_all_of_them_together_keep_so_much_and_the_largest_goes(port: int) -> None:
    with contextlib.ExitStack() as crowd:
        small = crowd.enter_context(closing(to(port, POST % 40_000 + b"a" * 30_000)))
        large = crowd.enter_context(closing(to(port, POST % 99_000 + b"a" * 95_000)))
        middle = crowd.enter_context(closing(to(port, POST % 60_000 + b"a" * 50_000)))
        assert end_of(large)[0] == b""
        for one, missing in ((small, 10_000), (middle, 10_000)):
            one.sendall(b"a" * missing)
            assert one.recv(1000).startswith(b"HTTP/1.1 200 ")


def test_when_every_place_is_taken_the_one_that_waited_longest_makes_room(port: int) -> None:
    with contextlib.ExitStack() as crowd:
        first = crowd.enter_context(closing(to(port, POST % 30_000)))
        time.sleep(0.2)
        for _ in range(PLACES):
            crowd.enter_context(closing(to(port, b"GET / HTTP/1.1\r\nX: ")))
        assert status(port, "/") == 200
        said, seconds = end_of(first)
    assert said == b""
    assert seconds < 1


def test_a_connection_at_rest_is_kept_longer_than_a_head_may_take(port: int) -> None:
    with closing(HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        for pause in (0, HEAD + 0.5):
            time.sleep(pause)
            connection.request("GET", "/")
            assert connection.getresponse().read() == b"0"
