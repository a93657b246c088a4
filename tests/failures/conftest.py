"""A site of real processes, with Ana at her browser and a session to take a seat on."""

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from flask import Flask

from catalog.accounts import services as accounts
from catalog.extensions import db, writing
from tests import engines
from tests import factories as make
from tests.servers import Answer, Browser
from tests.torture.site import Site, standing

POSTGRES = bool(os.environ.get("TEST_DATABASE_URL"))
ENGINE = "postgresql" if POSTGRES else "sqlite"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Linux tells what processes do; and this PostgreSQL is started and stopped, so it has to be installed here."""
    linux = pytest.mark.skipif(sys.platform != "linux", reason="processes are found as Linux tells them")
    programs = pytest.mark.skipif(
        POSTGRES and engines.find_postgres_bin() is None, reason=engines.NO_POSTGRES
    )
    for item in items:
        if "/failures/" in str(item.path):
            item.add_marker(linux)
            item.add_marker(programs)


@dataclass
class Place:
    """The site, and what a test does there. Each `session` is another one with a free seat."""

    app: Flask
    site: Site
    sessions: list[int]
    ana: Browser = field(init=False)

    def joins(self, browser: Browser | None = None) -> Answer:
        """Ana takes a seat on a session that she is not on yet."""
        return (browser or self.ana).post(f"/offerings/{self.sessions[-1]}/enrollments")

    def joined(self) -> None:
        """She was told so; the next time it is another session."""
        self.sessions.pop()

    def log(self, of: str = "server") -> str:
        return (self.site.folder / f"{of}.log").read_text()


def set_up(app: Flask, site: Site, sessions: int = 8) -> Place:
    with app.app_context():
        writing.set(True)
        place = Place(app, site, [make.offering(seats=3).id for _ in range(sessions)])
        token = accounts.begin_sign_in(make.person("Ana Sample"))
        db.session.commit()
        db.session.remove()
    place.ana = Browser(site.port, {"sign_in": token})
    return place


@pytest.fixture(scope="module")
def place() -> Iterator[Place]:
    with standing(ENGINE) as (app, site):
        place = set_up(app, site)
        site.start()
        assert place.ana.get("/account").status == 200
        yield place


def is_readable(answer: Answer) -> bool:
    """A page that says in words what to do, and to programs when."""
    said = answer.body
    return (
        answer.status == 503
        and answer.headers.get("Retry-After") == "30"
        and "<h1>One moment, please</h1>" in said
        and "nothing you sent was saved" in said
        and "Traceback" not in said
    )
