"""The whole of `deploy/` on one machine, from packages, as ordinary processes in a folder that is gone afterwards:
nginx with the files of `deploy/nginx`, two app nodes, a worker, PostgreSQL with a streaming replica, and Redis.

`python -m tests.nodes`, which `make nodes` calls, starts it and runs the race, the kills and the limits against it
through nginx; with `--primary` it kills what the nodes lean on as well. `tests/deploy/test_nodes.py` does the same
for a shorter time."""

import contextlib
import http.client
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests import engines
from tests.engines import Cluster, free_port
from tests.year.sink import Sink

ROOT = Path(__file__).resolve().parent.parent
NGINX = ROOT / "deploy" / "nginx"
FLASK = [sys.executable, "-m", "flask", "--app", "wsgi", "catalog"]
NAME = "learning.example.org"
START_SECONDS = 150

CONFIGURATION = """
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
worker_processes 1;
{user}
events {{ worker_connections 4096; }}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include /etc/nginx/mime.types;
    include {folder}/catalog.conf;
    # For clients of the tests, which speak plainly.
    server {{
        listen 127.0.0.1:{plain};
        server_name 127.0.0.1;
        include {folder}/site.inc;
    }}
}}
"""


def absent(*, but_postgres: bool = False) -> str | None:
    """What this machine lacks, as a line that says how to get it."""
    for program, package in (
        ("nginx", "nginx-light"),
        ("redis-server", "redis-server"),
        ("openssl", "openssl"),
    ):
        if find(program) is None:
            return f"{program} was not found, so two nodes cannot be tried; get it with: apt-get install {package}"
    is_there = but_postgres or engines.find_postgres_bin()
    return None if is_there else engines.NO_POSTGRES


