"""Real server processes on the test's database, and people who use them over HTTP at the same time."""

import contextlib
import http.client
import os
import re
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from catalog import config
from catalog.cli.serve import server_command

ROOT = Path(__file__).parent.parent


class Ports(list[int]):
    """The ports of running servers, which can be killed as a power cut would."""

    processes: list[subprocess.Popen[bytes]]

    def kill(self) -> None:
        for process in self.processes:
            os.killpg(process.pid, signal.SIGKILL)


@contextlib.contextmanager
def running(
    database_url: str, count: int = 2, threads: int = 8, *, is_localhost: bool = False, **settings: str
) -> Iterator[Ports]:
    """So many separate server processes on one database; yields their ports. Settings are written as in the shell;
    `is_localhost` says that people type that name, for what browsers do not do at an address of numbers."""
    ports = Ports(free_port() for _ in range(count))
    ports.processes = [
        _start(database_url, port, threads, settings | _named(port, is_localhost)) for port in ports
    ]
    try:
        for port in ports:
            _wait_for(port)
        yield ports
    finally:
        for process in ports.processes:
            process.terminate()
        for process in ports.processes:
            process.wait(timeout=20)


def _named(port: int, is_localhost: bool) -> dict[str, str]:
    return {"SITE_URL": f"http://localhost:{port}"} if is_localhost else {}


def _start(database_url: str, port: int, threads: int, settings: dict[str, str]) -> subprocess.Popen[bytes]:
    environ = os.environ | {"DEMO": "1", "DATABASE_URL": database_url, "PORT": str(port)}
    # Every test has rows of its own, so nothing of the catalog is remembered from one to the next.
    environ |= {"BROWSE_REFRESH_SECONDS": "0", "WORKERS": "1", "THREADS": str(threads), **settings}
    return subprocess.Popen(command(environ), cwd=ROOT, env=environ, start_new_session=True)


def command(environ: Mapping[str, str]) -> list[str]:
    """The very command that `flask catalog serve` starts the server with, where these are the settings."""
    return server_command(config.read(environ, Path(environ.get("INSTANCE", ROOT / "instance"))))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int, seconds: float = 40) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        with contextlib.suppress(OSError), contextlib.closing(connection):
            connection.request("GET", "/healthz")
            if connection.getresponse().status == http.client.OK:
                return
        time.sleep(0.1)
    raise AssertionError(f"no server came up on port {port}")


@dataclass
class Answer:
    status: int
    body: str
    location: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    seconds: float = 0


@dataclass
class Browser:
    """One person's browser: cookies, and the token that the forms of a page carry."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    token: str = ""

    def get(self, path: str) -> Answer:
        return self._ask("GET", path, None)

    def post(self, path: str, **fields: Any) -> Answer:
        return self.send(path, urlencode({**fields, "csrf_token": self.token}, doseq=True))

    def send(
        self, path: str, body: str | bytes, content_type: str = "application/x-www-form-urlencoded"
    ) -> Answer:
        return self._ask("POST", path, body, content_type)

    def _ask(self, method: str, path: str, body: str | bytes | None, content_type: str = "") -> Answer:
        began, headers = (
            time.monotonic(),
            {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())},
        )
        if body is not None:
            headers["Content-Type"] = content_type
        # Closed also when the server was killed in the middle of its answer.
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)) as connection:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            text = response.read().decode("utf-8", "replace")
        for cookie in response.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        if found := re.search(r'name="csrf_token" value="([^"]+)"', text):
            self.token = found[1]
        location, seconds = response.headers.get("Location", ""), time.monotonic() - began
        return Answer(response.status, text, location, dict(response.headers.items()), seconds)


def at_once(acts: Sequence[Callable[[], Any]]) -> list[Any]:
    """Everybody acts at the same moment; what each got back, an exception included."""
    gate = threading.Barrier(len(acts))
    results: list[Any] = [None] * len(acts)

    def run(index: int, act: Callable[[], Any]) -> None:
        gate.wait()
        try:
            results[index] = act()
        except Exception as error:  # the test reads it
            results[index] = error

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
