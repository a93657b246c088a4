"""Two programs that live and die together: the server, and the worker that is started again when it ends."""

import ctypes
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from types import FrameType

import click

# How long requests that are under way may take to finish; the server itself is told to hurry a little more.
PATIENCE_SECONDS = 25

_FIRST_PAUSE_SECONDS = 1.0
_LONGEST_PAUSE_SECONDS = 30.0


def run_together(
    server: list[str],
    worker: list[str],
    folder: str,
    *,
    is_ready: Callable[[], bool],
    when_ready: Callable[[], None],
) -> int:
    """Run both in `folder` until the server ends or a signal asks to stop, and leave neither behind.

    `when_ready` is called once, as soon as `is_ready` says so. Returns 0 when a signal asked, otherwise the
    server's own exit status.
    """
    asked = threading.Event()
    _listen(asked)
    running: list[Kept] = []
    try:
        running.append(Kept(server, folder))
        running.append(Kept(worker, folder))
        announced = False
        while not asked.wait(0.1):
            status = running[0].status()
            if status is not None:
                return status
            running[1].restart_if_ended()
            if not announced and is_ready():
                when_ready()
                announced = True
        return 0
    finally:
        for program in running:
            program.ask_to_stop()
        for program in running:
            program.see_it_stopped()


class Kept:
    """One program that is started, watched and, if wanted, started again."""

    def __init__(self, command: list[str], folder: str) -> None:
        self.command = command
        self.folder = folder
        self.pause = _FIRST_PAUSE_SECONDS
        self.start()

    def start(self) -> None:
        self.since = time.monotonic()
        # A session of its own: Ctrl-C reaches only the parent, which then lets both finish their work.
        self.process = subprocess.Popen(
            self.command,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_end_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509 - no threads yet
        )

    def status(self) -> int | None:
        """How it ended, the way a shell says it; None while it runs."""
        code = self.process.poll()
        return 128 - code if code is not None and code < 0 else code

    def restart_if_ended(self) -> None:
        """Start it again, after a pause that doubles while it keeps ending soon after it began."""
        status = self.status()
        if status is None:
            return
        age = time.monotonic() - self.since
        if age > 2 * _LONGEST_PAUSE_SECONDS:
            self.pause = _FIRST_PAUSE_SECONDS
        if age >= self.pause:
            self.pause = min(2 * self.pause, _LONGEST_PAUSE_SECONDS)
            click.echo(
                f"“{' '.join(self.command[1:])}” ended with status {status} and is started again.", err=True
            )
            self.start()

    def ask_to_stop(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()

    def see_it_stopped(self) -> None:
        try:
            self.process.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def _listen(asked: threading.Event) -> None:
    def stop(_number: int, _frame: FrameType | None) -> None:
        asked.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)


def _end_with_parent() -> None:
    """Ask Linux for a SIGTERM when the parent is gone, even if it was killed and could not say so itself."""
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)
