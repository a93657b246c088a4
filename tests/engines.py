"""The engines the tests run on: where they are on this machine, and a PostgreSQL made for one run only."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

if sys.platform != "win32":
    import pwd

NO_POSTGRES = "PostgreSQL was not found, so its tests are skipped; get it with: apt-get install postgresql"
NO_CHROMIUM = (
    "Chromium was not found, so the browser tests are skipped; get it with: apt-get install chromium"
)

_POSTGRES_FOLDERS = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql*/bin")
_CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find_postgres_bin() -> Path | None:
    """The folder of `initdb` and `pg_ctl`: the newest installed, or else what the PATH knows."""
    folders = [found for pattern in _POSTGRES_FOLDERS for found in Path("/").glob(pattern.lstrip("/"))]
    on_path = shutil.which("pg_ctl")
    if on_path:
        folders.append(Path(on_path).resolve().parent)
    complete = [folder for folder in folders if (folder / "initdb").exists() and (folder / "pg_ctl").exists()]
    return max(complete, key=_version, default=None)


def _version(folder: Path) -> tuple[int, ...]:
    """(15,) for /usr/lib/postgresql/15/bin, so that 15 is newer than 9."""
    return tuple(
        int(digits) for digits in folder.parent.name.replace("@", "-").split("-") if digits.isdigit()
    )


def find_chromium() -> str | None:
    """The browser that the operating system brings; Playwright downloads none here."""
    return next((path for name in _CHROMIUM_NAMES if (path := shutil.which(name))), None)


PASSWORD = "a pass:word/with@every%sign"
"""Its signs have to be escaped in an address."""
ROLE = "CREATE ROLE catalog LOGIN CREATEDB PASSWORD '{}'".format(PASSWORD.replace("%", "%%"))
"""Who comes to a throwaway server over the network: with a password, and without the rights of its owner."""


@dataclass
class Cluster:
    """A PostgreSQL of its own, which can be killed as a power cut would and started again."""

    folder: Path
    port: int
    owner: dict[str, Any]
    settings: dict[str, Any]
    is_up: bool = False

    @property
    def url(self) -> str:
        return self.named("postgres")

    def named(self, database: str) -> str:
        """The URL of one of its databases."""
        url = sa.URL.create("postgresql+psycopg", "catalog", PASSWORD, "127.0.0.1", self.port, database)
        return url.render_as_string(hide_password=False)

    @property
    def inside(self) -> str:
        """The URL of its owner, who needs no password and comes from this machine only."""
        return f"postgresql+psycopg://postgres@/postgres?host={self.folder}&port={self.port}"

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def make(self) -> None:
        locale = "C.UTF-8" if sys.platform == "linux" else "en_US.UTF-8"
        # Of the ways to ask for a password the cheapest to check.
        asks = ("--auth-local", "trust", "--auth-host", "md5")
        words = ("-U", "postgres", *asks, "-E", "UTF8", "--locale", locale, "-N")
        _call([_program("initdb"), "-D", self.data, *words], self.owner)

    def start(self) -> None:
        options = " ".join(f"-c {name}={value}" for name, value in self.settings.items())
        control, log = _program("pg_ctl"), self.folder / "log"
        _call([control, "-D", self.data, "-l", log, "-w", "-t", "60", "-o", options, "start"], self.owner)
        self.is_up = True

    def stop(self, mode: str = "immediate") -> None:
        _call([_program("pg_ctl"), "-D", self.data, "-w", "-m", mode, "stop"], self.owner)
        self.is_up = False

    def pids(self) -> list[int]:
        """The server's own process, and then those that it started. Linux only."""
        postmaster = int((self.data / "postmaster.pid").read_text().split()[0])
        children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
        return [postmaster, *map(int, children)]

    def kill(self) -> None:
        """Every process of it at once, as a power cut would; what was in its memory is gone. Linux only."""
        # Held first, so that it starts none while they are counted.
        os.kill(self.pids()[0], signal.SIGSTOP)
        pids = self.pids()
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.is_up = False
        while not all(is_dead(pid) for pid in pids):
            time.sleep(0.01)
        # Where nobody reads how a process ended, its number stays taken, and the server believes itself running.
        for note in (self.data / "postmaster.pid", self.folder / f".s.PGSQL.{self.port}.lock"):
            note.unlink(missing_ok=True)


