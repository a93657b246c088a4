"""gunicorn's threaded worker, made patient: a thread takes a request only once all of it has arrived.

As gunicorn brings it, the thread that takes a connection waits for its client, and as many clients as there are
threads, each sending a letter a second, are a site that answers nobody. Here the main loop collects what clients
send, gives each so long and no longer, and lets the longest waiting go when there are too many. Answers are sent with
a limit too, and the end of a connection keeps nobody waiting."""

import contextlib
import re
import resource
import selectors
import socket
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from gunicorn.http.parser import RequestParser
from gunicorn.workers.gthread import TConn, ThreadWorker

HEAD_SECONDS = 10.0
"""For the head of a request, from its first byte; and for the first byte of a new connection."""
BODY_SECONDS = 30.0
SLOWEST_BYTES = 16 * 1024
"""A longer body has a second more for each so many bytes."""
ANSWER_SECONDS = 20.0
"""For a client that takes its answer slowly; pages fit into the system's own buffer and need none of it."""
LINGER_SECONDS = 2.0

LONGEST_HEAD = 64 * 1024
LARGEST_GATHERED = 160 * 1024 * 1024
"""Larger ones are refused by the application, which looks at the length only."""
IN_MEMORY = 64 * 1024
MOST_GATHERED = 1024 * 1024 * 1024
"""Of all connections of a worker together; what is over goes, the largest first."""
PIECE = 64 * 1024
SEND_BUFFER = 256 * 1024

TOO_SLOW = b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
TOO_LONG = b"HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
GO_ON = b"HTTP/1.1 100 Continue\r\n\r\n"
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*([0-9]{1,18})[ \t]*\r\n", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding:", re.IGNORECASE)
_EXPECTS = re.compile(rb"\r\nexpect:[ \t]*100-continue", re.IGNORECASE)


