"""Server processes as `make run` starts them, for the catalog and for the floor, and the processor time they use."""

import contextlib
import http.client
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from catalog import config
from catalog.cli.serve import server_command
from tests.engines import free_port

ROOT = Path(__file__).parent.parent
CATALOG, FLOOR = "wsgi:app", "bench.floor:app"
START_SECONDS = 60


@dataclass(frozen=True)
class Server:
    port: int
    group: int

    def cpu_seconds(self) -> float | None:
        """Processor time of all its processes so far; None where /proc does not tell."""
        stats = list(Path("/proc").glob("[0-9]*/stat"))
        if not stats:
            return None
        ticks = 0
        for stat in stats:
            with contextlib.suppress(OSError):  # a process that ended meanwhile
                fields = stat.read_text().rpartition(")")[2].split()
                if int(fields[2]) == self.group:
                    ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")


def environ(database_url: str, folder: Path, port: int = 8000) -> dict[str, str]:
    """All that the catalog is told: two workers on this database, everything it writes into the folder."""
    return {
        "DEMO": "1",
        "DATABASE_URL": database_url,
        "INSTANCE": str(folder),
        "PORT": str(port),
        "WORKERS": "2",
        "PATH": os.environ.get("PATH", ""),
    }


@contextlib.contextmanager
def serving(app: str, database_url: str, folder: Path) -> Iterator[Server]:
    told = environ(database_url, folder, free_port())
    settings = config.read(told, folder)
    command = [*server_command(settings)[:-1], app]
    # A group of its own, so that its workers are stopped and counted with it.
    process = subprocess.Popen(command, cwd=ROOT, env=told, start_new_session=True)
    try:
        _wait_for(process, settings.port)
        yield Server(settings.port, process.pid)
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _wait_for(process: "subprocess.Popen[bytes]", port: int) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(OSError), contextlib.closing(_connection(port)) as connection:
            # Any answer will do: the floor has no page for this.
            connection.request("GET", "/healthz")
            connection.getresponse()
            return
        time.sleep(0.1)
    raise RuntimeError(f"no server came up on port {port}")


def _connection(port: int) -> http.client.HTTPConnection:
    return http.client.HTTPConnection("127.0.0.1", port, timeout=5)