def find(program: str) -> str | None:
    return shutil.which(program, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")


@dataclass
class Site:
    folder: Path
    database: Cluster
    follower: Cluster
    environ: dict[str, str]
    plain: int
    secure: int
    redis_port: int
    node_ports: list[int]
    sink: Sink
    nodes: list["subprocess.Popen[bytes]"] = field(default_factory=list)
    others: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    @property
    def primary(self) -> str:
        return self.database.named("catalog")

    @property
    def replica(self) -> str:
        return self.follower.named("catalog")

    def flask(self, *words: str) -> "subprocess.CompletedProcess[str]":
        command = [*FLASK, *words]
        return subprocess.run(
            command, cwd=ROOT, env=self.environ, capture_output=True, text=True, check=False
        )

    def start_node(self, number: int) -> None:
        words = [*FLASK, "serve", "--node"]
        told = self.environ | {"PORT": str(self.node_ports[number])}
        made = self._start(words, told, f"node{number}.log")
        self.nodes[number : number + 1] = [made]

    def kill_node(self, number: int) -> None:
        """As a power cut would: its master and its processes, in one moment."""
        os.killpg(self.nodes[number].pid, signal.SIGKILL)
        self.nodes[number].wait()

    def start_other(self, name: str) -> None:
        words = {
            "worker": [*FLASK, "work"],
            "nginx": [str(find("nginx")), "-c", str(self.folder / "nginx.conf"), "-p", str(self.folder)],
            "redis": [
                *(str(find("redis-server")), "--port", str(self.redis_port), "--bind", "127.0.0.1"),
                *("--save", "", "--appendonly", "no", "--dir", str(self.folder)),
            ],
        }[name]
        self.others[name] = self._start(words, self.environ, f"{name}.log")

    def _start(self, words: list[str], environ: dict[str, str], name: str) -> "subprocess.Popen[bytes]":
        """In a group of its own, so that all of it can be killed at once; what it prints is kept under that name."""
        with (self.folder / name).open("ab") as log:
            return subprocess.Popen(
                words,
                cwd=ROOT,
                env=environ,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )

    def kill_other(self, name: str) -> None:
        os.killpg(self.others[name].pid, signal.SIGKILL)
        self.others[name].wait()

    def stop(self) -> None:
        # A second SIGTERM, as `timeout` sends it, must not leave half of them behind.
        before = signal.signal(signal.SIGTERM, signal.SIG_IGN)
        try:
            self._stop()
        finally:
            signal.signal(signal.SIGTERM, before)

    def _stop(self) -> None:
        running = [one for one in (*self.nodes, *self.others.values()) if one.poll() is None]
        for one in running:
            one.terminate()
        for one in running:
            with contextlib.suppress(subprocess.TimeoutExpired):
                one.wait(20)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(one.pid, signal.SIGKILL)
        self.sink.stop()


@contextlib.contextmanager
def two_nodes() -> Iterator[Site]:
    """The site, when it answers through nginx on both nodes."""
    with (
        tempfile.TemporaryDirectory(prefix="catalog-nodes-", dir="/tmp", ignore_cleanup_errors=True) as name,
        engines.throwaway_cluster(durable=True) as database,
    ):
        folder = Path(name)
        folder.chmod(0o755)
        engines.create_database(database.url, "catalog")
        with replica_of(database) as follower:
            site = _site(folder, database, follower)
            site.sink.start()
            try:
                for other in ("redis", "nginx", "worker"):
                    if other == "nginx":
                        subprocess.run(
                            [*FLASK, "prepare"], cwd=ROOT, env=site.environ, check=True, capture_output=True
                        )
                        for number in range(2):
                            site.start_node(number)
                    site.start_other(other)
                for port in (*site.node_ports, site.plain):
                    wait_until(
                        lambda port=port: status(port, "/readyz" if port != site.plain else "/healthz") == 200
                    )
                yield site
            finally:
                site.stop()


def _site(folder: Path, database: Cluster, follower: Cluster) -> Site:
    plain, secure, redis_port, *node_ports = (free_port() for _ in range(5))
    sink = Sink()
    environ = {
        "PATH": os.environ.get("PATH", ""),
        "DEMO": "0",
        "SECRET_KEY": "0123456789abcdefghijklmnopqrstuv",
        "MAIL_URL": f"smtp://{sink.server.host}:{sink.server.port}",
        "MAIL_FROM": "learning@example.org",
        "INSTANCE": str(folder / "instance"),
        "SITE_URL": f"http://127.0.0.1:{plain}",
        "DATABASE_URL": database.named("catalog"),
        "DATABASE_REPLICA_URL": follower.named("catalog"),
        "REDIS_URL": f"redis://127.0.0.1:{redis_port}/0",
        "TRUSTED_HOSTS": NAME,
        # Everybody here has the same address and no patience; the limits that are tried are of guesses.
        "SEARCHES_A_MINUTE": "0",
        "CHANGES_A_MINUTE": "0",
        "SECOND_FACTOR": "offered",
        "PROXIES": "1",
        "WORKERS": "1",
        "BROWSE_REFRESH_SECONDS": "1",
        "PYTHONUNBUFFERED": "1",
    }
    configure_nginx(folder, plain, secure, node_ports)
    return Site(folder, database, follower, environ, plain, secure, redis_port, node_ports, sink)


def configure_nginx(folder: Path, plain: int, secure: int, node_ports: list[int]) -> None:
    """The files of `deploy/nginx` as they are, but for ports, folders, and how much one address may ask: all clients
    of the tests have the same one."""
    shutil.copytree(NGINX / "pages", folder / "pages")
    certificate = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-subj",
        f"/CN={NAME}",
    ]
    files = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "fullchain.pem")]
    subprocess.run([*certificate, *files], check=True, capture_output=True)
    changes = {
        "app1:8000": f"127.0.0.1:{node_ports[0]}",
        "app2:8000": f"127.0.0.1:{node_ports[1]}",
        "/etc/catalog/tls": str(folder),
        "/etc/catalog/nginx": str(folder),
        "/srv/catalog/static": str(ROOT / "static"),
        "/var/log/nginx": str(folder),
        "listen 80;": f"listen 127.0.0.1:{free_port()};",
        "listen 443": f"listen 127.0.0.1:{secure}",
        "    listen [::]:80;\n": "",
        "    listen [::]:443 ssl default_server;\n": "",
        "    listen [::]:443 ssl http2;\n": "",
        "rate=30r/s": "rate=100000r/s",
        "limit_conn catalog_connections 100;": "limit_conn catalog_connections 4000;",
    }
    for name in ("catalog.conf", "site.inc"):
        text = (NGINX / name).read_text()
        for old, new in sorted(changes.items(), key=lambda change: -len(change[0])):
            text = text.replace(old, new)
        (folder / name).write_text(text)
    user = "user www-data;" if hasattr(os, "geteuid") and os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(CONFIGURATION.format(folder=folder, user=user, plain=plain))


@contextlib.contextmanager
def replica_of(primary: Cluster) -> Iterator[Cluster]:
    """A streaming replica of the server, made by pg_basebackup as `deploy/postgres/follow.sh` does."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="catalog-pg-", dir="/tmp", ignore_cleanup_errors=True) as folder:
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": port,
            "unix_socket_directories": folder,
            "max_connections": 300,
            "hot_standby_feedback": "on",
        }
        replica = Cluster(Path(folder), port, engines._owner(folder), settings)
        where = ["-d", primary.inside.replace("+psycopg", "")]
        how = ["-X", "stream", "-c", "fast", "-R", "-C", "-S", f"replica_{port}"]
        copies = engines._program("pg_basebackup")
        engines._call([copies, *where, "-D", replica.data, *how], replica.owner)
        replica.start()
        try:
            yield replica
        finally:
            if replica.is_up:
                replica.stop()


def status(port: int, path: str) -> int:
    """The status of an answer; 0 for none."""
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return 0


def wait_until(fact: Any, seconds: float = START_SECONDS) -> None:
    until = time.monotonic() + seconds
    while not fact():
        if time.monotonic() > until:
            raise AssertionError("it did not come to be so in time")
        time.sleep(0.1)


if __name__ == "__main__":
    if line := absent():
        sys.exit(line)
    from tests.deploy import command

    with engines.stopping_cleanly():
        sys.exit(command.main(sys.argv[1:]))