def is_dead(pid: int) -> bool:
    """Whether the process is gone, or only its entry is left, which its parent has not read yet. Linux only."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    return True


@contextlib.contextmanager
def throwaway_cluster(
    *, durable: bool = False, under: str | None = None, more: Mapping[str, str] | None = None
) -> Iterator[Cluster]:
    """A PostgreSQL cluster of its own on 127.0.0.1, running, with `more` settings. It is gone afterwards.

    Nothing is flushed to disk unless it shall be `durable`, which makes it fast and no place for anything worth
    keeping. PostgreSQL refuses to run as root, so root hands the folder to an unprivileged user and starts the
    server as them."""
    if find_postgres_bin() is None:
        raise RuntimeError(NO_POSTGRES)
    # A socket's path must be short, which the temporary folder of some systems is not.
    short = under or ("/tmp" if Path("/tmp").is_dir() else None)
    with tempfile.TemporaryDirectory(prefix="catalog-pg-", dir=short, ignore_cleanup_errors=True) as folder:
        port = free_port()
        flushed = dict.fromkeys(
            ("fsync", "synchronous_commit", "full_page_writes"), "on" if durable else "off"
        )
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": port,
            "unix_socket_directories": folder,
            "max_connections": 300,
            # Not ours, and not a whole number of hours away: what leaned on it would show.
            "timezone": "Asia/Kathmandu",
        }
        cluster = Cluster(Path(folder), port, _owner(folder), settings | flushed | dict(more or {}))
        cluster.make()
        cluster.start()
        execute(cluster.inside, ROLE)
        try:
            yield cluster
        finally:
            if cluster.is_up:
                cluster.stop()


@contextlib.contextmanager
def throwaway_postgres(*, durable: bool = False) -> Iterator[str]:
    """The URL of a cluster as `throwaway_cluster` makes it."""
    with throwaway_cluster(durable=durable) as cluster:
        yield cluster.url


def _program(name: str) -> str:
    binaries = find_postgres_bin()
    if binaries is None:
        raise RuntimeError(NO_POSTGRES)
    return str(binaries / name)


def _owner(folder: str) -> dict[str, Any]:
    """How to start a program as the user who may run the server, and that user's claim on the folder."""
    if sys.platform == "win32" or os.geteuid() != 0:
        return {}
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    user = known.get("postgres") or known["nobody"]
    os.chown(folder, user.pw_uid, user.pw_gid)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _call(command: list[Any], owner: dict[str, Any]) -> None:
    """Run one of PostgreSQL's programs; what it printed becomes the error when it fails."""
    # The server outlives pg_ctl and would keep a pipe open for ever, so the output goes to a file.
    with tempfile.TemporaryFile() as output:
        words = [str(word) for word in command]
        code = subprocess.call(
            words, stdout=output, stderr=output, stdin=subprocess.DEVNULL, cwd="/", **owner
        )
        output.seek(0)
        if code:
            raise RuntimeError(f"{words[0]} failed: {output.read().decode(errors='replace').strip()}")


def free_port() -> int:
    """A port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def create_database(url: str, name: str) -> str:
    """Make an empty database beside the one that `url` names, throwing away an older one. Returns its URL."""
    drop_database(url, name)
    execute(url, f'CREATE DATABASE "{name}"')
    return sa.make_url(url).set(database=name).render_as_string(hide_password=False)


def drop_database(url: str, name: str) -> None:
    """Drop it, together with whoever is still connected to it."""
    try:
        execute(url, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    except sa.exc.ProgrammingError:
        # PostgreSQL tidies up there, which only it may end; for a plain DROP it does.
        execute(url, f'DROP DATABASE IF EXISTS "{name}"')


def execute(url: str, statement: str, *, on: str | None = None) -> None:
    """Outside a transaction, as making a database asks for; `on` another database of that server."""
    where = sa.make_url(url).set(database=on) if on else url
    engine = sa.create_engine(where, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()


@contextlib.contextmanager
def stopping_cleanly() -> Iterator[None]:
    """Let SIGTERM unwind like Ctrl-C does, so that no server is left behind."""

    def stop(number: int, _frame: Any) -> None:
        raise SystemExit(128 + number)

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
