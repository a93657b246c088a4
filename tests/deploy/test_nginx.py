"""What nginx does with the files of `deploy/nginx`: what it hands on, what it asks again, and what it answers itself.

Behind it stand two nodes that are no catalog: they write down what reaches them, and fail where a test wants it."""

import contextlib
import re
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from typing import BinaryIO

import pytest

from tests.engines import free_port
from tests.nodes import NAME, configure_nginx, find, status, wait_until

pytestmark = [
    pytest.mark.serves,
    pytest.mark.skipif(
        find("nginx") is None, reason="nginx was not found; get it with: apt-get install nginx-light"
    ),
]
WELL = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Made: here\r\n\r\nok"


@dataclass
class Node:
    """It answers well, or hangs up when it has read a request, or says what a test puts here."""

    port: int
    says: bytes = WELL
    pause: float = 0
    heard: list[bytes] = field(default_factory=list)
    said: int = 0
    ended: threading.Event = field(default_factory=threading.Event)

    def serve(self, listening: socket.socket) -> None:
        while True:
            try:
                one, _ = listening.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(one,), daemon=True).start()

    def _answer(self, one: socket.socket) -> None:
        with contextlib.suppress(OSError), closing(one), one.makefile("rb") as reading:
            while head := _head(reading):
                length = re.search(rb"(?i)content-length: (\d+)", head)
                body = reading.read(int(length[1])) if length else b""
                self.heard.append(head + b"\r\n" + body)
                self.ended.wait(self.pause)
                one.sendall(self.says)
                self.said += 1
                if not self.says.endswith(WELL[-2:]):
                    return


def _head(reading: BinaryIO) -> bytes:
    """The lines of a request's head; none where the connection was ended."""
    lines = []
    while (line := reading.readline()).strip():
        lines.append(line)
    return b"".join(lines)


@dataclass
class Front:
    plain: int
    secure: int
    nodes: list[Node]
    folder: Path

    def heard(self) -> list[str]:
        return [one.decode() for node in self.nodes for one in node.heard]

    def ask(
        self, method: str, path: str, body: bytes | None = None, **headers: str
    ) -> tuple[int, str, dict[str, str]]:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        with closing(HTTPConnection("127.0.0.1", self.plain, timeout=30)) as connection:
            connection.request(method, path, body, named)
            answer = connection.getresponse()
            return answer.status, answer.read().decode(), dict(answer.headers.items())


# A node that failed in one test must not be left alone in the next, and nobody waits for ten seconds here.
HASTY = {
    "max_fails=1 fail_timeout=10s": "max_fails=0",
    "client_header_timeout 10s": "client_header_timeout 1s",
    "client_body_timeout 10s": "client_body_timeout 1s",
    "send_timeout 10s": "send_timeout 1s",
}
AS_WRITTEN = {
    "rate=100000r/s": "rate=30r/s",
    "limit_conn catalog_connections 4000;": "limit_conn catalog_connections 100;",
}
"""How much one address may ask, which is not tried where all clients of a test have the same one."""


@contextlib.contextmanager
def standing(changes: dict[str, str]) -> Iterator[Front]:
    with contextlib.ExitStack() as stack:
        made = tempfile.TemporaryDirectory(prefix="catalog-nginx-", dir="/tmp", ignore_cleanup_errors=True)
        folder = Path(stack.enter_context(made))
        # A temporary folder is its owner's alone, and nginx' workers are somebody else, who read the pages here. That
        # the documents make /etc/catalog as open as this is held in test_files.py.
        folder.chmod(0o755)
        nodes = []
        for _ in range(2):
            listening = stack.enter_context(closing(socket.create_server(("127.0.0.1", 0))))
            nodes.append(Node(listening.getsockname()[1]))
            serving = threading.Thread(target=nodes[-1].serve, args=(listening,), daemon=True)
            serving.start()
            stack.callback(serving.join)
            # A thread that waits in `accept` is not woken when the socket is closed.
            stack.callback(listening.shutdown, socket.SHUT_RDWR)
            stack.callback(nodes[-1].ended.set)
        front = Front(free_port(), free_port(), nodes, folder)
        configure_nginx(folder, front.plain, front.secure, [node.port for node in nodes])
        for name in ("catalog.conf", "site.inc"):
            text = (folder / name).read_text()
            for old, new in changes.items():
                text = text.replace(old, new)
            (folder / name).write_text(text)
        words = [str(find("nginx")), "-c", str(folder / "nginx.conf"), "-p", str(folder)]
        process = subprocess.Popen(words, stderr=subprocess.DEVNULL)
        stack.callback(process.wait, 20)
        stack.callback(process.terminate)
        wait_until(lambda: status(front.plain, "/healthz") == 200)
        yield front


