"""The clients: so many connections in one process of their own, each asking again as soon as it was answered.

They speak raw HTTP over sockets that are kept open, because the machine's time belongs to the servers: a client
that parses and builds requests would cost as much as the page it asks for."""

import selectors
import socket
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import cycle

HEADER_END = b"\r\n\r\n"
PATIENCE_SECONDS = 30


@dataclass(frozen=True)
class Load:
    port: int
    requests: list[bytes]
    once: bool
    """Whether each request may be sent only once; then the run ends with the last of them."""
    status: int
    """What every answer must have. Any other is an error."""
    seconds: float
    connections: int


@dataclass
class Outcome:
    latencies: list[float] = field(default_factory=list)
    """Of every answer, in seconds."""
    seconds: float = 0
    errors: Counter[str] = field(default_factory=Counter)

    @property
    def rate(self) -> float:
        return len(self.latencies) / self.seconds


def run(load: Load) -> Outcome:
    outcome = Outcome()
    requests = iter(load.requests) if load.once else cycle(load.requests)
    clients = [Client(load.port, load.status) for _ in range(load.connections)]
    with selectors.DefaultSelector() as selector:
        began = time.perf_counter()
        for client in clients:
            if client.ask(requests):
                selector.register(client.socket, selectors.EVENT_READ, client)
        while selector.get_map():
            ready = selector.select(PATIENCE_SECONDS)
            if not ready:
                raise TimeoutError(f"no answer within {PATIENCE_SECONDS} seconds")
            for key, _ in ready:
                client = key.data
                if not client.read(outcome):
                    continue
                is_over = time.perf_counter() - began >= load.seconds
                if is_over or not client.ask(requests):
                    selector.unregister(client.socket)
        outcome.seconds = time.perf_counter() - began
    for client in clients:
        client.socket.close()
    return outcome


class Client:
    """One connection with one request under way."""

    def __init__(self, port: int, status: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), PATIENCE_SECONDS)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.first_line = b"HTTP/1.1 %d " % status

    def ask(self, requests: Iterator[bytes]) -> bool:
        request = next(requests, None)
        if request is None:
            return False
        self.answer = b""
        self.length: int | None = None
        self.began = time.perf_counter()
        self.socket.sendall(request)
        return True

    def read(self, outcome: Outcome) -> bool:
        """Take what has arrived; True when the answer is whole."""
        arrived = self.socket.recv(1 << 18)
        if not arrived:
            raise ConnectionError(f"the server hung up after {self.answer[:200]!r}")
        self.answer += arrived
        if self.length is None:
            self.length = _length(self.answer)
        if self.length is None or len(self.answer) < self.length:
            return False
        outcome.latencies.append(time.perf_counter() - self.began)
        if not self.answer.startswith(self.first_line):
            outcome.errors[self.answer.partition(b"\r\n")[0].decode("latin-1")] += 1
        return True


def _length(answer: bytes) -> int | None:
    """How many bytes the whole answer has; None while its headers are still coming."""
    head, found, _ = answer.partition(HEADER_END)
    if not found:
        return None
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return len(head) + len(HEADER_END) + int(value)
    raise ValueError(f"an answer without its length: {head[:200]!r}")
