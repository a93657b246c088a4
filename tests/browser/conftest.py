"""A real Chromium against a real server. The CDN's address is answered with the same bytes, so its hash holds."""

from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, Route, sync_playwright

from catalog.accounts import services as accounts
from catalog.accounts.models import Person
from catalog.extensions import db, writing
from catalog.web import HTMX_URL
from tests import engines
from tests.htmx_file import htmx_bytes
from tests.servers import running

PHONE, DESK = {"width": 360, "height": 780}, {"width": 1280, "height": 900}
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

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


@pytest.fixture
def open_as(app: Flask, _rows: None, chromium: Browser, server: str) -> Iterator[Open]:
    """`open_as(person, "/learning", scripts=False)` gives a page, signed in; `None` is nobody.

    Whatever a page complains of in its console, and whatever it asks of another host, fails the test."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_as(
        person: Person | None,
        path: str = "/",
        *,
        scripts: bool = True,
        size: dict[str, int] | None = None,
        dark: bool = False,
        cdn: bool = True,
    ) -> Page:
        context = chromium.new_context(
            base_url=server,
            java_script_enabled=scripts,
            viewport=size or PHONE,  # type: ignore[arg-type]
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
        )
        contexts.append(context)
        context.route(lambda url: not url.startswith(server), lambda route: _outside(route, cdn, complaints))
        if person:
            context.add_cookies([{"name": "sign_in", "value": _token(app, person), "url": server}])
        page = context.new_page()
        page.on(
            "console", lambda said: complaints.append(said.text) if said.type == "error" and cdn else None
        )
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(path)
        return page

    yield open_as
    for context in contexts:
        context.close()
    assert complaints == []


def _outside(route: Route, cdn: bool, complaints: list[str]) -> None:
    if route.request.url != HTMX_URL:
        complaints.append(f"asked for {route.request.url}")
        route.abort()
    elif cdn:
        route.fulfill(
            body=htmx_bytes(),
            content_type="application/javascript",
            headers={"Access-Control-Allow-Origin": "*"},
        )
    else:
        route.abort()


def _token(app: Flask, person: Person) -> str:
    with app.app_context():
        writing.set(True)
        token = accounts.begin_sign_in(person)
        db.session.commit()
        return token


@pytest.fixture
def complaints_of() -> Callable[[Page], list[str]]:
    """What axe finds wrong with a page, one line a finding."""

    def complaints_of(page: Page) -> list[str]:
        found = Axe().run(page).response["violations"]
        return [f"{v['id']}: {v['help']} at {v['nodes'][0]['target']}" for v in found]

    return complaints_of