@pytest.fixture(scope="module")
def running() -> Iterator[Front]:
    with standing(HASTY) as front:
        yield front


@pytest.fixture
def front(running: Front) -> Front:
    """Both nodes are well, and nginx knows it."""
    for node in running.nodes:
        node.says = WELL
        node.heard.clear()
    return running


def test_what_a_stranger_says_of_where_they_come_from_ends_here(front: Front) -> None:
    lies = {
        "X_Forwarded_For": "203.0.113.9",
        "X_Forwarded_Proto": "https",
        "X_Forwarded_Host": "evil.example.org",
        "X_Forwarded_Port": "666",
        "X_Forwarded_Prefix": "/evil",
        "Forwarded": "for=203.0.113.9;host=evil.example.org",
        "X_Request_Id": "a-number-of-my-own",
    }
    front.ask("GET", "/", None, **lies)
    heard = front.heard()[-1]
    assert "evil" not in heard
    assert "203.0.113.9" not in heard
    assert "666" not in heard
    assert "a-number-of-my-own" not in heard
    assert "X-Forwarded-For: 127.0.0.1\r\n" in heard
    assert "X-Forwarded-Proto: http\r\n" in heard
    assert "X-Forwarded-Host: 127.0.0.1\r\n" in heard
    assert re.search(r"X-Request-Id: [0-9a-f]{32}\r\n", heard)


def test_a_node_hears_the_name_that_was_asked_for(front: Front) -> None:
    front.ask("GET", "/", Host="elsewhere.example.org")
    assert "\r\nHost: elsewhere.example.org\r\n" in front.heard()[-1]


def test_a_page_that_no_node_answered_is_asked_of_the_other_one(front: Front) -> None:
    bad, good = front.nodes
    bad.says = b""
    # They are asked in turn.
    assert [front.ask("GET", "/page")[0] for _ in range(4)] == [200] * 4
    assert bad.heard
    assert len(good.heard) == 4


@pytest.mark.parametrize("says", [b"", b"HTTP/1.1 "], ids=["says nothing", "breaks off"])
def test_what_was_sent_once_is_never_sent_to_a_second_node(front: Front, says: bytes) -> None:
    for node in front.nodes:
        node.says = says
    answer = front.ask("POST", "/offerings/1/enrollments", b"a=b")
    assert answer[0] == 502
    assert len([one for one in front.heard() if one.startswith("POST")]) == 1


def test_an_error_that_a_node_explains_itself_is_handed_on_and_asked_once(front: Front) -> None:
    for node in front.nodes:
        node.says = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 30\r\nContent-Length: 5\r\n\r\nno ok"
    code, text, headers = front.ask("GET", "/")
    assert (code, text, headers["Retry-After"]) == (503, "no ok", "30")
    assert len(front.heard()) == 1


def test_where_no_node_answers_nginx_says_so_in_words_and_nobody_keeps_it(front: Front) -> None:
    for node in front.nodes:
        node.says = b""
    code, text, headers = front.ask("GET", "/")
    assert code == 502
    assert "<h1>One moment, please</h1>" in text
    assert headers["Retry-After"] == "5"
    assert headers["Cache-Control"] == "no-store"


def test_a_body_that_is_too_large_reaches_no_node(front: Front) -> None:
    with closing(socket.create_connection(("127.0.0.1", front.plain), timeout=10)) as one:
        size = 126 * 1024 * 1024
        one.sendall(f"POST /x HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {size}\r\n\r\n".encode())
        assert one.recv(100).startswith(b"HTTP/1.1 413 ")
    assert front.heard() == []


