"""The crash tests against two nodes through nginx: the twenty people of `tests/torture`, and its judge."""

import random
import threading
import time
from collections import Counter
from functools import partial

from tests.deploy.leaned_on import Victim, settle, victims
from tests.deploy.through_nginx import inside
from tests.nodes import Site, status, wait_until
from tests.torture import judging
from tests.torture.clients import Client, clients
from tests.torture.scene import set_up

LONGEST_PAUSE = 3.0


def crashes(site: Site, rounds: int = 6, seed: int = 1) -> str:
    """Whatever is killed, nodes among it: what was told is there once, and every letter came, known by its number."""
    chance, stop = random.Random(seed), threading.Event()
    with inside(site) as app:
        scene = set_up(app)
    everybody = clients(scene, site.plain, seed, stop)
    threads = [threading.Thread(target=one.run, daemon=True) for one in everybody]
    for thread in threads:
        thread.start()
    try:
        killed = _kill(site, everybody, rounds, chance)
    finally:
        stop.set()
        for thread in threads:
            thread.join(timeout=90)
    pages = sum((one.pages for one in everybody), Counter[str]())
    checked = settle(site)
    for one in everybody:
        # nginx says it where a node died under a request that is not repeated by itself.
        del one.pages["502"]
    with inside(site):
        wrong = judging.judge(scene, everybody, site.sink)
    assert wrong == []
    told = sum((one.told for one in everybody), Counter[str]())
    unsure = sum(one.unsure.total() for one in everybody)
    letters = len(site.sink.each_once())
    return (
        f"{rounds} kills ({', '.join(f'{name} {count}' for name, count in killed.items())}) under 20 people who "
        f"enroll, withdraw, mark attendance and import: {told.total():,} acts acknowledged and each there "
        f"once, {unsure} given up, {pages['503']:,} pages of 503 and {pages['502']:,} of 502; {letters:,} letters, "
        f"{len(site.sink.arrived) - letters} of them twice under the same Message-ID; check: {checked}"
    )


def _kill(site: Site, everybody: list[Client], rounds: int, chance: random.Random) -> Counter[str]:
    each, killed = victims(site) | _nodes(site), Counter[str]()
    for name in (name for _ in range(rounds) for name in chance.sample(list(each), len(each))):
        if killed.total() == rounds:
            break
        time.sleep(chance.uniform(0.5, LONGEST_PAUSE))
        victim = each[name]
        victim.kill()
        killed[name] += 1
        time.sleep(chance.uniform(0.2, LONGEST_PAUSE))
        victim.start()
        wait_until(victim.is_back)
        if failed := [one for one in everybody if one.error]:
            raise AssertionError(f"{failed[0].who.email}: {failed[0].error}")
    return killed


def _nodes(site: Site) -> dict[str, Victim]:
    def node(number: int) -> Victim:
        port = site.node_ports[number]
        return Victim(
            partial(site.kill_node, number),
            partial(site.start_node, number),
            lambda: status(port, "/readyz") == 200,
        )

    return {f"node {number + 1}": node(number) for number in range(len(site.node_ports))}
