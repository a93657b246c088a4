"""What a real server prints: the lines of gunicorn, of its master too, have the form of the catalog's own."""

import json
import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from catalog.config import Settings
from tests.engines import free_port
from tests.servers import ROOT, _wait_for, command

pytestmark = [pytest.mark.serves, pytest.mark.sqlite]
SECRET = "c0ffee-c0ffee-c0ffee"


@contextmanager
def serving(settings: Settings, folder: Path, form: str) -> Iterator[tuple[int, int, Callable[[], str]]]:
    """Its port, the number of its master, and what it has printed so far."""
    port, log = free_port(), folder / "printed"
    own = {"DEMO": "1", "DATABASE_URL": settings.database_url, "PORT": str(port), "INSTANCE": str(folder)}
    environ = os.environ | own | {"LOG_FORMAT": form, "WORKERS": "1"}
    with log.open("wb") as out:
        server = subprocess.Popen(command(environ), cwd=ROOT, env=environ, stdout=out, stderr=out)
    try:
        _wait_for(port, 120)
        yield port, server.pid, log.read_text
    finally:
        server.terminate()
        server.wait(40)


def send(port: int, what: bytes) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as one:
        one.sendall(what)
        while one.recv(65536):
            pass


def trouble(port: int, master: int, printed: Callable[[], str]) -> str:
    """What it prints of a request that is none, and of a process that was killed."""
    send(port, f"GET /claim/{SECRET} {SECRET}\r\n\r\n".encode())
    send(port, f"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n{SECRET} = x\r\n\r\n".encode())
    children = Path(f"/proc/{master}/task/{master}/children").read_text().split()
    os.kill(int(children[0]), signal.SIGKILL)
    until = time.monotonic() + 30
    while "SIGKILL" not in printed() and time.monotonic() < until:
        time.sleep(0.1)
    return printed()


def test_for_machines_every_line_is_an_object_of_the_same_form(
    app: object, settings: Settings, tmp_path: Path
) -> None:
    with serving(settings, tmp_path, "json") as (port, master, printed):
        send(port, b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        text = trouble(port, master, printed)
    lines = [json.loads(line) for line in text.splitlines()]
    assert all(line.keys() >= {"at", "level", "from", "says"} for line in lines)
    said = [(line["from"], line["level"]) for line in lines]
    assert ("catalog.requests", "info") in said
    assert said.count(("gunicorn.error", "warning")) == 2
    assert ("gunicorn.error", "error") in said
    assert SECRET not in text


def test_for_people_every_line_begins_alike(app: object, settings: Settings, tmp_path: Path) -> None:
    with serving(settings, tmp_path, "plain") as (port, master, printed):
        text = trouble(port, master, printed)
    assert "SIGKILL" in text
    for line in text.splitlines():
        assert re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d (warning|error) \S", line), line
    assert SECRET not in text
