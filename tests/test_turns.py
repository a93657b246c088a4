"""Writers of one SQLite file: first come first served, also over processes, and nobody is held for ever."""

import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from catalog.turns import Turns

HOLD = """
import sys, time
from catalog.turns import Turns
turns = Turns(sys.argv[1])
turns.take(15)
print("taken", flush=True)
time.sleep(60)
"""


@pytest.fixture
def path(tmp_path: Path) -> str:
    return str(tmp_path / "catalog.db")


def test_first_come_first_served(path: str) -> None:
    turns, served = Turns(path), []

    def write(number: int) -> None:
        turns.take(15)
        served.append(number)
        turns.give()

    turns.take(15)
    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for waiting, thread in enumerate(threads, 1):
        thread.start()
        while len(turns._waiting) < waiting:
            time.sleep(0.001)
    turns.give()
    for thread in threads:
        thread.join(15)
    assert served == list(range(8))


def test_whoever_is_impatient_leaves_the_queue_in_order(path: str) -> None:
    turns = Turns(path)
    turns.take(15)
    with pytest.raises(sqlite3.OperationalError):
        turns.take(0.05)
    turns.give()
    turns.take(0.05)
    turns.give()


def test_another_process_is_waited_for_and_its_end_is_noticed(path: str) -> None:
    holder = subprocess.Popen([sys.executable, "-c", HOLD, path], stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    with holder, holder.stdout:
        assert holder.stdout.readline() == "taken\n"
        turns = Turns(path)
        try:
            with pytest.raises(sqlite3.OperationalError):
                turns.take(0.1)
        finally:
            holder.kill()
        turns.take(15)
        turns.give()
