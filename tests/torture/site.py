"""The whole catalog as real processes, each of which can be killed as a power cut would: server, worker, database."""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade

from catalog import create_app
from catalog.config import read
from catalog.extensions import db
from tests import engines
from tests.engines import Cluster, free_port, is_dead
from tests.servers import ROOT, Browser
from tests.year.sink import Sink

PATIENCE = 90
"""Seconds within which everything has to answer again after a kill."""


def children(pid: int) -> list[int]:
    """The processes that this one started, as Linux tells them; none when it is gone."""
    with contextlib.suppress(OSError):
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


def kill(pids: list[int]) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def kill_group(leader: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(leader, signal.SIGKILL)


@dataclass
class Site:
    """Server, worker, mailbox, and on PostgreSQL the database. What they print is in `folder`."""

    database_url: str
    folder: Path
    cluster: Cluster | None = None
    port: int = field(default_factory=free_port)
    sink: Sink = field(default_factory=Sink)
    keeper: "subprocess.Popen[str] | None" = None
    server: int = 0
    worker: int = 0

    @property
    def environ(self) -> dict[str, str]:
        return {
            **os.environ,
            "DEMO": "1",
            "DATABASE_URL": self.database_url,
            "INSTANCE": str(self.folder),
            "PORT": str(self.port),
            "MAIL_URL": f"smtp://{self.sink.server.host}:{self.sink.server.port}",
            "BROWSE_REFRESH_SECONDS": "0",
        }

    def flask(self, *words: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "flask", "--app", "wsgi", *words]
        return subprocess.run(
            command, cwd=ROOT, env=self.environ, capture_output=True, text=True, check=False
        )

    def start(self) -> None:
        self.start_server()
        self.start_worker()
        self.wait_for()

    def start_server(self) -> None:
        self.server = self._start("server")

    def start_worker(self) -> None:
        self.worker = self._start("worker")

    def _start(self, word: str) -> int:
        if self.keeper is None:
            self.keeper = subprocess.Popen(
                [sys.executable, "-m", "tests.torture.keeper", str(self.port)],
                cwd=self.folder,
                env=self.environ | {"PYTHONPATH": str(ROOT)},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        assert self.keeper.stdin
        assert self.keeper.stdout
        self.keeper.stdin.write(f"{word}\n")
        self.keeper.stdin.flush()
        return int(self.keeper.stdout.readline())

    # Who is killed. Each is started again at once, as whatever watches over it would do.

    def kill_server(self) -> None:
        """The master and all that it forked, at the same moment."""
        kill_group(self.server)
        self.start_server()

    def kill_server_process(self) -> None:
        """One of those that answer requests; its master forks another."""
        kill(children(self.server)[:1])

    def kill_worker(self) -> None:
        kill([self.worker])
        self.start_worker()

    def kill_database(self) -> None:
        """The postmaster and every process of its; what was in its memory is gone."""
        assert self.cluster
        self.cluster.kill()
        self.cluster.start()

    def kill_connection(self) -> None:
        """One process of the database; the others are ended by the postmaster, which recovers by itself."""
        assert self.cluster
        kill(self.cluster.pids()[1:][-1:])

    def victims(self) -> dict[str, Callable[[], None]]:
        them = {
            "server, master and all": self.kill_server,
            "server, one process": self.kill_server_process,
            "worker": self.kill_worker,
        }
        if self.cluster:
            them |= {"database, all of it": self.kill_database, "database, one process": self.kill_connection}
        return them

    def answers(self) -> bool:
        with contextlib.suppress(OSError, ValueError):
            return Browser(self.port).get("/").status == 200
        return False

    def listens(self) -> bool:
        """Whether anybody answers at all; what they say does not matter."""
        with contextlib.suppress(OSError, ValueError):
            return Browser(self.port).get("/healthz").status > 0
        return False

    def wait_for(self) -> None:
        """Until it answers, and the worker lives."""
        wait_until(self.answers)
        if is_dead(self.worker):
            raise AssertionError("the worker ended by itself")

    def stop(self) -> None:
        for leader in filter(None, (self.server, self.worker)):
            kill_group(leader)
        if self.keeper:
            self.keeper.kill()
            self.keeper.communicate()
        self.sink.stop()


def wait_until(is_so: Callable[[], bool], seconds: float = PATIENCE) -> None:
    until = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > until:
            raise AssertionError(f"it did not happen within {seconds} seconds")
        time.sleep(0.05)


@contextlib.contextmanager
def standing(engine: str, under: str | None = None) -> Iterator[tuple[Flask, Site]]:
    """A site on an empty, migrated database of its own, below the folder `under`. Nothing is started yet; the
    application is for setting up, and for looking beside the site's own processes."""
    with contextlib.ExitStack() as stack:
        name = tempfile.TemporaryDirectory(prefix="catalog-site-", ignore_cleanup_errors=True)
        folder = Path(stack.enter_context(name))
        cluster = None
        if engine == "sqlite":
            data = Path(under) if under else folder / "data"
            data.mkdir(exist_ok=True)
            url = f"sqlite:///{data}/catalog.db"
        else:
            cluster = stack.enter_context(engines.throwaway_cluster(durable=True, under=under))
            url = engines.create_database(cluster.url, "catalog")
        site = Site(url, folder, cluster)
        stack.callback(site.stop)
        site.sink.start()
        app = create_app(read({"DEMO": "1", "DATABASE_URL": url}, folder))
        with app.app_context():
            upgrade()
        yield app, site
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
