"""A real Chromium against a real server. The CDN's address is answered with the same bytes, so its hash holds."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Route,
    ViewportSize,
    expect,
    sync_playwright,
)

from catalog.accounts import services as accounts
from catalog.accounts.models import Person
from catalog.extensions import db, writing
from catalog.web import HTMX_URL
from tests import engines
from tests.browser.demo import Site, demo_site
from tests.htmx_file import htmx_bytes
from tests.servers import running

PHONE = ViewportSize(width=360, height=780)
DESK = ViewportSize(width=1280, height=900)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 30_000
"""Milliseconds; two cores may be busy with other tests."""
expect.set_options(timeout=PATIENCE)

Open = Callable[..., Page]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=engines.find_chromium(), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def server(app: Flask, database_url: str) -> Iterator[str]:
    """One server process on the tests' database; the address it answers at."""
    with running(database_url, count=1) as ports:
        yield f"http://127.0.0.1:{ports[0]}"


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with demo_site(tmp_path_factory.mktemp("demo")) as site:
        yield site


class Windows:
    """Browser windows that notice what their pages complain of, and what they ask of other hosts."""

    def __init__(self, chromium: Browser) -> None:
        self.chromium = chromium
        self.contexts: list[BrowserContext] = []
        self.complaints: list[str] = []

    def open(
        self,
        address: str,
        token: str | None,
        path: str = "/",
        *,
        scripts: bool = True,
        size: ViewportSize = PHONE,
        dark: bool = False,
        cdn: bool = True,
    ) -> Page:
        context = self.chromium.new_context(
            base_url=address,
            java_script_enabled=scripts,
            viewport=size,
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
        )
        self.contexts.append(context)
        context.set_default_timeout(PATIENCE)
        context.route(lambda url: not url.startswith(address), lambda route: self._outside(route, cdn))
        if token:
            context.add_cookies([{"name": "sign_in", "value": token, "url": address}])
        page = context.new_page()
        page.on("console", lambda said: self._hear(said) if cdn else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.goto(path)
        return page

    def close(self) -> None:
        for context in self.contexts:
            context.close()
        assert self.complaints == []

    def _hear(self, said: ConsoleMessage) -> None:
        # Chromium also logs that a form came back with 422, which is how a form is meant to come back. htmx logs
        # what was asked in vain because the page was left or asked again; what fails has a name besides these two.
        expected = "status of 422" in said.text or said.text.startswith(
            ("htmx:sendAbort", "htmx:afterRequest")
        )
        if said.type == "error" and not expected:
            self.complaints.append(said.text)

    def _outside(self, route: Route, cdn: bool) -> None:
        if route.request.url != HTMX_URL:
            self.complaints.append(f"asked for {route.request.url}")
            route.abort()
        elif cdn:
            route.fulfill(
                body=htmx_bytes(),
                content_type="application/javascript",
                headers={"Access-Control-Allow-Origin": "*"},
            )
        else:
            route.abort()


@pytest.fixture
def windows(chromium: Browser) -> Iterator[Windows]:
    """Whatever a page complains of in its console, and whatever it asks of another host, fails the test."""
    windows = Windows(chromium)
    yield windows
    windows.close()


@pytest.fixture
def open_as(app: Flask, _rows: None, windows: Windows, server: str) -> Open:
    """`open_as(person, "/learning", scripts=False)` gives a page, signed in; `None` is nobody."""

    def open_as(person: Person | None, path: str = "/", **more: Any) -> Page:
        return windows.open(server, _token(app, person) if person else None, path, **more)

    return open_as


@pytest.fixture
def open_demo(demo: Site, windows: Windows) -> Open:
    """`open_demo("mira", "/review")` gives a page of the demo, signed in; "stranger" is nobody."""

    def open_demo(name: str, path: str = "/", **more: Any) -> Page:
        return windows.open(demo.address, demo.token_of(name), path, **more)

    return open_demo


def _token(app: Flask, person: Person) -> str:
    with app.app_context():
        writing.set(True)
        token = accounts.begin_sign_in(person)
        db.session.commit()
        return token


@pytest.fixture(scope="session")
def complaints_of() -> Callable[..., list[str]]:
    """What axe finds wrong with a page, one line a finding; `rules` are those asked for, else all."""
    source = Axe().axe_script

    def complaints_of(page: Page, *rules: str) -> list[str]:
        # What is read is there before its style sheet is, and looks different until then.
        page.wait_for_load_state()
        if not page.evaluate("'axe' in window"):
            page.evaluate(source)
        options = {"resultTypes": ["violations"], **({"runOnly": rules} if rules else {})}
        found = page.evaluate("options => axe.run(options)", options)["violations"]
        return [f"{v['id']}: {v['help']} at {v['nodes'][0]['target']}" for v in found]

    return complaints_of