def test_a_head_that_is_too_long_reaches_no_node(front: Front) -> None:
    assert front.ask("GET", "/", Cookie="a" * 9_000)[0] == 400
    assert front.ask("GET", f"/?q={'a' * 9_000}")[0] == 414
    assert front.heard() == []


@pytest.mark.parametrize(
    "begins",
    [
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n",
        b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9\r\n\r\na=",
    ],
    ids=["head", "body"],
)
def test_who_says_nothing_more_is_let_go_and_no_node_heard_of_it(front: Front, begins: bytes) -> None:
    with closing(socket.create_connection(("127.0.0.1", front.plain), timeout=25)) as one:
        one.sendall(begins)
        began = time.monotonic()
        assert front.ask("GET", "/quick")[0] == 200
        with contextlib.suppress(ConnectionResetError):
            assert one.recv(100).startswith((b"HTTP/1.1 408 ", b""))
        assert 0.5 < time.monotonic() - began < 10
    assert [heard.split()[1] for heard in front.heard()] == ["/quick"]


def test_who_takes_nothing_holds_no_node_and_is_let_go(front: Front) -> None:
    size = 30 * 1024 * 1024
    for node in front.nodes:
        node.says = WELL.replace(b": 2", b": %d" % size).removesuffix(b"ok") + b"ok" * (size // 2)
        node.said = 0
    with closing(socket.socket()) as one:
        one.settimeout(25)
        one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        one.connect(("127.0.0.1", front.plain))
        one.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        wait_until(lambda: sum(node.said for node in front.nodes) == 1)
        time.sleep(3)
        # It is not waited for until the last of what stands in some buffer was taken.
        with pytest.raises(ConnectionResetError), one.makefile("rb") as reading:
            reading.read()


@pytest.mark.parametrize("page", ["one-moment", "too-many"])
def test_a_page_of_nginx_is_nothing_to_ask_for(front: Front, page: str) -> None:
    assert front.ask("GET", f"/{page}.html")[0] == 404
    assert front.heard() == []


def test_whoever_asks_plainly_is_sent_to_our_name_whatever_name_they_said(front: Front) -> None:
    listens = re.search(r"listen 127\.0\.0\.1:(\d+);", (front.folder / "catalog.conf").read_text())
    assert listens
    with closing(HTTPConnection("127.0.0.1", int(listens[1]), timeout=30)) as connection:
        connection.request("GET", "/courses/1?q=a", headers={"Host": "somebody.example.net"})
        answer = connection.getresponse()
    assert (answer.status, answer.headers["Location"]) == (301, f"https://{NAME}/courses/1?q=a")
    assert answer.headers["Server"] == "nginx"


@pytest.mark.parametrize("path", ["/readyz", "/metrics"])
def test_what_watchers_ask_is_nothing_here(front: Front, path: str) -> None:
    assert front.ask("GET", path)[0] == 404
    assert front.heard() == []


def test_nginx_keeps_no_page_of_its_own(front: Front) -> None:
    for node in front.nodes:
        node.says = WELL.replace(b"X-Made: here", b"Cache-Control: public, max-age=600")
    for _ in range(3):
        front.ask("GET", "/")
    assert len(front.heard()) == 3


def test_one_address_may_ask_so_often_and_is_told_so_in_words() -> None:
    with standing(AS_WRITTEN) as limited:
        seen = [limited.ask("GET", "/") for _ in range(400)]
    refused = [answer for answer in seen if answer[0] != 200]
    assert 120 <= len(seen) - len(refused) < 400
    code, text, headers = refused[-1]
    assert code == 429
    assert "<h1>That was a lot at once</h1>" in text
    assert (headers["Retry-After"], headers["Cache-Control"]) == ("10", "no-store")


def test_one_address_may_have_so_many_requests_under_way() -> None:
    with standing(AS_WRITTEN) as limited, contextlib.ExitStack() as crowd:
        for node in limited.nodes:
            node.pause = 5
        for _ in range(100):
            one = crowd.enter_context(closing(socket.create_connection(("127.0.0.1", limited.plain))))
            one.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        wait_until(lambda: len(limited.heard()) >= 100)
        assert limited.ask("GET", "/")[0] == 429