class Incoming:
    """What has arrived of one request. gunicorn's parser reads from it as from the socket."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.begin(b"", HEAD_SECONDS)

    def begin(self, already: bytes, seconds: float) -> None:
        """Wait for the next request, of which `already` came with the last one."""
        self.kept = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - closed with the connection
        self.head: bytes | None = b""
        self.size, self.last = 0, b""
        self.wanted: int | None = 0
        self.until = time.monotonic() + seconds
        if already:
            self.add(already)

    @property
    def is_empty(self) -> bool:
        return self.size == 0

    @property
    def is_whole(self) -> bool:
        if self.head is not None:
            return False
        if self.is_too_large:
            return True
        if self.wanted is None:  # of unknown length: its last piece is an empty one
            return self.last.endswith(b"0\r\n\r\n")
        return self.size >= self.wanted

    @property
    def is_endless(self) -> bool:
        return self.head is not None and self.size > LONGEST_HEAD

    @property
    def is_too_large(self) -> bool:
        return max(self.size, self.wanted or 0) > LARGEST_GATHERED

    def add(self, piece: bytes) -> None:
        if self.is_empty:
            self.until = time.monotonic() + HEAD_SECONDS
        self.kept.write(piece)
        self.size += len(piece)
        self.last = (self.last + piece)[-8:]
        if self.head is not None:
            looked = max(0, len(self.head) - 3)
            self.head += piece
            if (end := self.head.find(b"\r\n\r\n", looked)) >= 0:
                self._know_the_rest(self.head[: end + 4])

    def _know_the_rest(self, head: bytes) -> None:
        self.head = None
        length = _LENGTH.search(head)
        body = int(length[1]) if length else 0
        self.wanted = None if _CHUNKED.search(head) else len(head) + body
        if not self.is_whole and _EXPECTS.search(head):
            with contextlib.suppress(OSError):
                self.sock.send(GO_ON)
        if body or self.wanted is None:
            self.until = time.monotonic() + BODY_SECONDS + min(body, LARGEST_GATHERED) / SLOWEST_BYTES

    def hand_over(self) -> None:
        self.kept.seek(0)

    def rest(self) -> bytes:
        """What the parser did not read: the beginning of another request."""
        rest = self.kept.read()
        self.kept.close()
        return rest

    # As a socket, for the parser.

    def recv(self, size: int) -> bytes:
        if piece := self.kept.read(size):
            return piece
        self.sock.settimeout(max(0.01, self.until - time.monotonic()))
        return self.sock.recv(size)

    def gettimeout(self) -> float | None:
        return self.sock.gettimeout()

    def settimeout(self, seconds: float | None) -> None:
        self.sock.settimeout(seconds)


class Connection(TConn):
    def __init__(self, cfg: Any, sock: socket.socket, client: Any, server: Any) -> None:
        super().__init__(cfg, sock, client, server)
        self.incoming = Incoming(sock)
        self.parser = RequestParser(cfg, self.incoming, client)
        self.data_ready = True
        self.leaves_at: float | None = None

    @property
    def until(self) -> float:
        return self.incoming.until if self.leaves_at is None else self.leaves_at


class GatheringWorker(ThreadWorker):
    alive: bool

    def __init__(self, *words: Any, **named: Any) -> None:
        super().__init__(*words, **named)
        # In the order in which their wait began, so that the first is the one that has waited longest.
        self.waiting: dict[Connection, None] = {}
        self.looked_at = 0.0

    def init_process(self) -> None:
        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = 4 * self.worker_connections
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(
                resource.RLIMIT_NOFILE,
                (wanted if most == resource.RLIM_INFINITY else min(wanted, most), most),
            )
        super().init_process()

    def set_accept_enabled(self, enabled: bool) -> None:
        # Room is made for whoever comes: a full house would stay one for as long as the slowest guests like.
        super().set_accept_enabled(enabled or (self.alive and bool(self.waiting)))

    def is_parent_alive(self) -> bool:
        self.alive = self.alive and super().is_parent_alive()
        return self.alive

    def accept(self, listener: socket.socket) -> None:
        if self.nr_conns >= self.worker_connections:
            self.make_room()
        try:
            sock, client = listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return
        except OSError:  # no file descriptor is left
            self.make_room()
            return
        self.nr_conns += 1
        with contextlib.suppress(OSError):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
        connection = Connection(self.cfg, sock, client, listener.getsockname())
        self.wait(connection)
        # What a quick client sends is there already more often than not.
        self.take(connection)

    def make_room(self) -> None:
        if self.waiting:
            self.let_go(next(iter(self.waiting)))

    def wait(self, connection: Connection) -> None:
        connection.sock.setblocking(False)
        self.waiting[connection] = None
        self.poller.register(connection.sock, selectors.EVENT_READ, self._when_readable(connection))

    def _when_readable(self, connection: Connection) -> Callable[[Any], None]:
        return lambda _sock: self.take(connection)

    def stop_waiting(self, connection: Connection) -> None:
        if connection in self.waiting:
            del self.waiting[connection]
            with contextlib.suppress(KeyError, ValueError, OSError):
                self.poller.unregister(connection.sock)

    def take(self, connection: Connection) -> None:
        """Read what is there; a whole request goes to a thread."""
        if connection not in self.waiting:
            return
        try:
            piece = connection.sock.recv(PIECE)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            piece = b""
        if not piece:
            self.let_go(connection)
        elif connection.leaves_at is None:
            try:
                connection.incoming.add(piece)
                self.hand_over_if_whole(connection)
            except OSError:  # it is gone, or the disk is full
                self.let_go(connection)

    def hand_over_if_whole(self, connection: Connection) -> None:
        if connection.incoming.is_endless:
            self.stop_waiting(connection)
            connection.sock.send(TOO_LONG)
            self.say_goodbye(connection)
        elif connection.incoming.is_whole:
            self.stop_waiting(connection)
            connection.incoming.hand_over()
            self.enqueue_req(connection)

    def let_go(self, connection: Connection) -> None:
        self.stop_waiting(connection)
        self.nr_conns -= 1
        connection.incoming.kept.close()
        connection.close()

    def handle_request(self, req: Any, conn: Connection) -> Any:
        conn.sock.settimeout(ANSWER_SECONDS)
        # Whoever wanted to be asked for the body was asked while it was gathered, unless it is too large.
        req._expected_100_continue = False
        if conn.incoming.is_too_large:
            req.force_close()
        try:
            return super().handle_request(req, conn)
        except TimeoutError:
            self.log.info("A client took its answer too slowly.")
            return False

    def _keepalive_after(self, conn: Connection, keepalive: Any) -> bool:
        # What did not fit is not read to its end by a thread either.
        if not keepalive or conn.incoming.is_too_large:
            return False
        until = time.monotonic() + LINGER_SECONDS
        return bool(conn.parser.finish_body(deadline=until, max_bytes=LARGEST_GATHERED))

    def finish_request(self, conn: Connection, fs: "Future[Any]") -> None:
        """Back in the main loop: the next request on this connection, or its end."""
        stays = not fs.cancelled() and fs.exception() is None and bool(fs.result())
        try:
            if not stays:
                self.say_goodbye(conn)
                return
            already = conn.parser.unreader.take_buffered() + conn.incoming.rest()
            seconds = self.cfg.keepalive if self.alive else min(self.cfg.keepalive, LINGER_SECONDS)
            conn.incoming.begin(already, seconds)
            self.wait(conn)
            self.hand_over_if_whole(conn)
        except (OSError, ValueError):
            self.let_go(conn)

    def say_goodbye(self, conn: Connection) -> None:
        """Nothing more is sent. What the client still sends is read and dropped, or the system would throw away the
        end of the answer; gunicorn itself waits for that in its main loop."""
        conn.sock.shutdown(socket.SHUT_WR)
        conn.leaves_at = time.monotonic() + LINGER_SECONDS
        self.wait(conn)

    # What gunicorn calls between two rounds of its loop.

    def murder_pending(self) -> None:
        now = time.monotonic()
        if now < self.looked_at + 0.5:
            return
        self.looked_at = now
        for connection in [one for one in self.waiting if one.until < now]:
            if connection.leaves_at is None and not connection.incoming.is_empty:
                with contextlib.suppress(OSError):
                    connection.sock.send(TOO_SLOW)
            self.let_go(connection)
        gathered = sum(one.incoming.size for one in self.waiting)
        while gathered > MOST_GATHERED:
            largest = max(self.waiting, key=lambda one: one.incoming.size)
            gathered -= largest.incoming.size
            self.let_go(largest)

    def murder_keepalived(self, force: bool = False) -> None:
        if force:
            for connection in list(self.waiting):
                self.let_go(connection)

    def _cap_keepalive(self, deadline: float) -> None:
        for connection in self.waiting:
            if connection.incoming.is_empty:
                connection.incoming.until = min(connection.incoming.until, deadline)
