"""What two nodes lean on is killed under load and comes back: the primary, its replica, Redis, the worker."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import sqlalchemy as sa

from catalog.replica import EVERY_SECONDS
from tests.deploy.through_nginx import Seen, beside, judge, people, tried, under_load
from tests.nodes import Site, wait_until
from tests.servers import Browser

WAITING = sa.text(
    "SELECT id, state, attempts, run_at, leased_until FROM job WHERE kind = 'mail' AND state <> 'done'"
)
LEASES = (
    sa.text("UPDATE job SET leased_until = NULL WHERE state = 'ready'"),
    sa.text("UPDATE job SET run_at = LEAST(run_at, now()) WHERE state = 'ready' AND kind = 'mail'"),
)


@dataclass
class Victim:
    """Something that is killed with SIGKILL, how it comes back, and what shows that it has."""

    kill: Callable[[], None]
    start: Callable[[], None]
    is_back: Callable[[], bool]
    says: str = ""
    """What a node writes into its log while it is away."""


@dataclass
class Watcher:
    """Strangers: one looks at pages that are read from the replica, one guesses at numbers, which are counted."""

    site: Site
    offering: int
    seen: Seen = field(default_factory=Seen)
    guesses: Counter[int] = field(default_factory=Counter)
    enough: threading.Event = field(default_factory=threading.Event)

    def look(self) -> None:
        while not self.enough.wait(0.05):
            for path in ("/", f"/offerings/{self.offering}"):
                self.seen.pages[tried(partial(Browser(self.site.plain).get, path), self.seen)] += 1

    def guess(self) -> None:
        while not self.enough.wait(0.1):
            act = partial(Browser(self.site.plain).get, "/certificates?number=GUESS")
            self.guesses[tried(act, self.seen)] += 1


def victims(site: Site) -> dict[str, Victim]:
    def other(name: str, is_back: Callable[[], bool], says: str = "") -> Victim:
        return Victim(partial(site.kill_other, name), partial(site.start_other, name), is_back, says)

    return {
        "primary": Victim(
            site.database.kill,
            site.database.start,
            partial(_says, site, "ready"),
            "the data cannot be reached",
        ),
        "replica": Victim(
            site.follower.kill,
            site.follower.start,
            partial(_says, site, "ready"),
            "the replica is left alone",
        ),
        "redis": other("redis", partial(_says, site, "ready"), "limits are counted in the database"),
        "worker": other("worker", lambda: site.others["worker"].poll() is None),
    }


def kills(site: Site, rounds: int = 1, count: int = 12, seed: int = 1) -> str:
    """Each is killed once a round, in any order. Nobody sees anything but a page or a page that says when to come
    again; strangers, for whom either database will do, and whom no Redis need count, see none of it."""
    chance, slowest = random.Random(seed), dict[str, float]()
    watcher = Watcher(site, people(site, 0, 8)[0])
    strangers = [threading.Thread(target=one) for one in (watcher.look, watcher.guess)]
    for stranger in strangers:
        stranger.start()
    try:
        seen, visitors = under_load(site, count, lambda: _kill_each(site, rounds, chance, slowest))
    finally:
        watcher.enough.set()
        for stranger in strangers:
            stranger.join()
    assert set(seen.pages) <= {200, 503}, seen.pages
    assert set(seen.posts) <= {303, 503}, seen.posts
    assert set(watcher.seen.pages) == {200}, watcher.seen.pages
    assert set(watcher.guesses) <= {404, 429, 503}, watcher.guesses
    assert watcher.seen.unreadable == []
    judge(site, seen, visitors)
    checked = settle(site)
    back = ", ".join(f"{name} {seconds} s" for name, seconds in slowest.items())
    return (
        f"{rounds} kills each of primary, replica, Redis and worker under {count} people: "
        f"{seen.posts[303]:,} acts acknowledged and each there once, {seen.pages[503] + seen.posts[503]:,} pages of "
        f"503 to people who were signed in, none of {watcher.seen.pages[200]:,} to strangers, no other error; "
        f"answered again after at most {back}; check: {checked}"
    )


def _kill_each(site: Site, rounds: int, chance: random.Random, slowest: dict[str, float]) -> None:
    each = victims(site)
    for name in (name for _ in range(rounds) for name in chance.sample(list(each), len(each))):
        victim = each[name]
        time.sleep(chance.uniform(0.5, 2.0))
        before = _logs(site).count(victim.says)
        victim.kill()
        # Longer than it takes to notice.
        time.sleep(chance.uniform(1.0, 2.0) + EVERY_SECONDS)
        began = time.monotonic()
        victim.start()
        wait_until(victim.is_back, 60)
        slowest[name] = max(slowest.get(name, 0), round(time.monotonic() - began, 1))
        assert not victim.says or _logs(site).count(victim.says) > before, f"no node said of the {name}"
        if name in ("primary", "replica"):
            # Until both nodes read the replica again, at which each looks every two seconds.
            time.sleep(3 * EVERY_SECONDS)


def _says(site: Site, word: str) -> bool:
    """Whether both nodes say so of themselves."""
    answers = [Browser(port).get("/readyz") for port in site.node_ports]
    return all((one.status, one.body.strip()) == (200, word) for one in answers)


def _logs(site: Site) -> str:
    return "".join((site.folder / f"node{number}.log").read_text() for number in range(2))


def settle(site: Site) -> str:
    """Every letter goes out, the lease of a worker that was killed is not waited for; then `check` must be clean.
    Returns what it says."""
    with beside(site) as connection:
        for statement in LEASES:
            connection.execute(statement)
        connection.commit()
    came, since = len(site.sink.arrived), time.monotonic()
    while left := _waiting(site):
        if len(site.sink.arrived) > came:
            came, since = len(site.sink.arrived), time.monotonic()
        assert time.monotonic() < since + 60, f"no letter came for a minute, and {len(left)} wait: {left[:5]}"
        time.sleep(0.2)
    checked = site.flask("check")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    return checked.stdout.strip().splitlines()[-1]


def _waiting(site: Site) -> list[Any]:
    with beside(site) as connection:
        return list(connection.execute(WAITING))
