"""The catalog fetches nothing from an address that somebody typed; it reaches its database and its mail server."""

import ast
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from catalog.accounts.models import Person
from catalog.extensions import db, writing
from catalog.teaching.models import Material
from tests import factories as make
from tests.attendance.sheets import inside
from tests.factories import Cast

LoginAs = Callable[[Person], FlaskClient]
REACHES = {
    "smtplib",
    "http.client",
    "urllib.request",
    "socket",
    "requests",
    "httpx",
    "ftplib",
    "xmlrpc.client",
    "authlib",
}
KNOWN = {
    "catalog.notices.mail": {"smtplib"},
    # The server asks itself whether it has come up, and whether its port is free.
    "catalog.cli.serve": {"http.client", "socket"},
    # One fixed address, checked against its hash.
    "catalog.cli.load": {"urllib.request"},
    # Only the name of this machine.
    "catalog.notices.worker": {"socket"},
}
"""Which modules may reach out, and with what. A new one stands here with its reason."""


def reaching(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return {name for name in REACHES if any(one == name or one.startswith(name + ".") for one in found)}


def test_only_these_modules_reach_out(app: Flask) -> None:
    root = Path(app.root_path)
    found = {
        path.relative_to(root).with_suffix("").as_posix().replace("/", "."): reaching(path)
        for path in Path(root, "catalog").rglob("*.py")
    }
    beyond = {name: ways - KNOWN.get(name, set()) for name, ways in found.items()}
    assert {name: ways for name, ways in beyond.items() if ways} == {}


@pytest.fixture
def reached(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Every address that a socket is opened to, or whose name is looked up, while the test runs."""
    seen: list[Any] = []
    connect, look_up = socket.socket.connect, socket.getaddrinfo

    def watched(self: socket.socket, address: Any) -> None:
        seen.append(address)
        connect(self, address)

    def looked_up(host: Any, *more: Any, **words: Any) -> Any:
        seen.append(host)
        return look_up(host, *more, **words)

    monkeypatch.setattr(socket.socket, "connect", watched)
    monkeypatch.setattr(socket, "getaddrinfo", looked_up)
    return seen


@pytest.mark.parametrize(
    "typed", ["http://169.254.169.254/latest/meta-data/", "http://127.0.0.1:1/", "https://localhost/x"]
)
def test_a_link_that_a_trainer_gives_is_kept_and_not_asked(
    app: Flask, cast: Cast, login_as: LoginAs, reached: list[Any], typed: str
) -> None:
    with inside(app):
        offering = make.offering(make.course(owner_id=cast.ivo.id), trainer_id=cast.ivo.id, online_link=typed)
        offering_id = offering.id
    ivo, url = login_as(cast.ivo), f"/offerings/{offering_id}/materials"
    reached.clear()
    ivo.post(url, data={"title": "Slides", "url": typed, "shown": "before", "once": "1"})
    for path in (url, f"/offerings/{offering_id}", f"/offerings/{offering_id}/calendar.ics"):
        ivo.get(path)
    with app.app_context():
        writing.set(False)
        kept = db.session.scalars(db.select(Material.url)).all()
    outside = [one for one in reached if not _is_database(app, one)]
    assert outside == []
    assert kept in ([typed], []), "it is kept as it was typed, or refused"


def _is_database(app: Flask, address: Any) -> bool:
    with app.app_context():
        url = db.engine.url
    host, port = (address[0], address[1]) if isinstance(address, tuple) else (address, url.port)
    return (host, port) == (url.host, url.port)
