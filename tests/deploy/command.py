"""`python -m tests.nodes`, which is `make nodes`: everything that is tried against two nodes, one after the other."""

import argparse
import os
from collections.abc import Callable
from functools import partial

from catalog.certificates.views.public import MOST_MISSES
from tests.deploy import crashing, leaned_on, through_nginx
from tests.nodes import Site, two_nodes


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.nodes")
    parser.add_argument("--kills", type=int, default=10, help="how often a node is killed")
    parser.add_argument(
        "--primary",
        type=int,
        nargs="?",
        const=3,
        default=0,
        metavar="ROUNDS",
        help="kill the primary, the replica, Redis and the worker as well, each so often",
    )
    parser.add_argument(
        "--crashes", type=int, default=6, help="how often anything is killed under all kinds of work"
    )
    parser.add_argument("--people", type=int, default=20)
    parser.add_argument("--seed", type=int, default=int.from_bytes(os.urandom(2)))
    parser.add_argument("--only", help="one of: race, replica, slow, limits, kills, primary, crashes")
    asked = parser.parse_args(words)
    print(f"seed {asked.seed}", flush=True)
    tries: list[tuple[str, Callable[[Site], str]]] = [
        ("race", through_nginx.race),
        ("replica", through_nginx.from_replica),
        ("slow", through_nginx.strangers),
        ("limits", partial(through_nginx.limits, most=MOST_MISSES)),
        ("kills", partial(through_nginx.kills, rounds=asked.kills, count=asked.people, seed=asked.seed)),
        ("primary", partial(leaned_on.kills, rounds=asked.primary, count=asked.people, seed=asked.seed)),
        ("crashes", partial(crashing.crashes, rounds=asked.crashes, seed=asked.seed)),
        ("race", through_nginx.race),
    ]
    with two_nodes() as site:
        for name, what in tries:
            if asked.only in (None, name) and (name != "primary" or asked.primary):
                print(what(site), flush=True)
    return 0
