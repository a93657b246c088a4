"""The demo in a database of its own, served for the whole run: what a full catalog looks like."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa

from catalog.demo import PASSWORD
from tests import engines
from tests.servers import ROOT, Browser, running


@dataclass
class Site:
    """A catalog that answers, and the database behind it."""

    port: int
    database_url: str
    tokens: dict[str, str] = field(default_factory=dict)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def token_of(self, name: str) -> str | None:
        """What keeps this person signed in; they sign in with their password, once."""
        if name == "stranger":
            return None
        if name not in self.tokens:
            browser = Browser(self.port)
            browser.get("/sign-in")
            answer = browser.post("/sign-in", email=f"{name}@example.org", password=PASSWORD)
            assert answer.status == 303, answer.body
            self.tokens[name] = browser.cookies["sign_in"]
        return self.tokens[name]

    def ids(self, statement: str) -> list[int]:
        """The numbers that a query finds, as an administrator would look them up."""
        engine = sa.create_engine(self.database_url, poolclass=sa.NullPool)
        with engine.connect() as connection:
            return list(connection.scalars(sa.text(statement)))


@contextmanager
def demo_site(folder: Path) -> Iterator[Site]:
    """Migrated and loaded by the two commands that an installation would use."""
    with _database(folder) as url:
        environ = os.environ | {"DEMO": "1", "DATABASE_URL": url}
        for words in (["db", "upgrade"], ["catalog", "load-demo"]):
            command = [sys.executable, "-m", "flask", "--app", "wsgi", *words]
            subprocess.run(command, cwd=ROOT, env=environ, check=True, capture_output=True, timeout=180)
        with running(url, count=1) as ports:
            yield Site(ports[0], url)


@contextmanager
def _database(folder: Path) -> Iterator[str]:
    server = os.environ.get("TEST_DATABASE_URL")
    if not server:
        yield f"sqlite:///{folder}/demo.db"
        return
    name = f"catalog_demo_browser_{os.getpid()}"
    yield engines.create_database(server, name)
    engines.drop_database(server, name)
