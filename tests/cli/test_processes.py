"""The server and the worker live and die together. The programs here are real ones, only small."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

WAITS = "import time; open('{name}', 'a').write(str(__import__('os').getpid()) + '\\n'); time.sleep(60)"
TIDIES = """
import signal, sys, time
def tidy(*_):
    time.sleep(0.5)
    open('{name}-tidied', 'w').close()
    sys.exit()
signal.signal(signal.SIGTERM, tidy)
open('{name}', 'w').close()
time.sleep(60)
"""
FALLS = "open('{name}', 'a').write('here\\n'); raise SystemExit({status})"

PARENT = """
import sys
from pathlib import Path
from catalog.cli.processes import run_together
server, worker, folder = sys.argv[1:]
sys.exit(run_together(
    [sys.executable, "-c", server], [sys.executable, "-c", worker], folder,
    is_ready=lambda: Path(folder, "server").exists() and Path(folder, "worker").exists(),
    when_ready=lambda: print("ready", flush=True),
))
"""

Start = Callable[[str, str], "subprocess.Popen[str]"]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """`start(server, worker)` runs the two programs, given as Python, under one parent."""
    parents = []

    def start(server: str, worker: str) -> "subprocess.Popen[str]":
        words = [server.replace("{name}", "server"), worker.replace("{name}", "worker"), str(tmp_path)]
        parents.append(
            subprocess.Popen([sys.executable, "-c", PARENT, *words], stdout=subprocess.PIPE, text=True)
        )
        return parents[-1]

    yield start
    for parent in parents:
        parent.kill()
        parent.communicate()


def wait_for(fact: Callable[[], bool]) -> bool:
    limit = time.monotonic() + 20
    while not fact() and time.monotonic() < limit:
        time.sleep(0.02)
    return fact()


def read_line(parent: "subprocess.Popen[str]") -> str:
    assert parent.stdout is not None
    return parent.stdout.readline()


def is_running(name: str, folder: Path) -> bool:
    pid = int((folder / name).read_text().split()[-1])
    status = Path(f"/proc/{pid}/stat")
    if status.exists():  # one that ended, but that nobody has waited for yet, is not running
        return status.read_text().rsplit(") ", 1)[1][0] != "Z"
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_both_and_counts_as_success(
    start: Start, tmp_path: Path, number: signal.Signals
) -> None:
    parent = start(WAITS, WAITS)
    assert read_line(parent) == "ready\n"
    parent.send_signal(number)
    assert parent.wait(20) == 0
    assert not is_running("server", tmp_path)
    assert not is_running("worker", tmp_path)


def test_both_may_finish_their_work_before_the_parent_ends(start: Start, tmp_path: Path) -> None:
    parent = start(TIDIES, TIDIES)
    assert read_line(parent) == "ready\n"
    parent.terminate()
    parent.wait(20)
    assert (tmp_path / "server-tidied").exists()
    assert (tmp_path / "worker-tidied").exists()


def test_a_server_that_ends_takes_the_worker_with_it_and_its_status_is_handed_on(
    start: Start, tmp_path: Path
) -> None:
    slow = FALLS.replace("raise", "import time; time.sleep(1); raise").replace("{status}", "3")
    parent = start(slow, WAITS)
    assert parent.wait(20) == 3
    assert not is_running("worker", tmp_path)


def test_a_server_that_is_killed_is_reported_as_a_shell_would(start: Start, tmp_path: Path) -> None:
    parent = start(WAITS, WAITS)
    assert read_line(parent) == "ready\n"
    os.kill(int((tmp_path / "server").read_text()), signal.SIGKILL)
    assert parent.wait(20) == 128 + signal.SIGKILL


def test_a_worker_that_ends_is_started_again(start: Start, tmp_path: Path) -> None:
    start(WAITS, FALLS.replace("{status}", "1"))
    assert wait_for(
        lambda: (tmp_path / "worker").exists() and (tmp_path / "worker").read_text() == "here\nhere\n"
    )


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a program that its parent was killed")
def test_a_killed_parent_leaves_nothing_behind(start: Start, tmp_path: Path) -> None:
    parent = start(WAITS, WAITS)
    assert read_line(parent) == "ready\n"
    parent.kill()
    assert wait_for(lambda: not is_running("server", tmp_path) and not is_running("worker", tmp_path))
