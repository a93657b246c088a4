"""Starts servers and workers in a blink: it has read the program once and forks it, as whatever restarts them would.

`python -m tests.torture.keeper PORT` reads words from its input, "server" or "worker", and answers each with the
number of the process that it started: the leader of a group of its own, which can be killed as one."""

import ctypes
import os
import signal
import sys

from gunicorn.app.wsgiapp import WSGIApplication

from catalog.cli.work import work
from wsgi import app


def server(port: str) -> None:
    """What `flask catalog serve` starts: a master, and two processes that answer."""
    sys.argv = [
        "gunicorn",
        "--bind",
        f"127.0.0.1:{port}",
        "--worker-class",
        "gathering.GatheringWorker",
        "--workers",
        "2",
    ]
    sys.argv += ["--threads", "8", "--log-level", "warning", "--no-control-socket", "wsgi:app"]
    WSGIApplication("%(prog)s [OPTIONS] [APP_MODULE]", prog="gunicorn").run()


def worker() -> None:
    with app.app_context():
        work.main([], standalone_mode=False)


def fork(word: str, port: str) -> int:
    pid = os.fork()
    if pid:
        return pid
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    # Whatever ends the keeper leaves nothing behind.
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)
    os.setsid()
    log = os.open(f"{word}.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for file in (1, 2):
        os.dup2(log, file)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    try:
        server(port) if word == "server" else worker()
    finally:
        os._exit(1)


def main() -> None:
    # Nobody waits for those that were killed.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        print(fork(line.strip(), sys.argv[1]), flush=True)


if __name__ == "__main__":
    main()
