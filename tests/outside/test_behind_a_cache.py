"""A real nginx that holds pages, before a real server: strangers share what it holds, and nobody gets another's."""

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import pytest
from flask import Flask

from catalog.accounts import services as accounts
from catalog.accounts.models import Person
from catalog.extensions import db
from tests import factories as make
from tests.attendance.sheets import inside
from tests.factories import Cast
from tests.servers import _wait_for, free_port, running

pytestmark = [
    pytest.mark.serves,
    pytest.mark.skipif(shutil.which("nginx") is None, reason="nginx was not found"),
]
CONFIGURATION = """
daemon off;
{user}
pid {folder}/nginx.pid;
error_log stderr crit;
events {{ worker_connections 64; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  proxy_cache_path {folder}/pages keys_zone=pages:1m;
  server {{
    listen 127.0.0.1:{port};
    location / {{
      proxy_pass http://127.0.0.1:{app};
      proxy_set_header Host $host;
      proxy_cache pages;
      add_header X-Held $upstream_cache_status always;
    }}
  }}
}}
"""


@contextlib.contextmanager
def caching(app_port: int, folder: Path) -> Iterator[int]:
    port = free_port()
    file = folder / "nginx.conf"
    # Its workers may read the test's folder only as whoever made it.
    user = "user root;" if os.geteuid() == 0 else ""
    file.write_text(CONFIGURATION.format(folder=folder, port=port, app=app_port, user=user))
    process = subprocess.Popen(["nginx", "-c", str(file), "-p", str(folder), "-e", "stderr"])
    try:
        _wait_for(port)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=20)


def get(port: int, path: str, **headers: str) -> tuple[HTTPResponse, str]:
    with contextlib.closing(HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        connection.request(
            "GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()}
        )
        answer = connection.getresponse()
        return answer, answer.read().decode()


def test_strangers_share_and_nobody_else_is_mixed_in(
    app: Flask, cast: Cast, database_url: str, tmp_path: Path
) -> None:
    with inside(app):
        course_id = make.course("A course that everybody sees").id
        token = accounts.begin_sign_in(db.session.get_one(Person, cast.ana.id))
    with (
        running(database_url, count=1, BROWSE_REFRESH_SECONDS="60") as ports,
        caching(ports[0], tmp_path) as port,
    ):
        for path in ("/", f"/courses/{course_id}", "/months", "/framework"):
            _look(port, path, token)


def _look(port: int, path: str, token: str) -> None:
    signed_in = f"sign_in={token}"
    first, page = get(port, path)
    again, same = get(port, path)
    mine, my_page = get(port, path, Cookie=signed_in)
    part, fragment = get(port, path, HX_Request="true")
    after, last = get(port, path)
    assert first.headers["X-Held"] in ("MISS", "EXPIRED"), path
    assert again.headers["X-Held"] == after.headers["X-Held"] == "HIT", path
    assert page == same == last, path
    assert "Ana Sample" not in page + fragment, path
    assert "Sign out" in my_page, path
    assert mine.headers["X-Held"] in ("MISS", "BYPASS"), path
    mine_again, _ = get(port, path, Cookie=signed_in)
    assert mine_again.headers["X-Held"] == "MISS", "it is never held"
    assert part.headers["X-Held"] == "MISS", "a fragment is no page"
    tag = first.headers["ETag"]
    told, nothing = get(port, path, If_None_Match=tag)
    assert (told.status, nothing) == (304, ""), path
