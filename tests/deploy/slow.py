"""Clients that take their time, and how long everybody else waits meanwhile."""

import contextlib
import http.client
import socket
import threading
import time
from collections.abc import Iterator

MANY = 200
HEAD = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n"
BODY = (
    b"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    b"Content-Length: 1000\r\n\r\n"
)
CHUNKS = (
    b"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n5\r\n"
)
TOO_LARGE = BODY.replace(b"1000", b"900000000")
STAYS = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
READS_NOT = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


@contextlib.contextmanager
def crowd(
    port: int, begins: bytes, many: int = MANY, *, trickles: bool = True
) -> Iterator[list[socket.socket]]:
    """So many connections that begin so; then each sends a byte a second, or nothing."""
    crowd: list[socket.socket] = []
    enough = threading.Event()

    def trickle() -> None:
        while not enough.wait(1):
            for one in crowd:
                with contextlib.suppress(OSError):
                    one.send(b"a")

    thread = threading.Thread(target=trickle)
    try:
        for _ in range(many):
            one = socket.socket()
            crowd.append(one)
            one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            one.connect(("127.0.0.1", port))
            one.sendall(begins)
        if trickles:
            thread.start()
        yield crowd
    finally:
        enough.set()
        if thread.ident:
            thread.join()
        for one in crowd:
            one.close()


def seconds_for(port: int, path: str = "/", host: str = "127.0.0.1") -> float:
    """How long a page takes; it must be one."""
    began = time.monotonic()
    with contextlib.closing(http.client.HTTPConnection(host, port, timeout=15)) as connection:
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
    assert answer.status == 200
    return time.monotonic() - began


def slowest(port: int, times: int = 4) -> float:
    waited = []
    for _ in range(times):
        waited.append(seconds_for(port))
        time.sleep(0.2)
    return max(waited)
