"""What is tried against two nodes through nginx: the race for seats, killed nodes, limits that both share."""

import contextlib
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import sqlalchemy as sa
from flask import Flask

from catalog import create_app
from catalog.accounts import services as accounts
from catalog.config import read
from catalog.enrollment.models import Enrollment
from catalog.extensions import db, writing
from catalog.reports.checking import invariants
from tests import factories as make
from tests.deploy import slow
from tests.nodes import Site, wait_until
from tests.servers import Answer, Browser, at_once

NOT_ANSWERED = (502, 503, 504, 0)
"""What a person sees when the node they spoke to is gone: nginx's own page, or no answer."""


@contextmanager
def inside(site: Site) -> Iterator[Flask]:
    """The catalog's own code on the primary, to lay things out and to look afterwards."""
    app = create_app(read(site.environ, Path(site.environ["INSTANCE"])), TESTING=True)
    with app.app_context():
        writing.set(True)
        yield app
        db.session.remove()
        db.engine.dispose()


def people(site: Site, count: int, seats: int) -> tuple[int, list[Browser]]:
    """A session with so many seats, and signed-in browsers that come through nginx."""
    with inside(site):
        offering = make.offering(seats=seats).id
        browsers = []
        for _ in range(count):
            person = make.person("Sample Person")
            browsers.append(Browser(site.plain, {"sign_in": accounts.begin_sign_in(person)}))
        db.session.commit()
    for browser in browsers:
        assert browser.get("/account").status == 200
    return offering, browsers


def states(site: Site, offering: int) -> Counter[str]:
    with inside(site):
        rows = db.session.scalars(sa.select(Enrollment.state).where(Enrollment.offering_id == offering))
        return Counter(str(state) for state in rows)


def broken(site: Site) -> list[str]:
    with inside(site):
        return [name for name, _, select in invariants.ALL if db.session.execute(select).first()]


def race(site: Site, count: int = 60, seats: int = 5) -> str:
    """Everybody at once, three taps each, through nginx: never more than the seats, each once."""
    offering, browsers = people(site, count, seats)
    taps = [partial(one.post, f"/offerings/{offering}/enrollments") for one in browsers for _ in range(3)]
    answers = at_once(taps)
    seen = {one.status if isinstance(one, Answer) else repr(one) for one in answers}
    assert seen == {303}, seen
    assert states(site, offering) == Counter(seated=seats, waiting=count - seats)
    assert broken(site) == []
    return f"{len(taps)} taps of {count} people on {seats} seats: {seats} seated, {count - seats} waiting, each once"


@dataclass
class Seen:
    """What all clients saw together."""

    pages: Counter[int] = field(default_factory=Counter)
    posts: Counter[int] = field(default_factory=Counter)
    unreadable: list[str] = field(default_factory=list)
    slowest_page: float = 0.0
    tries_again: int = 0


def tried(act: Callable[[], Answer], seen: Seen | None = None) -> int:
    """The status of the answer, 0 for none. What is wrong with a page of 5xx is kept."""
    try:
        answer = act()
    except OSError:
        return 0
    except Exception as error:
        if type(error).__module__ != "http.client":
            raise
        return 0
    if seen and answer.status >= 500 and not is_readable(answer):
        seen.unreadable.append(f"{answer.status} {answer.headers} {answer.body[:300]}")
    return answer.status


def is_readable(answer: Answer) -> bool:
    """It says in words what to do, and to programs when."""
    return "<h1>One moment, please</h1>" in answer.body and answer.headers.get("Retry-After", "").isdigit()


@dataclass
class Visitor:
    """Takes a seat and gives it back, again and again, with a look at a page in between, and sends again what was
    not answered. How often each was acknowledged is what the database must say afterwards."""

    site: Site
    offering: int
    browser: Browser
    joined: int = 0
    left: int = 0

    def come_and_go(self, seen: Seen, enough: threading.Event) -> None:
        while not enough.is_set():
            began = time.monotonic()
            seen.pages[tried(partial(self.browser.get, f"/offerings/{self.offering}"), seen)] += 1
            seen.slowest_page = max(seen.slowest_page, time.monotonic() - began)
            if self.joined == self.left:
                self.until_told(f"/offerings/{self.offering}/enrollments", seen)
                self.joined += 1
            else:
                self.until_told(f"/enrollments/{self.number()}/withdraw", seen)
                self.left += 1

    def until_told(self, path: str, seen: Seen) -> None:
        while True:
            answer = tried(partial(self.browser.post, path), seen)
            seen.posts[answer] += 1
            if answer not in NOT_ANSWERED:
                break
            seen.tries_again += 1
            time.sleep(0.2)
        assert answer == 303, (path, answer)

    def number(self) -> int:
        """The number of the enrollment that is this browser's, read beside the site; it may be away meanwhile."""
        while True:
            with contextlib.suppress(sa.exc.OperationalError), beside(self.site) as connection:
                return int(connection.scalar(MINE, self._me()) or 0)
            time.sleep(0.2)

    def wrong(self) -> list[str]:
        """What the database, or its trail, says otherwise."""
        with beside(self.site) as connection:
            rows = Counter(connection.scalars(STATES, self._me()))
            trail = Counter(connection.scalars(TRAIL, self._me()))
        told = {"joined": self.joined, "left": self.left}
        found = {"joined": rows.total(), "left": rows["withdrawn"]}
        noted = {
            "joined": trail["enrollment.seated"] + trail["enrollment.waiting"],
            "left": trail["enrollment.withdrawn"],
        }
        return [f"told {told}, rows {found}, trail {noted}"] if told != found or told != noted else []

    def _me(self) -> dict[str, object]:
        return {"token": self.browser.cookies["sign_in"].encode(), "offering": self.offering}


ME = "(SELECT person_id FROM sign_in WHERE token_hash = encode(sha256(:token), 'hex'))"
MINE = sa.text(f"SELECT max(id) FROM enrollment WHERE person_id = {ME} AND offering_id = :offering")
STATES = sa.text(f"SELECT state FROM enrollment WHERE person_id = {ME} AND offering_id = :offering")
TRAIL = sa.text(
    f"SELECT action FROM audit_entry WHERE person_id = {ME} AND about = 'offering' AND about_id = :offering"
)


@contextmanager
def beside(site: Site) -> Iterator[sa.Connection]:
    """The primary, not through the site."""
    engine = sa.create_engine(site.primary, poolclass=sa.NullPool)
    with engine.connect() as connection:
        yield connection


def kills(site: Site, rounds: int = 6, count: int = 20, seed: int = 1) -> str:
    """Nodes, and the worker, are killed in turn while everybody comes and goes: no page is an error, and no act is
    lost or done twice."""
    chance = random.Random(seed)
    seen, visitors = under_load(site, count, lambda: _kill_in_turn(site, rounds, chance))
    assert set(seen.pages) == {200}, seen.pages
    assert set(seen.posts) <= {303, *NOT_ANSWERED}, seen.posts
    judge(site, seen, visitors)
    return (
        f"{rounds} kills of a node and of the worker under {count} people: "
        f"{seen.pages[200]:,} pages and none an error "
        f"(slowest {seen.slowest_page:.1f} s), {seen.posts[303]:,} acts acknowledged and each there once, "
        f"{seen.tries_again} sent again by the person"
    )


def under_load(site: Site, count: int, what: Callable[[], None]) -> tuple[Seen, list[Visitor]]:
    """So many people come and go until `what` is over."""
    offering, browsers = people(site, count, 8)
    visitors = [Visitor(site, offering, one) for one in browsers]
    seen, enough = Seen(), threading.Event()

    def then_stop() -> None:
        try:
            what()
        finally:
            enough.set()

    ends = at_once([then_stop, *(partial(one.come_and_go, seen, enough) for one in visitors)])
    failed = [end for end in ends if isinstance(end, BaseException)]
    assert not failed, failed
    return seen, visitors


def judge(site: Site, seen: Seen, visitors: list[Visitor]) -> None:
    """What was acknowledged is there once, and every page of an error said what to do."""
    assert seen.unreadable == []
    assert [wrong for one in visitors for wrong in one.wrong()] == []
    assert broken(site) == []


def _kill_in_turn(site: Site, rounds: int, chance: random.Random) -> None:
    for turn in range(rounds):
        time.sleep(chance.uniform(0.5, 2.5))
        site.kill_node(turn % 2)
        site.kill_other("worker")
        time.sleep(chance.uniform(0.2, 1.5))
        site.start_node(turn % 2)
        site.start_other("worker")
        wait_until(lambda port=site.node_ports[turn % 2]: _is_up(port))
        # nginx looks at a node again after ten seconds.
        time.sleep(11 if turn < rounds - 1 else 1)


def _is_up(port: int) -> bool:
    return tried(partial(Browser(port).get, "/readyz")) == 200


def limits(site: Site, most: int, path: str = "/certificates?number={}") -> str:
    """Guesses through nginx, at whichever node: refused after so many, with Redis and, when it is killed, without."""
    first = guesses(site, most, path)
    assert first == [404] * most + [429] * 5, first
    site.kill_other("redis")
    second = guesses(site, most, path)
    assert second == [404] * most + [429] * 5, second
    site.start_other("redis")
    return f"{most} guesses and no more at both nodes together, with Redis and after it was killed"


def guesses(site: Site, most: int, path: str) -> list[int]:
    browser = Browser(site.plain)
    return [tried(partial(browser.get, path.format(f"GUESS{number:04}"))) for number in range(most + 5)]


def strangers(site: Site) -> str:
    """Two hundred connections that trickle their heads, or bodies, to nginx."""
    waited = []
    for begins in (slow.HEAD, slow.BODY):
        with slow.crowd(site.plain, begins):
            waited.append(slow.slowest(site.plain))
    assert max(waited) < 2, waited
    return f"200 connections that trickle: the slowest page took {max(waited):.2f} s"


def from_replica(site: Site) -> str:
    """What strangers look at comes from the replica."""
    browser = Browser(site.plain)
    wait_until(lambda: reads_replica(site) >= 30, 30)
    assert browser.get("/").status == 200
    return f"anonymous pages are read from the replica ({reads_replica(site)} transactions there)"


def reads_replica(site: Site) -> int:
    """How many transactions the replica has seen from the catalog while strangers look."""
    engine = sa.create_engine(site.replica, poolclass=sa.NullPool)
    count = sa.text(
        "SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = current_database()"
    )
    with engine.connect() as connection:
        before = connection.scalar(count)
    for _ in range(30):
        Browser(site.plain).get("/offerings/1")
    time.sleep(1.2)
    with engine.connect() as connection:
        after = connection.scalar(count)
    return int(after - before - 2)
